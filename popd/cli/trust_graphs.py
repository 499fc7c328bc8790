"""The trust graph of a table, as a graph and as the index that walks are quick on."""

import numpy as np
from numpy.typing import NDArray

from consensus.trust.arrays import Changes
from consensus.trust.graph import HALF_LIFE_DAYS, MAX_WEIGHT, Acknowledgement, TrustGraph
from consensus.trust.index import TrustIndex
from consensus.units import MILLISECONDS_PER_DAY
from popd.cli.trust_tables import Table, newest


def graph_of(table: Table, now_ms: int | None) -> TrustGraph[str]:
    """What `graph_from` makes of a table; without times nothing has faded."""
    sides: tuple[dict[str, dict[str, float]], ...] = ({}, {})
    names, weights = table.names, _weights(table, now_ms).tolist()
    for source, target, weight in zip(table.source, table.target, weights, strict=True):
        if weight and source != target:
            targets = sides[weight < 0].setdefault(names[source], {})
            targets[names[target]] = targets.get(names[target], 0.0) + abs(weight)
    return TrustGraph(newest(table) if now_ms is None else now_ms, *sides)


def index_of(table: Table, now_ms: int | None) -> TrustIndex[str]:
    """The index of a table, with its pockets."""
    weights = _weights(table, now_ms)
    if (weights < 0).any():
        names, index = table.names, TrustIndex[str]()
        rows = zip(table.source, table.target, weights.tolist(), strict=True)
        index.learn((Acknowledgement(names[a], names[b], weight, 0) for a, b, weight in rows), 0)
    else:
        index = TrustIndex.of_edges(table.names, _summed(table, weights))
    index.find_pockets()
    return index


def _weights(table: Table, now_ms: int | None) -> NDArray[np.float64]:
    weights = np.array(table.weight, dtype=np.float64).clip(-MAX_WEIGHT, MAX_WEIGHT)
    if table.time_ms:
        moment = newest(table) if now_ms is None else now_ms
        age_ms = np.maximum(moment - np.array(table.time_ms, dtype=np.int64), 0)
        weights *= 0.5 ** (age_ms / (HALF_LIFE_DAYS * MILLISECONDS_PER_DAY))
    return weights


def _summed(table: Table, weights: NDArray[np.float64]) -> Changes:
    """Pairs of a table that trust each other, each once, in order."""
    source = np.array(table.source, dtype=np.int64)
    target = np.array(table.target, dtype=np.int64)
    speaks = (source != target) & (weights > 0)
    people = max(len(table.names), 1)
    pairs, number = np.unique(source[speaks] * people + target[speaks], return_inverse=True)
    summed = np.bincount(number, weights[speaks], minlength=len(pairs)).astype(np.float64)
    return Changes(pairs // people, pairs % people, summed, summed.copy())
