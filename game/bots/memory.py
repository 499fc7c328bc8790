"""How what a person does at one moment goes on into the next: fitted, and drawn anew.

A latent Gaussian value for each note: the part that all fingers share is an AR(p) process over
1/f^a drift, the rest is each finger's own, with a memory from one of its notes to the next. The AR
part is from the Yule-Walker equations (Box and Jenkins, Time Series Analysis, 1976, section 3.2),
solved by Levinson's recursion; how much drifts, and how steeply, is what makes the periodogram
likeliest (Whittle, Ark. Mat. 2, 1953).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from game.bots.columns import Columns
from game.bots.noise import Floats, Integers, ar1
from game.bots.residuals import moment_means

DRIFT_SHARES: Final = tuple(np.linspace(0, 0.6, 13).tolist())
EXPONENTS: Final = (0.6, 0.9, 1.2, 1.5)
FEW_MOMENTS: Final = 40
"""Fewer say nothing about memory."""
FEW_PAIRS: Final = 30
"""Fewer fingers that move at one moment with another say nothing about what they share."""
LARGEST_REFLECTION: Final = 0.95
BINS: Final = 40
LAGS: Final = 32
OWN_MEMORY: Final = (-0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Memory:
    """Numbers of the process; all parts have variance 1 before they are mixed."""

    shared: float = 1.0
    """Part of the variance that all fingers share at a moment."""
    drift_share: float = 0.0
    """Part of the shared variance that drifts."""
    exponent: float = 1.0
    """How steeply the power of the drift falls."""
    phis: tuple[float, ...] = ()
    """Coefficients of the AR part of the shared variance, nearest first."""
    own_memory: float = 0.0
    """Correlation of a finger's own part with that at its note before."""

    def drawn(self, notes: Columns, chance: np.random.Generator) -> Floats:
        """[notes] Values of the process, with mean 0 and variance 1."""
        values = np.empty(len(notes.starts_us))
        for lane in np.unique(notes.lanes):
            own = np.flatnonzero(notes.lanes == lane)
            values[own] = ar1(len(own), self.own_memory, chance)
        shared = self._shared_part(len(notes.firsts), chance)[notes.moments]
        return sqrt(self.shared) * shared + sqrt(1 - self.shared) * values

    def _shared_part(self, count: int, chance: np.random.Generator) -> Floats:
        frequencies = _frequencies(count)
        power = self.power(frequencies)
        waves = chance.standard_normal((2, len(power))) * np.sqrt(power / power.sum()) * count
        spectrum = np.concatenate(([0], waves[0] + 1j * waves[1]))
        return np.fft.irfft(spectrum, 2 * count)[:count]

    def power(self, frequencies: Floats) -> Floats:
        """[frequencies] Power of the shared part, 1 on average over equally spaced ones."""
        drift = drift_power(frequencies, self.exponent)
        return self.drift_share * drift + (1 - self.drift_share) * ar_power(frequencies, self.phis)


def drift_power(frequencies: Floats, exponent: float) -> Floats:
    """[frequencies] 1/f^exponent, 1 on average over these."""
    return _levelled(frequencies**-exponent)


def ar_power(frequencies: Floats, phis: tuple[float, ...]) -> Floats:
    """[frequencies] Power of an AR process, 1 on average over these, which cover (0, 1/2]."""
    turns = np.exp(-2j * np.pi * np.outer(frequencies, np.arange(1, len(phis) + 1)))
    return _levelled(np.abs(1 - turns @ np.array(phis)) ** -2.0)


def _frequencies(count: int) -> Floats:
    """[count] Those of twice as many values, 0 left out, in turns a value."""
    frequencies: Floats = np.fft.rfftfreq(2 * count)[1:].astype(float)
    return frequencies


def _levelled(power: Floats) -> Floats:
    levelled: Floats = power / power.mean()
    return levelled


def memory_of(values: Floats, notes: Columns, order: int) -> Memory:
    """The memory in `values` [notes], of about mean 0 and variance 1, NaN for a miss.

    `order` is the most that the AR part may have.
    """
    means = np.nan_to_num(moment_means(notes, values))
    if len(means) < FEW_MOMENTS:
        return Memory()
    shared, nugget = _shared(values, notes)
    best = _likeliest(means - means.mean(), shared, nugget, order)
    return Memory(
        shared, best.drift_share, best.exponent, best.phis, _own_memory(values, notes, shared, best)
    )


