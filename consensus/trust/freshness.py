"""How fresh acknowledgements are: at most one a pair and month counts, and fades with a half-life.

What was done by hand counts in full, what a node did by itself a tenth. Months add up, but nobody
counts as more than one person: a pair's weight is at most 1.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.units import MILLISECONDS_PER_DAY

HALF_LIFE_DAYS: Final = 90.0
"""After this long an acknowledgement of somebody as a person counts half."""
MONTH_MS: Final = 30 * MILLISECONDS_PER_DAY
"""Months are thirty days, counted from 1970, so that they are the same everywhere."""


@dataclass(frozen=True, slots=True)
class Said:
    """Acknowledgements as columns, one row each; people are numbers from 0."""

    source: NDArray[np.int64]
    """Who acknowledges."""
    target: NDArray[np.int64]
    """Who is acknowledged."""
    time_ms: NDArray[np.int64]
    """When, in UTC milliseconds."""
    strength: NDArray[np.float64]
    """1 by hand, a tenth by itself."""

    def where(self, chosen: NDArray[np.bool_]) -> "Said":
        """Some of the rows."""
        columns = self.source[chosen], self.target[chosen], self.time_ms[chosen]
        return Said(*columns, self.strength[chosen])


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs, each once: sorted by who is acknowledged, then by when they first were."""

    source: NDArray[np.int64]
    """Who acknowledges."""
    target: NDArray[np.int64]
    """Who is acknowledged."""
    weight: NDArray[np.float64]
    """How fresh, in [0, 1]."""
    starts: NDArray[np.int64]
    """Where the pairs of each acknowledged person begin: shape (people + 1,)."""


def freshness(age_ms: NDArray[np.int64]) -> NDArray[np.float64]:
    """What is left of 1 after an age; 1 for what lies in the future."""
    days = np.maximum(age_ms, 0) / MILLISECONDS_PER_DAY
    return np.asarray(0.5 ** (days / HALF_LIFE_DAYS), dtype=np.float64)


def ties_of(said: Said, people: int, now_ms: int) -> Ties:
    """The pairs among `people` persons, as fresh as they are at `now_ms`.

    Words about oneself are ignored. What is dated later than now counts as of now.
    """
    others = said.source != said.target
    source, target = said.source[others], said.target[others]
    time_ms = np.minimum(said.time_ms[others], now_ms)
    worth = said.strength[others] * freshness(now_ms - time_ms)
    month = time_ms // MONTH_MS
    order = np.lexsort((month, source, target))
    source, target, time_ms = source[order], target[order], time_ms[order]
    is_new_pair = _changes(source, target)
    is_new_month = is_new_pair | _changes(month[order])
    months = np.flatnonzero(is_new_month)
    pairs = np.flatnonzero(is_new_pair)
    if not len(pairs):
        nobody = np.zeros(0, dtype=np.int64)
        return Ties(nobody, nobody, np.zeros(0), np.zeros(people + 1, dtype=np.int64))
    monthly = np.maximum.reduceat(worth[order], months)
    weight = np.minimum(np.add.reduceat(monthly, np.searchsorted(months, pairs)), 1.0)
    first_ms = np.minimum.reduceat(time_ms, pairs)
    source, target = source[pairs], target[pairs]
    order = np.lexsort((source, first_ms, target))
    starts = np.searchsorted(target[order], np.arange(people + 1))
    return Ties(source[order], target[order], weight[order], starts)


def _changes(*columns: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a row differs from the one before in any column; the first does."""
    differs = np.ones(len(columns[0]), dtype=np.bool_)
    if len(differs):
        differs[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return differs
