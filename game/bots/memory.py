"""How what a person does at one moment goes on into the next: fitted, and drawn anew.

A latent Gaussian value for each note: the part that all fingers share is an AR(p) process over
1/f^a drift, the rest is each finger's own, with a memory from one of its notes to the next. The AR
part is from the Yule-Walker equations (Box and Jenkins, Time Series Analysis, 1976, section 3.2),
solved by Levinson's recursion; how much drifts, and how steeply, is what leaves least between the
correlations that are seen and those of the process, from one moment to a hundred.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import Final

import numpy as np

from game.bots.columns import Columns
from game.bots.noise import Flags, Floats, Integers, ar1
from game.bots.residuals import moment_means

DRIFT_SHARES: Final = tuple(np.linspace(0, 0.7, 8).tolist())
EXPONENTS: Final = (0.6, 0.9, 1.2, 1.5)
FEW_MOMENTS: Final = 40
"""Fewer say nothing about memory."""
FEW_PAIRS: Final = 30
"""Fewer fingers that move at one moment with another say nothing about what they share."""
LARGEST_REFLECTION: Final = 0.9
SHARED: Final = (0.05, 0.95)
NORMAL_TYPICAL: Final = 0.6745
"""Median size of a normal value."""
LOOSEST: Final = 1.0
LAGS: Final = 127
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
    looseness: float = 0.0
    """Spread of the logarithm of how far the fingers of a chord land apart."""

    def drawn(self, notes: Columns, chance: np.random.Generator) -> Floats:
        """[notes] Values of the process, with mean 0 and variance 1."""
        values = np.empty(len(notes.starts_us))
        for lane in np.unique(notes.lanes):
            own = np.flatnonzero(notes.lanes == lane)
            values[own] = ar1(len(own), self.own_memory, chance)
        looseness = np.exp(self.looseness * chance.standard_normal(len(notes.firsts)))
        values *= (looseness / exp(self.looseness**2))[notes.moments]
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

    What fingers share shows in the products of different fingers' values, now and later; what is
    a finger's own is what its own products have beyond that. `order` is the most that the AR part
    may have.
    """
    if len(notes.firsts) < FEW_MOMENTS:
        return Memory()
    products, pairs = _products(np.nan_to_num(values), ~np.isnan(values), notes)
    if pairs[0] < FEW_PAIRS:
        return _likeliest(products, 1.0, order)
    shared = float(np.clip(products[0], *SHARED))
    found = _likeliest(products, shared, order)
    looseness = _looseness(values, notes)
    # Loose chords come and go by chance, and hide that much of a finger's memory.
    own_memory = _own_memory(values, notes, shared, found) * exp(looseness**2)
    return replace(
        found,
        shared=shared,
        own_memory=float(np.clip(own_memory, *OWN_MEMORY)),
        looseness=looseness,
    )


def _products(values: Floats, there: Flags, notes: Columns) -> tuple[Floats, Floats]:
    """[lags + 1] Mean products of values of different fingers so many moments apart, how many.

    Where there is one finger only, of its own values.
    """
    table = np.zeros((len(notes.firsts), int(notes.lanes.max()) + 1))
    mask = np.zeros_like(table)
    table[notes.moments, notes.lanes] = values
    mask[notes.moments, notes.lanes] = there
    lags = min(LAGS, len(table) - 1)
    sums, counts = (_cross_sums(column, lags) for column in (table, mask))
    return sums / np.maximum(counts, 1), counts


def _cross_sums(table: Floats, lags: int) -> Floats:
    """[lags + 1] Sums of products of different columns, rows so many apart; of one, its own."""
    padded = 1 << (2 * len(table) - 1).bit_length()

    def sums(columns: Floats) -> Floats:
        wave = np.abs(np.fft.rfft(columns, padded, axis=0)) ** 2
        return np.fft.irfft(wave.sum(axis=1))[: lags + 1]

    together = sums(table.sum(axis=1, keepdims=True))
    return together - sums(table) if table.shape[1] > 1 else together


def _likeliest(products: Floats, shared: float, order: int) -> Memory:
    """The drift and AR part whose correlations are nearest to the products, over all lags."""
    frequencies = _frequencies(len(products) * 4)
    seen = np.clip(products[1:] / shared, -1, 1)
    waves = np.cos(2 * np.pi * np.outer(np.arange(1, len(products)), frequencies))
    waves /= len(frequencies)
    bins = np.log2(np.arange(1, len(products))).astype(int)
    sizes = np.bincount(bins)
    seen_means = np.bincount(bins, seen) / sizes
    best, least = Memory(), np.inf
    for found in _candidates(seen[:order], waves[:order], frequencies):
        missed = np.bincount(bins, waves @ found.power(frequencies)) / sizes - seen_means
        cost = float(np.sqrt(sizes) @ missed**2)
        if cost < least:
            best, least = found, cost
    return best


def _candidates(seen: Floats, waves: Floats, frequencies: Floats) -> Iterator[Memory]:
    """Every share and steepness of drift, with the AR part that explains the rest."""
    for exponent in EXPONENTS:
        drift = waves @ drift_power(frequencies, exponent)
        for share in DRIFT_SHARES:
            yield Memory(1.0, share, exponent, _levinson((seen - share * drift) / (1 - share)))


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
    if len(pairs) < FEW_PAIRS:
        return 0.0
    earlier, later = pairs.T
    seen = float(np.mean(values[earlier] * values[later]))
    frequencies = _frequencies(LAGS)
    waves = np.cos(2 * np.pi * np.outer(np.arange(LAGS + 1), frequencies))
    expected = waves @ found.power(frequencies) / len(frequencies)
    lags = np.minimum(notes.moments[later] - notes.moments[earlier], LAGS)
    return (seen - shared * float(expected[lags].mean())) / (1 - shared)


def _looseness(values: Floats, notes: Columns) -> float:
    """How much chords differ in how far their fingers land apart.

    Of a normal value times e^(looseness x normal), the median size over the spread is 0.6745
    e^(-looseness^2).
    """
    apart = (values - moment_means(notes, values)[notes.moments])[notes.sizes[notes.moments] > 1]
    apart = apart[~np.isnan(apart)]
    spread = sqrt(float(apart @ apart) / max(len(apart), 1))
    typical = float(np.median(np.abs(apart))) / spread if spread else NORMAL_TYPICAL
    return min(sqrt(max(log(NORMAL_TYPICAL / max(typical, 0.1)), 0.0)), LOOSEST)


def _finger_pairs(notes: Columns, values: Floats) -> Integers:
    """[pairs, 2] Rows of neighbouring notes of a lane that both have a value."""
    order = np.lexsort((np.arange(len(values)), notes.lanes))
    order = order[~np.isnan(values[order])]
    is_pair = notes.lanes[order[1:]] == notes.lanes[order[:-1]]
    pairs: Integers = np.column_stack((order[:-1], order[1:]))[is_pair]
    return pairs
