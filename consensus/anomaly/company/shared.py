"""What a play shares with everybody who plays its chart, and what people are expected to share.

Its residuals, of errors or of holds, are correlated with the mean of other people's, and so are
theirs, each with the mean of the rest, on the very same moments: that says what people have on
this stretch. Fisher's z = artanh r is Student's t for the next person then, with a prior from
recorded people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, exp, lgamma, log, pi, sqrt
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.background import independent
from consensus.anomaly.copies.match import correlations_of, memories_of
from consensus.anomaly.copies.population import PRIOR_PLAYS
from consensus.anomaly.copies.residuals import MISSED, STEPS, Residuals, laid_out_steps
from consensus.anomaly.traces import Flags, Floats

FEWEST_PLAYS: Final = 4
"""Other people who must be known."""
FEWEST_THERE: Final = 3
"""Of them, how many must have hit a moment that counts."""
FEWEST_MOMENTS: Final = 40
"""Moments that must count."""
CLOSEST: Final = 0.999
USUAL_WEIGHT: Final = 1.0
"""The prior mean counts as so many people: charts and passages differ as much as people do."""
VARIANCE_WEIGHT: Final = 8.0
"""The prior variance counts as so many people."""
PERSON_PER_MOMENT: Final = 1.5
"""Variance of z between people that is added in a part, times its moments: 1.4, 1.5 measured."""
SCRIPT_PER_MOMENT: Final = 1.3
"""Variance of z of what is thrown anew, times moments: 1.0 to 1.6 measured."""


class Kind(NamedTuple):
    """What is known beforehand of something that people share."""

    usual_pair: float
    """Correlation of two people."""
    own_variance: float
    """Variance of z between people over a whole chart."""
    kept: float
    """Share of people's z that a model of one person keeps."""
    differing: float
    """Standard deviation of that between models."""


ERRORS: Final = Kind(0.2, 0.004, 0.2, 0.15)
"""Early and late: 0.13 and 0.27 between two people on two charts, variances 0.002 and 0.005."""
HOLDS: Final = Kind(0.34, 0.03, 0.42, 0.2)
"""Held long and short: 0.34 between two people on both charts, variances 0.025 to 0.035."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Correlations with the mean of other people's plays."""

    correlation: float
    """Of the play in question."""
    theirs: Floats
    """[people] z of each of the others, with the rest of them."""
    moments: float
    """Independent moments that these were taken from."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A play's share in what people have in common."""

    correlation: float
    """Of its residuals with the mean of other people's."""
    usual: float
    """What people have on these moments."""
    usual_spread: float
    """Standard deviation between them."""
    moments: float
    """Independent moments that it was taken from."""


class Densities(NamedTuple):
    """How dense z is at the play's, by who may have played it."""

    person: float
    """A person like those who are known."""
    new: float
    """A script that throws anew."""
    modelled: float
    """A script that models one person's answers to the notes."""
    anyhow: float
    """Any correlation as likely as any other."""


def seen_of(query: Residuals | None, others: Sequence[Residuals | None]) -> Seen | None:
    """The correlations of a play and of others on its moments; None where too little is known."""
    beside = [residuals for residuals in others if residuals is not None]
    if query is None or len(beside) < FEWEST_PLAYS:
        return None
    first, count = query.first, len(query.values)
    steps = np.array([laid_out_steps(residuals, first, count) for residuals in (query, *beside)])
    is_hit = steps != MISSED
    is_hit &= is_hit[0] & (is_hit[1:].sum(axis=0) >= FEWEST_THERE)
    common = is_hit.sum(axis=1)
    if common[0] < FEWEST_MOMENTS:
        return None
    values = np.where(is_hit, steps / STEPS, 0.0)
    means = _means_of_others(values, is_hit)
    correlations = np.clip(correlations_of(values, means, common), -CLOSEST, CLOSEST)
    theirs = np.arctanh(correlations[1:][2 * common[1:] >= common[0]])
    if len(theirs) < FEWEST_PLAYS:
        return None
    memories = float(memories_of(values[:1])[0]), float(memories_of(means[:1])[0])
    moments = max(independent(int(common[0]), *memories), 1.0)
    return Seen(float(correlations[0]), theirs, moments)


def densities_of(seen: Seen, kind: Kind) -> Densities:
    """How dense z is there, by who may have played it."""
    mean, spread, freedom = _next_person(seen, kind)
    z = atanh(seen.correlation)
    noise, expected = SCRIPT_PER_MOMENT / seen.moments, max(mean, 0.0)
    return Densities(
        _student((z - mean) / spread, freedom) / spread,
        _normal(z, noise),
        _normal(z - kind.kept * expected, noise + (kind.differing * expected) ** 2),
        (1 - seen.correlation**2) / 2,
    )


def shared_of(seen: Seen, kind: Kind) -> Shared:
    """The play's share beside the usual, as correlations."""
    mean, spread, _ = _next_person(seen, kind)
    usual = float(np.tanh(mean))
    return Shared(seen.correlation, usual, spread * (1 - usual**2), seen.moments)


def _next_person(seen: Seen, kind: Kind) -> tuple[float, float, float]:
    """Mean, scale and freedom of z: the posterior of a normal-inverse-gamma prior."""
    count = len(seen.theirs)
    pair = kind.usual_pair
    expected = atanh(pair / sqrt(pair + (1 - pair) / count))
    variance = kind.own_variance + PERSON_PER_MOMENT / seen.moments
    weight, freedom = USUAL_WEIGHT + count, VARIANCE_WEIGHT + count
    average = float(seen.theirs.mean())
    squares = VARIANCE_WEIGHT * variance + float(((seen.theirs - average) ** 2).sum())
    squares += USUAL_WEIGHT * count / weight * (average - expected) ** 2
    mean = (USUAL_WEIGHT * expected + count * average) / weight
    return mean, sqrt(squares / freedom * (1 + 1 / weight)), freedom


def _means_of_others(values: Floats, is_hit: Flags) -> Floats:
    """[plays, moments] For the first, the mean of all others; for each of them, of the rest."""
    is_counted = np.ones((len(values), 1))
    is_counted[0] = 0.0
    sums = values[1:].sum(axis=0) - is_counted * values
    counts = is_hit[1:].sum(axis=0) - is_counted * is_hit
    means: Floats = np.where(is_hit, sums / (counts + PRIOR_PLAYS), 0.0)
    return means


def _student(away: float, freedom: float) -> float:
    half = freedom / 2
    log_peak = lgamma(half + 0.5) - lgamma(half) - log(freedom * pi) / 2
    return exp(log_peak - (half + 0.5) * log(1 + away**2 / freedom))


def _normal(away: float, variance: float) -> float:
    return exp(-(away**2) / variance / 2) / sqrt(2 * pi * variance)
