"""Personhood of very many people, compiled: the same sums as `personhood`, pair by pair.

Memory is bounded by the table itself, because no pair is kept. Work is bounded by looking at
fewer acknowledgers together, and at shorter rows, where a table would need too much.
"""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from consensus.trust.freshness import Ties
from consensus.trust.personhood import MAX_GROUPS, MAX_TOGETHER
from consensus.trust.similarity import INDEPENDENT, MAX_ROW, SAME, UNSEEN, acquaintances

MAX_WORK: Final = 2e10
"""Looks at an acquaintance, about a nanosecond each."""
SIZES: Final = ((MAX_TOGETHER, MAX_ROW), (256, MAX_ROW), (128, 128), (64, 64))
"""Acknowledgers together and length of rows, tried in turn until the work is bounded."""


def effective_numbers_compiled(ties: Ties, people: int) -> NDArray[np.float64]:
    """N_eff of everybody: shape (people,)."""
    together, longest = next(
        (size for size in SIZES if _work(ties, people, *size) <= MAX_WORK), SIZES[-1]
    )
    known = acquaintances(ties.source, ties.target, people, longest)
    found: NDArray[np.float64] = _effective_numbers(
        ties.starts,
        ties.source,
        ties.weight,
        known.starts,
        known.known,
        known.count,
        known.share,
        float(known.population),
        together,
        # Given, because what is kept compiled does not notice when they change elsewhere.
        MAX_GROUPS,
        (UNSEEN, INDEPENDENT, SAME),
    )
    return found


def _work(ties: Ties, people: int, together: int, longest: int) -> float:
    """Each acknowledger's row is looked through once for each who came before in its group."""
    numbers = np.diff(ties.starts)
    degree = np.bincount(ties.source, minlength=people) + numbers + 1
    looks = np.minimum(degree, longest)[ties.source]
    return float((looks * np.minimum(numbers, together)[ties.target]).sum() / 2)


@numba.njit(cache=True, nogil=True)
def _effective_numbers(
    starts: Any,
    source: Any,
    weight: Any,
    row_starts: Any,
    known: Any,
    count: Any,
    share: Any,
    population: float,
    together: int,
    groups: int,
    bounds: tuple[float, float, float],
) -> Any:
    people = len(starts) - 1
    found = np.zeros(people)
    mark = np.full(people, -1, dtype=np.int64)
    crowd = np.zeros(together)
    marks = 0
    for person in range(people):
        latest = max(starts[person], starts[person + 1] - groups * together)
        skipped = (latest - starts[person] + together - 1) // together
        begin = starts[person] + skipped * together
        while begin < starts[person + 1]:
            end = min(begin + together, starts[person + 1])
            for k in range(end - begin):
                crowd[k] = 0.0
            for k in range(end - begin):
                one = source[begin + k]
                for at in range(row_starts[one], row_starts[one + 1]):
                    mark[known[at]] = marks
                for i in range(k):
                    other = source[begin + i]
                    common = 0
                    for at in range(row_starts[other], row_starts[other + 1]):
                        common += mark[known[at]] == marks
                    alike = _likeness(
                        common / min(share[one], share[other]) - 1.0,
                        count[one] - 1.0,
                        count[other] - 1.0,
                        population,
                        bounds,
                    )
                    crowd[k] += alike * weight[begin + i]
                    crowd[i] += alike * weight[begin + k]
                marks += 1
                number = 0.0
                for i in range(k + 1):
                    number += weight[begin + i] / (1 + crowd[i])
                found[person] = max(found[person], number)
            begin = end
    return found


@numba.njit(cache=True, nogil=True)
def _likeness(
    common: float, one: float, other: float, population: float, bounds: tuple[float, float, float]
) -> float:
    unseen, independent, same = bounds
    if one <= 1 and other <= 1:
        return 1.0
    spread = one * max(1 - one / population, 0.0) * other * max(1 - other / population, 0.0)
    correlation = (common - one * other / population) / (np.sqrt(spread) + unseen)
    alike: float = min(max((correlation - independent) / (same - independent), 0.0), 1.0)
    return alike
