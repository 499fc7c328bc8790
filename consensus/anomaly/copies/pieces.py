"""Which known play explains which piece of a query: the cheapest way through all of them."""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.background import PER_MOMENT
from consensus.anomaly.traces import Floats, Integers

BLOCK: Final = 8
"""Moments that are explained by the same play; cuts are found this exactly."""
LIKENESS: Final = 0.75
"""Correlation of a copied piece for which the way is the best; from about 0.5 on it is found."""
NOBODY: Final = -1
"""The source of a piece that no play explains."""


class Piece(NamedTuple):
    """A run of the query that one play explains."""

    row: int
    """Which of the compared plays."""
    begin: int
    """Moment of the query with which it begins."""
    end: int
    """Moment of the query after it."""


def pieces_of(query: Floats, others: Floats, price: float) -> tuple[Piece, ...]:
    """The pieces by which plays explain a query best, where each piece costs `price`.

    Both [plays, moments], 0 where either was not hit, of mean square 1 elsewhere. A block gains
    the logarithm of how much likelier it is as a copy than by chance (normal values); the way with
    the largest sum is found as by Viterbi, IEEE Trans. Inf. Theory 13, 1967.
    """
    gains = _gains(query, others)
    if not gains.size:
        return ()
    sources = _best_way(gains, price)
    edges = np.flatnonzero(np.diff(sources, prepend=NOBODY - 1, append=NOBODY - 1))
    return tuple(
        Piece(int(sources[begin]), int(begin) * BLOCK, min(int(end) * BLOCK, query.shape[1]))
        for begin, end in pairwise(edges)
        if sources[begin] != NOBODY
    )


def _gains(query: Floats, others: Floats) -> Floats:
    """[blocks, plays] How much likelier the block is as a copy of that play, logarithm."""
    share = LIKENESS**2
    alike = LIKENESS * query * others - share * (query**2 + others**2) / 2
    gains = alike / (1 - share) - np.log(1 - share) / 2 * (query != 0) * (others != 0)
    gains /= PER_MOMENT
    starts = np.arange(0, query.shape[1], BLOCK)
    blocks: Floats = np.add.reduceat(gains, starts, axis=1).T if len(starts) else gains[:0].T
    return blocks


def _best_way(gains: Floats, price: float) -> Integers:
    """[blocks] The source of each block."""
    blocks, plays = gains.shape
    came_from = np.empty((blocks, plays + 1), np.int32)
    everybody = np.arange(plays + 1)
    costs = np.append(np.full(plays, price), 0.0)
    totals = np.append(np.full(plays, -price), 0.0)
    for block in range(blocks):
        if block:
            best = int(np.argmax(totals))
            changed = totals[best] - costs
            came_from[block] = np.where(totals >= changed, everybody, best)
            totals = np.maximum(totals, changed)
        totals[:plays] += gains[block]
    way: Integers = np.empty(blocks, np.int64)
    way[-1] = int(np.argmax(totals))
    for block in range(blocks - 1, 0, -1):
        way[block - 1] = came_from[block, way[block]]
    way[way == plays] = NOBODY
    return way
