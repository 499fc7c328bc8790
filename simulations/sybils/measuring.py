"""What an attack gains, and what the rule that holds it back costs honest people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from consensus.trust.arrays import Changes
from consensus.trust.index import TrustIndex
from simulations.sybils.rivals import hitting_time, once_per_walk, pagerank, shares

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rule = Callable[[int], Floats]
"""Scores of everybody, shape (n,), in the eyes of one observer."""

RULES: Final = ("popd", "pagerank", "once_per_walk", "hitting_time")


def index_of(graph: Any) -> TrustIndex[int]:
    """The daemon's index of a graph, without pockets yet."""
    edges = graph.tocoo()
    order = np.lexsort((edges.col, edges.row))
    sources, targets = edges.row[order].astype(np.int64), edges.col[order].astype(np.int64)
    weights = edges.data[order].astype(np.float64)
    changes = Changes(sources, targets, weights, weights.copy())
    return TrustIndex.of_edges(range(graph.shape[0]), changes)


def scores_by(index: TrustIndex[int], observer: int, least: float = 0.0) -> Floats:
    """What an index answers, as an array; force below `least` is not passed on."""
    scores = np.zeros(len(index.people))
    numbers, near = index.near(observer, least)
    scores[numbers] = near
    return scores


def rules_on(graph: Any, seed: int) -> Mapping[str, Rule]:
    """All rules, each ready to look at one graph."""
    index, passed = index_of(graph), shares(graph)
    index.find_pockets()
    return {
        "popd": lambda observer: scores_by(index, observer),
        "pagerank": lambda observer: pagerank(passed, observer),
        "once_per_walk": lambda observer: once_per_walk(passed, observer, seed),
        "hitting_time": lambda observer: hitting_time(passed, observer, seed),
    }


@dataclass(frozen=True, slots=True)
class Gain:
    """What one attack gained in one observer's eyes."""

    before: float
    """The attackers' proximity together, had they not attacked."""
    after: float
    """Theirs and their keys' with the attack."""

    @property
    def times(self) -> float:
        """How many times as much it is."""
        return self.after / self.before


def gain(before: Floats, after: Floats, attackers: Numbers) -> Gain:
    """`before` has shape (n,), `after` shape (n + keys,), the keys last."""
    keys = after[len(before) :].sum()
    return Gain(float(before[attackers].sum()), float(after[attackers].sum() + keys))


@dataclass(frozen=True, slots=True)
class Honest:
    """What the rule makes of honest people when nobody attacks, for one observer."""

    lost: float
    """The share of all proximity that pockets take away."""
    least_kept: float
    """What is left to whom they take most, as a factor; never 0."""
    likeness: float
    """Rank correlation with personalised PageRank."""
    reach: float
    """The share of all proximity that people have whom the observer never acknowledged."""


def honest(graph: Any, index: TrustIndex[int], free: TrustIndex[int], observer: int) -> Honest:
    """`free` is the index of the same graph without pockets."""
    kept, whole = scores_by(index, observer), scores_by(free, observer)
    others = np.arange(len(kept)) != observer
    known = others & (whole > 0)
    ranked = pagerank(shares(graph), observer)
    direct = np.zeros(len(kept), bool)
    direct[graph.indices[graph.indptr[observer] : graph.indptr[observer + 1]]] = True
    return Honest(
        lost=float(1 - kept[others].sum() / whole[others].sum()),
        least_kept=float((kept[known] / whole[known]).min()),
        likeness=float(spearmanr(ranked[others], kept[others]).statistic),
        reach=float(kept[others & ~direct].sum() / kept[others].sum()),
    )
