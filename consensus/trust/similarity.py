"""Whether two people who acknowledge somebody say the same: do they know the same people?

The measure is the correlation of their rows in the symmetric acknowledgement graph (phi, or
Pearson's r of zeros and ones), with three changes, each argued in docs/decisions/personhood.md:

- whoever is acknowledged is left out of both rows, because that both know them is given;
- chance is that of a population of at least 10,000: a file that holds a ring alone has no outside
  against which everybody's knowing everybody would stand out;
- four acquaintances whom any two might share unseen are added to what the rows could share, so
  that one common acquaintance of two people with few proves little.

Two acquaintances of one person overlap a little among honest people too, because friends meet
through friends. So likeness is 0 up to a correlation of 0.1, 1 from 0.17, and a line between.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MIN_POPULATION: Final = 10_000
"""So many people could have been met, however few a table holds."""
UNSEEN: Final = 4.0
"""Acquaintances added to the geometric mean of both people's numbers of them."""
INDEPENDENT: Final = 0.10
"""Up to this correlation two people count as independent."""
SAME: Final = 0.17
"""From this correlation on two people count as one."""
MAX_ROW: Final = 256
"""Acquaintances of one person that are compared, those with the lowest number of chance."""
SEED: Final = 1
"""Of that chance: everybody draws the same numbers."""


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """Who knows whom, themselves included, as sorted rows; long rows are a sample."""

    starts: NDArray[np.int64]
    """Where each person's row begins: shape (people + 1,)."""
    known: NDArray[np.int32]
    """Whom, row after row, as numbers of chance: shape (ties,)."""
    count: NDArray[np.int64]
    """How many each person knows in truth: shape (people,)."""
    share: NDArray[np.float64]
    """How much of each row is there, from 0 to 1: shape (people,)."""

    @property
    def population(self) -> int:
        """Of how many people chance draws."""
        return max(len(self.count), MIN_POPULATION)


def acquaintances(
    source: NDArray[np.int64], target: NDArray[np.int64], people: int, longest: int = MAX_ROW
) -> Acquaintances:
    """Rows from pairs, either way; equal pairs count once.

    Two samples hold the same of what they share, because both keep the lowest numbers: what two
    rows have in common, over the smaller share, estimates what they have in common in truth.
    """
    numbers = np.random.default_rng(SEED).permutation(people)
    everybody = np.arange(people, dtype=np.int64)
    rows = np.concatenate((source, target, everybody))
    columns = numbers[np.concatenate((target, source, everybody))]
    keys = np.unique(rows * np.int64(people) + columns) if people else rows
    rows, columns = keys // max(people, 1), keys % max(people, 1)
    count = np.bincount(rows, minlength=people).astype(np.int64)
    place = np.arange(len(rows)) - (np.cumsum(count) - count)[rows]
    kept = place < longest
    last = kept & (place == np.minimum(count, longest)[rows] - 1)
    share = np.where(count > longest, (columns[last] + 1) / max(people, 1), 1.0)
    starts = np.concatenate(([0], np.cumsum(np.minimum(count, longest))))
    return Acquaintances(starts, columns[kept].astype(np.int32), count, share)


def shared(known: Acquaintances) -> NDArray[np.float32]:
    """How many acquaintances any two have in common, by a dense product: shape (people, people)."""
    from scipy.sparse import csr_array

    people = len(known.count)
    ones = np.ones(len(known.known), dtype=np.float32)
    rows: Any = csr_array((ones, known.known, known.starts), shape=(people, people))
    dense = rows.toarray()
    found = dense @ dense.T
    found /= np.minimum.outer(known.share, known.share)
    return np.asarray(found, dtype=np.float32)


def likeness(
    common: NDArray[np.float64], count: NDArray[np.float64], population: int
) -> NDArray[np.float64]:
    """How alike people are, in [0, 1], from what each two have in common: shape (n, n).

    `common` and `count` leave out whom they all acknowledge. The diagonal is 0. People who know
    nobody else are all alike: nothing tells them apart.
    """
    spread = np.sqrt(count * np.maximum(1 - count / population, 0.0))
    beyond = common - np.outer(count, count) / population
    correlation = beyond / (np.outer(spread, spread) + UNSEEN)
    alike = np.clip((correlation - INDEPENDENT) / (SAME - INDEPENDENT), 0.0, 1.0)
    alone = count <= 1
    alike[np.ix_(alone, alone)] = 1.0
    np.fill_diagonal(alike, 0.0)
    return np.asarray(alike, dtype=np.float64)
