"""Rules of trust to hold popd's against: the same graph in, a score of everybody out.

Personalised PageRank (Page et al. 1999; alpha is the chance to go on), walks that count each person
once (the counting of MeritRank, Nasrulin, Ishmaev and Pouwelse 2022), and truncated hitting times
(Sarkar and Moore 2007).
"""

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import diags_array

STEPS: Final = 40
"""Of the power iteration: 0.6 to the 40th is nothing."""
WALKS: Final = 20_000
"""Random walks for an estimate."""
LONGEST: Final = 20
"""Steps of a walk at most."""
HORIZON: Final = 10
"""Steps within which a hitting time is told from never."""

Floats = NDArray[np.float64]


def shares(graph: Any) -> Any:
    """What everybody passes on to whom: rows that add up to 1, or to 0 for whoever is silent."""
    given = np.asarray(graph.sum(axis=1)).ravel()
    return (diags_array(1 / np.where(given > 0, given, 1)) @ graph).tocsr()


def pagerank(passed: Any, observer: int, alpha: float = 0.6) -> Floats:
    """Expected visits of a walk that goes on with `alpha`, those of the start too; shape (n,)."""
    back = passed.T.tocsr()
    force = np.zeros(passed.shape[0])
    force[observer] = 1.0
    visits = force.copy()
    for _ in range(STEPS):
        force = alpha * (back @ force)
        visits += force
    return visits


def once_per_walk(passed: Any, observer: int, seed: int, alpha: float = 0.6) -> Floats:
    """The share of walks that meet somebody at least once; shape (n,)."""
    arrays = passed.indptr, passed.indices, np.cumsum(passed.data)
    return np.asarray(_first_meetings(*arrays, observer, alpha, WALKS, LONGEST, 0.0, seed))


def hitting_time(passed: Any, observer: int, seed: int) -> Floats:
    """1 less the truncated hitting time over its horizon, of walks that don't tire; shape (n,)."""
    arrays = passed.indptr, passed.indices, np.cumsum(passed.data)
    return np.asarray(_first_meetings(*arrays, observer, 1.0, WALKS, HORIZON, 1 / HORIZON, seed))


@njit(cache=True)
def _first_meetings(
    starts: Any,
    targets: Any,
    summed: Any,
    observer: int,
    alpha: float,
    walks: int,
    steps: int,
    delay: float,
    seed: int,
) -> Any:
    """Of each walk, whoever is met for the first time gains 1 less `delay` for each step."""
    np.random.seed(seed)
    people = len(starts) - 1
    gained = np.zeros(people)
    last_met = np.full(people, -1)
    for walk in range(walks):
        person = observer
        last_met[person] = walk
        gained[person] += 1.0
        for step in range(1, steps + 1):
            first, end = starts[person], starts[person + 1]
            if first == end or np.random.random() >= alpha:
                break
            before = summed[first - 1] if first > 0 else 0.0
            drawn = before + np.random.random() * (summed[end - 1] - before)
            person = targets[min(first + np.searchsorted(summed[first:end], drawn), end - 1)]
            if last_met[person] != walk:
                last_met[person] = walk
                gained[person] += 1.0 - delay * step
    return gained / walks
