"""Forests of scikit-learn as the flat arrays that the daemon asks."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.forest import Forest
from consensus.anomaly.traces import Floats

EULER: Final = float(np.euler_gamma)


def flat_classifier(forest: Any) -> Forest:
    """Each leaf's share of the second class."""
    return _flat(forest, [_shares(estimator.tree_) for estimator in forest.estimators_])


def flat_isolation(forest: Any) -> Forest:
    """Each leaf's path length over the average one, so that 2^-mean is scikit-learn's score."""
    expected = average_path(np.array([float(forest.max_samples_)]))[0]
    values = []
    for estimator in forest.estimators_:
        tree = estimator.tree_
        depths = _depths(tree)
        values.append((depths + average_path(tree.n_node_samples)) / expected)
    return _flat(forest, values)


def average_path(samples: NDArray[Any]) -> Floats:
    """How deep an unsuccessful search in a binary tree goes: 2 H(n - 1) - 2 (n - 1) / n.

    Source: Liu, Ting and Zhou, Isolation Forest, ICDM 2008, equation 1.
    """
    count = np.asarray(samples, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        deep = 2 * (np.log(count - 1) + EULER) - 2 * (count - 1) / count
    lengths: Floats = np.where(count <= 1, 0.0, np.where(count == 2, 1.0, deep))
    return lengths


def arrays_of(forest: Forest, name: str) -> dict[str, NDArray[Any]]:
    """The forest's arrays as they are kept in a file, as small as they can be without loss."""
    return {
        f"{name}_roots": forest.roots.astype(np.int32),
        f"{name}_features": forest.features.astype(np.int8),
        f"{name}_thresholds": forest.thresholds,
        f"{name}_lefts": forest.lefts.astype(np.int32),
        f"{name}_values": forest.values,
        f"{name}_depth": np.array(forest.depth),
    }


def _shares(tree: Any) -> Floats:
    values = tree.value[:, 0, :]
    shares: Floats = values[:, 1] / values.sum(axis=1)
    return shares


def _depths(tree: Any) -> Floats:
    depths = np.zeros(tree.node_count)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                depths[child] = depths[node] + 1
    return depths


def _flat(forest: Any, values: list[Floats]) -> Forest:
    """Nodes of all trees, level by level, brothers side by side."""
    roots: list[int] = []
    rows: list[tuple[int, float, int, float]] = []
    deepest = 0
    for estimator, said in zip(forest.estimators_, values, strict=True):
        tree = estimator.tree_
        roots.append(len(rows))
        level = [0]
        rows.append((0, np.inf, len(rows), 0.0))
        places = {0: len(rows) - 1}
        depth = 0
        while level:
            below: list[int] = []
            for node in level:
                left, right = int(tree.children_left[node]), int(tree.children_right[node])
                place = places[node]
                if left < 0:
                    rows[place] = (0, np.inf, place, float(said[node]))
                    continue
                places[left], places[right] = len(rows), len(rows) + 1
                rows += [(0, np.inf, 0, 0.0), (0, np.inf, 0, 0.0)]
                asked, limit = int(tree.feature[node]), float(tree.threshold[node])
                rows[place] = (asked, limit, places[left], 0.0)
                below += [left, right]
            level = below
            depth += bool(below)
        deepest = max(deepest, depth)
    features, thresholds, lefts, leaves = zip(*rows, strict=True)
    return Forest(
        np.array(roots, np.int64),
        np.array(features, np.int64),
        np.array(thresholds, np.float64),
        np.array(lefts, np.int64),
        np.array(leaves, np.float64),
        deepest,
    )
