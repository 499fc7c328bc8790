"""Signs of residuals as bits: a hundred thousand plays are compared in some milliseconds.

Two plays whose residuals correlate by r have the same sign at a share 1/2 + asin(r) / pi of the
moments (Sheppard, Phil. Trans. R. Soc. A 192, 1899). A word holds 64 moments of the chart's own
grid, so that the words of a run are compared alone where only that run was copied.
"""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.copies.residuals import MISSED, Residuals, laid_out_steps
from consensus.anomaly.traces import Floats, Integers

Words: TypeAlias = NDArray[np.uint64]
Counts: TypeAlias = NDArray[np.int32]

WORD: Final = 64
ROWS_AT_ONCE: Final = 4_096
"""Rows whose words and results fit the processor's cache."""
FEWEST_COMMON: Final = 24
"""Moments that both plays must have in a run."""
TELLING: Final = 3.0
"""Standard deviations from which a run is worth a closer look: one in 700 by chance."""
BEST_OF_ALL: Final = 48
"""Plays looked at closely for the whole of the query."""
BEST_OF_RUN: Final = 4
"""Plays looked at closely for each run of it."""
MAX_CANDIDATES: Final = 192
"""Plays looked at closely in all."""


class Sketch(NamedTuple):
    """The signs of one play."""

    signs: Words
    """[words] A bit for each moment: later than everybody."""
    known: Words
    """[words] A bit for each moment that was hit."""


def words_of(moments: int) -> int:
    """How many words hold so many moments."""
    return -(-moments // WORD)


def sketch_of(residuals: Residuals, mean_steps: Floats) -> Sketch:
    """The signs of a play on a chart where everybody errs by `mean_steps`, [moments]."""
    steps = laid_out_steps(residuals, 0, len(mean_steps))
    is_hit = steps != MISSED
    return Sketch(_packed(is_hit & (steps > mean_steps)), _packed(is_hit))


def best_rows(query: Sketch, signs: Words, known: Words) -> Integers:
    """Which rows of [plays, words] agree best with the query, over all of it or over a run.

    The first is the best over all. At most MAX_CANDIDATES, and all rows where there are no more.
    """
    if len(signs) <= MAX_CANDIDATES:
        return np.arange(len(signs))
    (words,) = np.nonzero(query.known)
    if not len(words):
        return np.arange(0)
    part = slice(int(words[0]), int(words[-1]) + 1)
    agreeing, common = _agreement(
        Sketch(query.signs[part], query.known[part]), signs[:, part], known[:, part]
    )
    scores = _deviations(agreeing[:, -1], common[:, -1])
    rows = [np.argpartition(-scores, BEST_OF_ALL)[:BEST_OF_ALL]]
    rows[0] = rows[0][np.argsort(-scores[rows[0]], kind="stable")]
    rows += _rows_of_runs(agreeing, common)
    found, order = np.unique(np.concatenate(rows), return_index=True)
    in_order: Integers = found[np.argsort(order)][:MAX_CANDIDATES]
    return in_order


def _agreement(query: Sketch, signs: Words, known: Words) -> tuple[Counts, Counts]:
    """[plays, words + 1] Twice the excess of agreeing moments, and common ones, summed up to."""
    shape = (len(signs), len(query.signs) + 1)
    agreeing, common = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for row in range(0, len(signs), ROWS_AT_ONCE):
        rows = slice(row, row + ROWS_AT_ONCE)
        both = known[rows] & query.known
        alike = np.bitwise_count(both & ~(signs[rows] ^ query.signs)).astype(np.int32)
        shared = np.bitwise_count(both).astype(np.int32)
        np.cumsum(shared, axis=1, out=common[rows, 1:])
        np.cumsum(2 * alike - shared, axis=1, out=agreeing[rows, 1:])
    return agreeing, common


def _rows_of_runs(agreeing: Counts, common: Counts) -> list[Integers]:
    """For runs of 1, 2, 4 ... words, longest first, the best rows that are worth a look."""
    count = agreeing.shape[1] - 1
    lengths = [1 << power for power in range(count.bit_length()) if 1 << power < count]
    found: list[Integers] = []
    for length in reversed(lengths):
        for begin in range(0, count - length + 1, max(1, length // 2)):
            excess = agreeing[:, begin + length] - agreeing[:, begin]
            (likely,) = np.nonzero(excess > TELLING * np.sqrt(FEWEST_COMMON))
            shared = common[likely, begin + length] - common[likely, begin]
            scores = _deviations(excess[likely], shared)
            best = np.argsort(-scores, kind="stable")[:BEST_OF_RUN]
            found.append(likely[best[scores[best] > TELLING]])
    return found


def _deviations(excess: Counts, common: Counts) -> Floats:
    """By how many standard deviations more moments agree than by chance."""
    scores: Floats = excess / np.sqrt(np.maximum(common, FEWEST_COMMON))
    return scores


def _packed(bits: NDArray[np.bool_]) -> Words:
    padded = np.zeros(words_of(len(bits)) * WORD, np.bool_)
    padded[: len(bits)] = bits
    packed: Words = np.packbits(padded, bitorder="little").view(np.uint64)
    return packed
