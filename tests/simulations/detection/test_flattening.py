"""Flat forests say what scikit-learn's say, whatever the trees look like."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
)

from consensus.anomaly.forest import Forest
from consensus.anomaly.traces import Floats
from simulations.detection.flattening import (
    Tree,
    arrays_of,
    average_path,
    flat,
    flat_boosting,
    flat_classifier,
    flat_isolation,
)

FEATURES = 6


def drawn(seed: int, count: int) -> Floats:
    """Rows of 32-bit floats; a feature takes few values, and another hardly varies."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(count, FEATURES))
    rows[:, 1] = chance.integers(0, 3, count)
    rows[:, 2] = 1e-3 * rows[:, 2] + 5
    return rows.astype(np.float32).astype(np.float64)


def labels(rows: Floats, seed: int) -> np.ndarray:
    return rows[:, 0] * rows[:, 1] + np.random.default_rng(seed).normal(size=len(rows)) > 0


def twice(rows: Floats) -> Floats:
    return np.concatenate((rows, rows))


def few_alike(rows: Floats) -> Floats:
    return np.repeat(rows[:5], len(rows) // 5, axis=0)


def all_alike(rows: Floats) -> Floats:
    return np.repeat(rows[:1], len(rows), axis=0)


Change = Callable[[Floats], Floats]
CHANGES = [lambda rows: rows, twice, few_alike, all_alike]


def means(forest: Forest, rows: Floats) -> Floats:
    return np.array([forest.answers(row).mean() for row in rows])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("change", CHANGES)
def test_the_mean_over_flat_trees_is_the_probability(change: Change, seed: int):
    rows = change(drawn(seed, 300))
    is_second = labels(rows, seed)
    is_second[:2] = [False, True]
    trees = ExtraTreesClassifier(
        20, max_depth=7, min_samples_leaf=3, max_features=0.5, random_state=seed
    ).fit(rows, is_second, sample_weight=np.random.default_rng(seed).random(len(rows)) + 0.1)
    asked = np.concatenate((rows[:50], drawn(seed + 50, 100) * 3))
    expected = trees.predict_proba(asked)[:, 1]
    assert means(flat_classifier(trees), asked) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("samples", [2, 16, 256])
def test_two_to_the_minus_mean_is_the_isolation_score(change: Change, seed: int, samples: int):
    rows = change(drawn(seed, 300))
    isolation = IsolationForest(n_estimators=20, max_samples=samples, random_state=seed).fit(rows)
    asked = np.concatenate((rows[:50], drawn(seed + 50, 50) * 3))
    expected = -isolation.score_samples(asked)
    assert 2 ** -means(flat_isolation(isolation), asked) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("change", CHANGES)
def test_the_sum_of_boosted_trees_and_their_base_is_the_log_odds(change: Change, seed: int):
    rows = change(drawn(seed, 300))
    is_second = labels(rows, seed)
    is_second[:2] = [False, True]
    boosting = HistGradientBoostingClassifier(
        max_iter=20, max_leaf_nodes=8, early_stopping=False, random_state=seed
    ).fit(rows, is_second)
    asked = np.concatenate((rows[:50], drawn(seed + 50, 100) * 3))
    forest, base = flat_boosting(boosting)
    found = np.array([forest.answers(row).sum() + base for row in asked])
    assert found == pytest.approx(boosting.decision_function(asked), abs=1e-12)


def test_a_tree_of_one_leaf_is_a_root_that_answers():
    leaf = Tree(np.array([-1]), np.array([-1]), np.array([-2]), np.array([-2.0]), np.array([0.25]))
    forest = flat([leaf, leaf])
    assert forest.depth == 0
    assert forest.answers(np.zeros(FEATURES)).tolist() == [0.25, 0.25]


def test_brothers_are_side_by_side_and_leaves_their_own_children():
    rows = drawn(1, 200)
    trees = ExtraTreesClassifier(5, random_state=1).fit(rows, labels(rows, 1))
    forest = flat_classifier(trees)
    assert len(forest.features) == sum(one.tree_.node_count for one in trees.estimators_)
    assert forest.depth == max(one.get_depth() for one in trees.estimators_)
    is_leaf = np.isinf(forest.thresholds)
    assert (forest.lefts[is_leaf] == np.flatnonzero(is_leaf)).all()
    children = np.concatenate((forest.lefts[~is_leaf], forest.lefts[~is_leaf] + 1))
    assert sorted([*children, *forest.roots]) == list(range(len(is_leaf)))


def test_a_forest_is_kept_small_and_without_loss():
    rows = drawn(1, 200)
    forest = flat_classifier(ExtraTreesClassifier(5, random_state=1).fit(rows, labels(rows, 1)))
    kept = arrays_of(forest, "some")
    assert {array.dtype.itemsize for array in kept.values()} == {1, 4, 8}
    for name in ("roots", "features", "thresholds", "lefts", "values", "depth"):
        assert np.array_equal(kept[f"some_{name}"], getattr(forest, name)), name


def test_the_average_path_is_that_of_binary_search_trees():
    assert average_path(np.array([0, 1, 2])).tolist() == [0, 0, 1]
    for count in (3, 10, 256):
        harmonic = np.log(count - 1) + np.euler_gamma
        expected = 2 * harmonic - 2 * (count - 1) / count
        assert average_path(np.array([count]))[0] == pytest.approx(expected)
