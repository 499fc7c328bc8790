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
Counts: TypeAlias = NDArray[np.int16]
"""Moments: a chart has at most 16,384."""

WORD: Final = 64
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
LEAST_CANDIDATES: Final = 64
"""Plays looked at closely however long they are."""
MAX_CELLS: Final = 800_000
"""Moments of plays looked at closely in all: some 50 MB while they are."""


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
    """Which plays, columns of [words, plays], agree best with a query, over all or over a run.

    The first is the best over all. At most MAX_CANDIDATES, and all where there are no more; of
    long queries fewer.
    """
    (words,) = np.nonzero(query.known)
    if not len(words):
        return np.arange(0)
    moments = WORD * int(words[-1] - words[0] + 1)
    most = max(LEAST_CANDIDATES, min(MAX_CANDIDATES, MAX_CELLS // moments))
    if signs.shape[1] <= most:
        return np.arange(signs.shape[1])
    part = slice(int(words[0]), int(words[-1]) + 1)
    asked = Sketch(query.signs[part], query.known[part])
    excess, common = _agreement(asked, signs[part], known[part])
    scores = _deviations(excess[-1], common[-1])
    best = np.argpartition(-scores, BEST_OF_ALL)[:BEST_OF_ALL]
    rows = [best[np.argsort(-scores[best], kind="stable")], *_rows_of_runs(excess, common)]
    found, order = np.unique(np.concatenate(rows), return_index=True)
    in_order: Integers = found[np.argsort(order)][:most]
    return in_order


def _agreement(query: Sketch, signs: Words, known: Words) -> tuple[Counts, Counts]:
    """[words + 1, plays] By how many more moments agree than not, and common ones, summed up."""
    shape = (len(signs) + 1, signs.shape[1])
    excess, common = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
    for word in range(len(signs)):
        both = known[word] & query.known[word]
        shared = np.bitwise_count(both)
        apart = np.bitwise_count(both & (signs[word] ^ query.signs[word]))
        np.add(common[word], shared, out=common[word + 1])
        np.add(excess[word], shared, out=excess[word + 1])
        excess[word + 1] -= apart
        excess[word + 1] -= apart
    return excess, common


def _rows_of_runs(excess: Counts, common: Counts) -> list[Integers]:
    """For runs of 1, 2, 4 ... words, longest first, the best plays that are worth a look."""
    count = len(excess) - 1
    lengths = [1 << power for power in range(count.bit_length()) if 1 << power < count]
    asked = common.max(axis=1)
    found: list[Integers] = []
    for length in reversed(lengths):
        for begin in range(0, count - length + 1, max(1, length // 2)):
            # Most are ruled out at once: all that agree too little even if they lack half of it.
            half = max(FEWEST_COMMON, int(asked[begin + length] - asked[begin]) // 2)
            more = excess[begin + length] - excess[begin]
            (likely,) = np.nonzero(more > int(TELLING * half**0.5))
            shared = common[begin + length, likely] - common[begin, likely]
            scores = _deviations(more[likely], shared)
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
