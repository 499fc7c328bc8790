"""Honest trust graphs of different shape: who knows whom before anybody attacks.

All ties are mutual, with weights of their own either way, drawn around 1.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import networkx
import numpy as np
from numpy.random import Generator
from scipy.sparse import csr_array

SPREAD: Final = 0.5
"""Standard deviation of the logarithm of a weight."""
TIES: Final = 5
"""Ties that a newcomer makes where well-known people are met more often."""
VILLAGE_DENSITY: Final = 0.25
"""The chance that two of a village of 50 know each other."""
BRIDGES: Final = 5
"""Ties between two towns."""

Graph = csr_array
"""Shape (n, n): weights from the acknowledging row to the acknowledged column."""


def preferential(rng: Generator, people: int = 2_000, ties: int = TIES) -> Any:
    """Newcomers know whom many know (Barabási and Albert 1999)."""
    drawn = networkx.barabasi_albert_graph(people, ties, seed=_seed(rng))
    return _mutual(list(drawn.edges()), people, rng)


def communities(
    rng: Generator, count: int = 20, size: int = 100, inside: int = 8, across: int = 2
) -> Any:
    """A block model: everybody has about `inside` ties at home and `across` elsewhere."""
    people = count * size
    home = rng.integers(count, size=people * inside // 2) * size
    near = rng.integers(size, size=(2, len(home))) + home
    far = rng.integers(people, size=(2, people * across // 2))
    far = far[:, far[0] // size != far[1] // size]
    ends = np.concatenate([near, far], axis=1).T
    pairs = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    return _mutual(pairs.tolist(), people, rng)


def village(rng: Generator, people: int = 50, density: float = VILLAGE_DENSITY) -> Any:
    """Fifty people of whom a quarter know one another."""
    drawn = networkx.gnp_random_graph(people, density, seed=_seed(rng))
    return _mutual(list(drawn.edges()), people, rng)


def two_towns(rng: Generator, size: int = 500, bridges: int = BRIDGES) -> Any:
    """Two towns that hardly know each other."""
    ties = [
        (one + town * size, other + town * size)
        for town in range(2)
        for one, other in networkx.barabasi_albert_graph(size, TIES, seed=_seed(rng)).edges()
    ]
    ties += [(int(one), int(size + other)) for one, other in rng.integers(size, size=(bridges, 2))]
    return _mutual(ties, 2 * size, rng)


GRAPHS: Final[Mapping[str, Callable[[Generator], Any]]] = {
    "preferential": preferential,
    "communities": communities,
    "village": village,
    "two_towns": two_towns,
}


def _mutual(ties: Sequence[Sequence[int]], people: int, rng: Generator) -> Any:
    ends = np.array(ties, np.int64).reshape(-1, 2)
    ways = np.concatenate([ends, ends[:, ::-1]])
    weights = rng.lognormal(0, SPREAD, len(ways))
    return csr_array((weights, (ways[:, 0], ways[:, 1])), shape=(people, people))


def _seed(rng: Generator) -> int:
    return int(rng.integers(1 << 31))
