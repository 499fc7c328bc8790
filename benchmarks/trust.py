"""How quick a look at trust is, held against the same by scipy and PageRank by others, in one run.

Among a million people with ten million acknowledgements: most of each person's are of people of
the same neighbourhood, the others of whom many know.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any, Final

import igraph
import networkx
import numpy as np
from numpy.random import Generator
from scipy.sparse import coo_array

from benchmarks.common import Row, at_least, at_most, informs, progress, run_parts
from benchmarks.value import measured as values
from consensus.trust.graph import Acknowledgement
from consensus.trust.index import TrustIndex
from consensus.trust.pockets import find_pockets
from consensus.trust.proximity import ALPHA, DEPTH
from simulations.sybils.measuring import Floats, index_of
from simulations.sybils.rivals import shares

MANY: Final = 1_000_000
FEWER: Final = 100_000
"""People; networkx needs minutes for more."""
TIES: Final = 10
"""Acknowledgements of each."""
NEIGHBOURHOOD: Final = 200
"""People of one neighbourhood."""
FAR: Final = 0.3
"""The share of acknowledgements that go elsewhere."""
LOOKS: Final = 25
"""Observers whose looks are timed."""
NEWS: Final = 1_000
"""New acknowledgements at once."""


def town(rng: Generator, people: int, far: float = FAR) -> Any:
    """Who acknowledges whom, as a scipy CSR array of shape (n, n)."""
    count = people * TIES
    sources = rng.integers(people, size=count)
    targets = sources // NEIGHBOURHOOD * NEIGHBOURHOOD + rng.integers(NEIGHBOURHOOD, size=count)
    goes = rng.random(count) < far
    known = rng.permutation(people)[(people * rng.random(goes.sum()) ** 2).astype(np.int64)]
    targets[goes] = known
    others = (sources != targets) & (targets < people)
    weights = rng.lognormal(0, 0.5, count)[others]
    return coo_array((weights, (sources[others], targets[others])), shape=(people, people)).tocsr()


def looks() -> Iterator[Row]:
    """Proximity for one observer, and new acknowledgements without building anything again."""
    rng = np.random.default_rng(1)
    progress(f"a town of {MANY:,} people ...")
    graph = town(rng, MANY)
    index = index_of(graph)
    yield informs("people", MANY, "")
    yield informs("acknowledgements", graph.nnz, "")
    yield from _compared(rng, graph, index, "")
    yield from _news(rng, index)


def wide() -> Iterator[Row]:
    """The same where nobody has a neighbourhood: everybody is a few steps from everybody."""
    rng = np.random.default_rng(2)
    progress(f"a town of {MANY:,} people without neighbourhoods ...")
    graph = town(rng, MANY, far=1.0)
    yield from _compared(rng, graph, index_of(graph), "wide_")


def small() -> Iterator[Row]:
    """Networkx's PageRank at a tenth of the size."""
    rng = np.random.default_rng(3)
    progress(f"a town of {FEWER:,} people, in networkx ...")
    graph = town(rng, FEWER)
    index = index_of(graph)
    ours_s = _look_s(rng, index)
    other = networkx.from_scipy_sparse_array(graph, create_using=networkx.DiGraph)
    theirs_s = _seconds(lambda: networkx.pagerank(other, personalization={0: 1.0}))
    yield at_least("networkx_at_100k", theirs_s / ours_s, 200, "x")


def pockets() -> Iterator[Row]:
    """How long finding all pockets takes, which happens now and then in the background."""
    graph = town(np.random.default_rng(3), FEWER)
    progress("pockets of 100,000 people ...")
    yield informs("pockets_at_100k", _seconds(lambda: find_pockets(graph)), "s")


def _compared(rng: Generator, graph: Any, index: TrustIndex[int], prefix: str) -> Iterator[Row]:
    ours_s = _look_s(rng, index)
    whole = _scipy_look(graph)
    observers = rng.integers(len(index.people), size=3).tolist()
    scipy_s = median(_seconds(partial(whole, one)) for one in observers)
    yield informs(f"{prefix}look_ms", 1_000 * ours_s, "ms")
    yield at_least(f"{prefix}scipy", scipy_s / ours_s, 5, "x")
    gap = _gap(index, whole, observers[0])
    yield at_most(f"{prefix}largest_difference", 1e6 * gap, 10, "1e-6")
    progress("the same people in igraph ...")
    other, weights = _in_igraph(graph)
    rank = partial(other.personalized_pagerank, reset_vertices=0, weights=weights, damping=ALPHA)
    ratios = [_seconds(rank) / _look_s(rng, index) for _ in range(3)]
    claim = at_least(f"{prefix}igraph", median(ratios), 200, "x")
    yield informs(claim.name, claim.value, "x") if prefix else claim


def _in_igraph(graph: Any) -> tuple[Any, list[float]]:
    edges = graph.tocoo()
    ends = np.stack([edges.row, edges.col], axis=1)
    return igraph.Graph(n=graph.shape[0], edges=ends, directed=True), edges.data.tolist()


def _news(rng: Generator, index: TrustIndex[int]) -> Iterator[Row]:
    def words() -> list[Acknowledgement[int]]:
        pairs = rng.integers(len(index.people), size=(NEWS, 2)).tolist()
        return [Acknowledgement(source, target, 1.0, 0) for source, target in pairs]

    batches = [words() for _ in range(7)]
    times = [_seconds(partial(index.learn, batch, 0)) for batch in batches]
    yield at_most("news_1000_ms", 1_000 * median(times[1:]), 50, "ms")


def _look_s(rng: Generator, index: TrustIndex[int]) -> float:
    index.near(0)
    observers = rng.integers(len(index.people), size=LOOKS).tolist()
    return median(_seconds(partial(index.near, one)) for one in observers)


def _scipy_look(graph: Any) -> Callable[[int], Floats]:
    """The same computation with sparse products: all steps, for everybody."""
    passed = shares(graph)
    back = passed.T.tocsr()
    returned = np.asarray(passed.multiply(passed.T).sum(axis=1)).ravel()

    def look(observer: int) -> Floats:
        force = np.zeros(graph.shape[0])
        force[observer] = 1.0
        steps = [force]
        for _ in range(DEPTH):
            steps.append(ALPHA * (back @ steps[-1]))
        visits, early = np.sum(steps, axis=0), np.sum(steps[:-2], axis=0)
        scores: Floats = np.minimum(visits - ALPHA**2 * returned * early, 1)
        scores[observer] = 1.0
        return scores

    return look


def _gap(index: TrustIndex[int], whole: Callable[[int], Floats], observer: int) -> float:
    """The largest difference between what the two say, who ignore and don't ignore dust."""
    ours = np.zeros(len(index.people))
    numbers, near = index.near(observer)
    ours[numbers] = near
    return float(np.abs(ours - whole(observer)).max())


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


PARTS: Final = {
    "looks": looks, "wide": wide, "small": small, "pockets": pockets, "values": values,
}  # fmt: skip

if __name__ == "__main__":
    run_parts(__doc__ or "", PARTS)
