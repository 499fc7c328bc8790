"""How real people who collude endorse keys that they invented, in different shapes.

Attackers keep their honest ties, and put a weight on their keys that outweighs them all. Invented
keys come after the real people in the numbering.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import csr_array

WEIGHT: Final = 20.0
"""Of an endorsement of an invented key; an honest tie weighs about 1."""
LINKS: Final = 3
"""Endorsements that each makes in a sparse net."""

Numbers = NDArray[np.int64]
Ties = list[tuple[Any, Any]]


def parallel(people: Numbers, keys: Numbers, rng: Generator) -> Ties:
    """Every attacker endorses every key."""
    return [(np.repeat(people, len(keys)), np.tile(keys, len(people)))]


def serial(people: Numbers, keys: Numbers, rng: Generator) -> Ties:
    """Every attacker endorses the first key, and each key the next."""
    return [(people, np.full(len(people), keys[0])), (keys[:-1], keys[1:])]


def cycle(people: Numbers, keys: Numbers, rng: Generator) -> Ties:
    """A chain of keys whose last endorses all attackers."""
    return [*serial(people, keys, rng), (np.full(len(people), keys[-1]), people)]


def sparse_net(people: Numbers, keys: Numbers, rng: Generator) -> Ties:
    """Attackers endorse few keys each, and keys few others: no two look alike."""
    speakers = np.repeat(np.concatenate([people, keys]), LINKS)
    return [(speakers, rng.choice(keys, len(speakers)))]


def pairs(people: Numbers, keys: Numbers, rng: Generator) -> Ties:
    """Two attackers for each key, which endorses one attacker: different ones each time."""
    chosen = np.array([rng.choice(people, min(2, len(people)), replace=False) for _ in keys])
    return [*((column, keys) for column in chosen.T), (keys, rng.choice(people, len(keys)))]


def ring(people: Numbers, keys: Numbers, rng: Generator) -> Ties:
    """No keys: real people who endorse nobody but one another."""
    return [(np.repeat(people, len(people)), np.tile(people, len(people)))]


SHAPES: Final[Mapping[str, Callable[[Numbers, Numbers, Generator], Ties]]] = {
    "parallel": parallel,
    "serial": serial,
    "cycle": cycle,
}
"""Those that goals are set for."""
EVASIONS: Final[Mapping[str, Callable[[Numbers, Numbers, Generator], Ties]]] = {
    "sparse_net": sparse_net,
    "pairs": pairs,
    "ring": ring,
}
"""Those that try not to look like a pocket."""


def attacked(graph: Any, keys: int, ties: Ties, weight: float = WEIGHT) -> Any:
    """The graph with as many invented keys and the ties that make them look like people."""
    size = graph.shape[0] + keys
    known = graph.tocoo()
    sources = np.concatenate([known.row, *(source for source, _ in ties)])
    targets = np.concatenate([known.col, *(target for _, target in ties)])
    weights = np.concatenate([known.data, np.full(len(sources) - len(known.data), weight)])
    others = sources != targets
    return csr_array((weights[others], (sources[others], targets[others])), shape=(size, size))


def tricked(graph: Any, honest: Numbers, keys: Numbers, rng: Generator) -> Any:
    """The graph in which some honest people each acknowledge one invented key, as one of theirs."""
    known = graph.tocoo()
    believed = rng.choice(keys, len(honest))
    return csr_array(
        (
            np.concatenate([known.data, np.ones(len(honest))]),
            (np.concatenate([known.row, honest]), np.concatenate([known.col, believed])),
        ),
        shape=graph.shape,
    )
