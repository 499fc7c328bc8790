"""Forests of scikit-learn as the flat arrays that the daemon asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.forest import Forest
from consensus.anomaly.traces import Floats, Integers

EULER: Final = float(np.euler_gamma)


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree, as any library might hold it: node 0 is the root, a leaf has no children."""

    lefts: Integers
    """[nodes] The left child; negative in a leaf."""
    rights: Integers
    """[nodes] The right child."""
    features: Integers
    """[nodes] Which feature is asked for."""
    thresholds: Floats
    """[nodes] Up to this value the way leads left."""
    values: Floats
    """[nodes] What a leaf says."""


def flat_classifier(forest: Any) -> Forest:
    """Each leaf's share of the second class; their mean is the probability of it."""
    return flat([_tree(one.tree_, _shares(one.tree_)) for one in forest.estimators_])


def flat_isolation(forest: Any) -> Forest:
    """Each leaf's path length over the average one, so that 2^-mean is scikit-learn's score."""
    expected = float(average_path(np.array([forest.max_samples_]))[0])
    trees = [one.tree_ for one in forest.estimators_]
    return flat(
        [
            _tree(tree, (_depths(tree) + average_path(tree.n_node_samples)) / expected)
            for tree in trees
        ]
    )


def flat_boosting(boosting: Any) -> tuple[Forest, float]:
    """Each leaf's part of the log-odds, and the constant that their sum is added to.

    Of a HistGradientBoostingClassifier for two classes; it shows its trees to nobody else, so that
    a test holds them against its own answers.
    """
    trees = []
    for (predictor,) in boosting._predictors:
        nodes = predictor.nodes
        is_leaf = nodes["is_leaf"].astype(bool)
        trees.append(
            Tree(
                np.where(is_leaf, -1, nodes["left"].astype(np.int64)),
                nodes["right"].astype(np.int64),
                nodes["feature_idx"].astype(np.int64),
                nodes["num_threshold"].astype(np.float64),
                nodes["value"].astype(np.float64),
            )
        )
    return flat(trees), float(boosting._baseline_prediction[0, 0])


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


def flat(trees: Sequence[Tree]) -> Forest:
    """Nodes of all trees, level by level, brothers side by side."""
    roots: list[int] = []
    rows: list[tuple[int, float, int, float]] = []
    deepest = 0
    for tree in trees:
        places = {0: len(rows)}
        roots.append(len(rows))
        rows.append(_EMPTY)
        level, depth = [0], -1
        while level:
            depth += 1
            below: list[int] = []
            for node in level:
                place, left = places[node], int(tree.lefts[node])
                if left < 0:
                    rows[place] = (0, np.inf, place, float(tree.values[node]))
                    continue
                right, limit = int(tree.rights[node]), float(tree.thresholds[node])
                rows[place] = (int(tree.features[node]), limit, len(rows), 0.0)
                places[left], places[right] = len(rows), len(rows) + 1
                rows += [_EMPTY, _EMPTY]
                below += [left, right]
            level = below
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


_EMPTY: Final = (0, np.inf, 0, 0.0)


def _tree(tree: Any, values: Floats) -> Tree:
    return Tree(tree.children_left, tree.children_right, tree.feature, tree.threshold, values)


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