def _shared(values: Floats, notes: Columns) -> tuple[float, float]:
    """How much of the variance chords share, and how much of the rest their means keep."""
    there = ~np.isnan(values)
    hits = np.bincount(notes.moments[there], minlength=len(notes.firsts))
    apart = (values - moment_means(notes, values)[notes.moments])[there]
    pairs = int(there.sum() - (hits > 0).sum())
    if pairs < FEW_PAIRS:
        return 1.0, 0.0
    own = float(apart @ apart) / pairs / float(np.var(values[there]))
    shared = float(np.clip(1 - own, 0.02, 0.98))
    return shared, (1 - shared) * float((1 / hits[hits > 0]).mean())


def _likeliest(means: Floats, shared: float, nugget: float, order: int) -> Memory:
    count = len(means)
    frequencies = _frequencies(count)
    wave = np.fft.rfft(means, 2 * count)
    correlations = np.fft.irfft(np.abs(wave) ** 2)[: order + 1] / count / shared
    seen = np.abs(np.fft.rfft(means)[1:]) ** 2 / count
    places = np.fft.rfftfreq(count)[1:]
    edges = np.geomspace(places[0], places[-1], BINS)
    bins = np.unique(np.searchsorted(edges, places), return_inverse=True)[1]
    sizes = np.bincount(bins)
    seen_power, centres = (np.bincount(bins, column) / sizes for column in (seen, places))
    best, least = Memory(shared), np.inf
    for found in _candidates(correlations, frequencies, order):
        power = shared * np.interp(centres, frequencies, found.power(frequencies)) + nugget
        cost = float(sizes @ (np.log(power) + seen_power / power))
        if cost < least:
            best, least = found, cost
    return best


def _candidates(correlations: Floats, frequencies: Floats, order: int) -> Iterator[Memory]:
    """Every share and steepness of drift, with the AR part that explains the rest."""
    lags = np.arange(1, order + 1)
    for exponent in EXPONENTS:
        power = drift_power(frequencies, exponent)
        drift = np.cos(2 * np.pi * np.outer(lags, frequencies)) @ power / len(power)
        for share in DRIFT_SHARES:
            rest = (correlations[1:] - share * drift) / (1 - share)
            yield Memory(1.0, share, exponent, _levinson(rest))


def _levinson(correlations: Floats) -> tuple[float, ...]:
    """The stable AR coefficients with these correlations at lags 1, 2, and so on."""
    phis: list[float] = []
    error = 1.0
    for position, correlation in enumerate(correlations.tolist()):
        known = sum(phi * float(correlations[position - 1 - lag]) for lag, phi in enumerate(phis))
        reflection = min(
            max((correlation - known) / error, -LARGEST_REFLECTION), LARGEST_REFLECTION
        )
        phis = [
            *(phi - reflection * mirrored for phi, mirrored in zip(phis, phis[::-1], strict=True)),
            reflection,
        ]
        error *= 1 - reflection * reflection
    return tuple(phis)


def _own_memory(values: Floats, notes: Columns, shared: float, found: Memory) -> float:
    """What a finger remembers beyond what all share."""
    pairs = _finger_pairs(notes, values)
    if shared > 0.95 or len(pairs) < FEW_PAIRS:
        return 0.0
    befores, afters = pairs.T
    seen = float(np.mean(values[befores] * values[afters]))
    frequencies = _frequencies(LAGS)
    power = found.power(frequencies)
    lags = np.minimum(notes.moments[afters] - notes.moments[befores], LAGS)
    expected = np.cos(2 * np.pi * np.outer(np.arange(LAGS + 1), frequencies)) @ power / len(power)
    rest = (seen - shared * float(expected[lags].mean())) / (1 - shared)
    return float(np.clip(rest, *OWN_MEMORY))


def _finger_pairs(notes: Columns, values: Floats) -> Integers:
    """[pairs, 2] Rows of neighbouring notes of a lane that both have a value."""
    order = np.lexsort((np.arange(len(values)), notes.lanes))
    order = order[~np.isnan(values[order])]
    is_pair = notes.lanes[order[1:]] == notes.lanes[order[:-1]]
    pairs: Integers = np.column_stack((order[:-1], order[1:]))[is_pair]
    return pairs
