"""Does it err where people err? What they share on a chart, a script that throws anew has not.

A play's residuals are correlated with the mean of other people's, and so are theirs, each with the
mean of the rest, on the very same moments: that says what people have on this stretch. Fisher's
z = artanh r is Student's t for the next person then, with a prior from recorded people.
docs/decisions/company.md has the argument and the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, exp, lgamma, log, pi, sqrt, tanh
from typing import Final

import numpy as np

from consensus.anomaly.copies.background import independent
from consensus.anomaly.copies.known import KnownPlay
from consensus.anomaly.copies.match import correlations_of, memories_of
from consensus.anomaly.copies.population import PRIOR_PLAYS
from consensus.anomaly.copies.residuals import MISSED, STEPS, laid_out_steps
from consensus.anomaly.traces import Flags, Floats

FEWEST_PLAYS: Final = 6
"""Other people who must be known."""
FEWEST_THERE: Final = 4
"""Of them, how many must have hit a moment that counts."""
FEWEST_MOMENTS: Final = 40
"""Moments that must count."""
CLOSEST: Final = 0.999

USUAL_PAIR: Final = 0.2
"""Correlation of two people: 0.13 and 0.27 on two charts."""
USUAL_WEIGHT: Final = 1.0
"""The prior mean counts as so many people: charts and passages differ as much as people do."""
OWN_VARIANCE: Final = 0.004
"""Variance of z between people over a whole chart: 0.0016 and 0.005 measured."""
PERSON_PER_MOMENT: Final = 1.5
"""Variance of z that is added in a part, times its moments: 1.4 and 1.5 measured."""
VARIANCE_WEIGHT: Final = 8.0
"""The prior variance counts as so many people."""

SCRIPT_PER_MOMENT: Final = 1.3
"""Variance of z of errors thrown anew, times moments: 1.0 to 1.6 measured."""
MODELLED: Final = (0.2, 0.15)
"""What a model of one person keeps of people's z, and how much models differ in that."""
NEW_SHARE: Final = 0.45
"""Of scripts, those that throw anew."""
MODELLED_SHARE: Final = 0.3
"""Of scripts, those that model a person's answers to the notes."""
LIKE_PEOPLE_SHARE: Final = 0.2
"""Of scripts, those that err where people do: known plays are public, so who wants to can."""
ANYHOW_SHARE: Final = 1 - NEW_SHARE - MODELLED_SHARE - LIKE_PEOPLE_SHARE
"""Of scripts, those that have anything, such as more than any person: the mean itself."""
ODD_PEOPLE: Final = 1 / 80
"""Of people, those who err like nobody else: 48 people gave no example. It bounds the odds, so
that no play is rejected for this alone."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What a play has in common with everybody who plays its chart."""

    correlation: float
    """Of its residuals with the mean of other people's."""
    usual: float
    """What people have on these moments."""
    usual_spread: float
    """Standard deviation between them."""
    moments: float
    """Independent moments that it was taken from."""
    odds: float
    """ln of how much likelier it is from a script than from a person."""


def habits_of(query: KnownPlay, others: Sequence[KnownPlay]) -> Habits | None:
    """What a play has in common with some others; None where too little is known."""
    first, count = query.residuals.first, len(query.residuals.values)
    steps = np.array([laid_out_steps(play.residuals, first, count) for play in (query, *others)])
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
    return weighed(float(correlations[0]), theirs, moments)


def weighed(correlation: float, theirs: Floats, moments: float) -> Habits:
    """A correlation beside the z of other people over as many independent moments."""
    people = _People.after(theirs, moments)
    z = atanh(correlation)
    person = (1 - ODD_PEOPLE) * people.density(z)
    kept, differing = MODELLED
    noise = SCRIPT_PER_MOMENT / moments
    expected = max(people.mean, 0.0)
    script = (
        NEW_SHARE * _normal(z, noise)
        + MODELLED_SHARE * _normal(z - kept * expected, noise + (differing * expected) ** 2)
        + LIKE_PEOPLE_SHARE * people.density(z)
        + ANYHOW_SHARE * (1 - correlation**2) / 2
    )
    usual = tanh(people.mean)
    odds = log(script) - log(person + ODD_PEOPLE * script)
    return Habits(correlation, usual, people.spread * (1 - usual**2), moments, odds)


@dataclass(frozen=True, slots=True)
class _People:
    """Student's t of what the next person has: the posterior of a normal-inverse-gamma prior."""

    mean: float
    spread: float
    freedom: float

    @classmethod
    def after(cls, theirs: Floats, moments: float) -> "_People":
        count = len(theirs)
        expected = atanh(USUAL_PAIR / sqrt(USUAL_PAIR + (1 - USUAL_PAIR) / count))
        variance = OWN_VARIANCE + PERSON_PER_MOMENT / moments
        weight, freedom = USUAL_WEIGHT + count, VARIANCE_WEIGHT + count
        average = float(theirs.mean())
        squares = VARIANCE_WEIGHT * variance + float(((theirs - average) ** 2).sum())
        squares += USUAL_WEIGHT * count / weight * (average - expected) ** 2
        mean = (USUAL_WEIGHT * expected + count * average) / weight
        return cls(mean, sqrt(squares / freedom * (1 + 1 / weight)), freedom)

    def density(self, z: float) -> float:
        half = self.freedom / 2
        log_peak = lgamma(half + 0.5) - lgamma(half) - log(self.freedom * pi) / 2
        away = (z - self.mean) / self.spread
        return exp(log_peak - (half + 0.5) * log(1 + away**2 / self.freedom)) / self.spread


def _means_of_others(values: Floats, is_hit: Flags) -> Floats:
    """[plays, moments] For the first, the mean of all others; for each of them, of the rest."""
    is_counted = np.ones((len(values), 1))
    is_counted[0] = 0.0
    sums = values[1:].sum(axis=0) - is_counted * values
    counts = is_hit[1:].sum(axis=0) - is_counted * is_hit
    means: Floats = np.where(is_hit, sums / (counts + PRIOR_PLAYS), 0.0)
    return means


def _normal(away: float, variance: float) -> float:
    return exp(-(away**2) / variance / 2) / sqrt(2 * pi * variance)
