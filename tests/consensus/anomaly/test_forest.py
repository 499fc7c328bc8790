"""A forest of flat trees is walked as it is drawn."""

import numpy as np

from consensus.anomaly.forest import Forest

INF = np.inf


def forest(roots, rows, depth: int) -> Forest:
    """Rows of (feature, threshold, left child, value)."""
    features, thresholds, lefts, values = zip(*rows, strict=True)
    return Forest(
        np.array(roots),
        np.array(features),
        np.array(thresholds),
        np.array(lefts),
        np.array(values, dtype=float),
        depth,
    )


STUMP = forest([0], [(1, 0.5, 1, 0), (0, INF, 1, 10), (0, INF, 2, 20)], 1)
CROOKED = forest(
    [0, 1],
    [
        (0, INF, 0, 7),  # a tree that is a leaf
        (0, 1.0, 2, 0),
        (0, INF, 2, 1),
        (1, -1.0, 4, 0),
        (0, INF, 4, 2),
        (0, INF, 5, 3),
    ],
    2,
)


def test_up_to_the_threshold_the_way_leads_left():
    assert STUMP.answers(np.array([9.0, 0.5])).tolist() == [10]
    assert STUMP.answers(np.array([9.0, 0.501])).tolist() == [20]


def test_rows_are_compared_as_32_bit_floats():
    assert STUMP.answers(np.array([9.0, 0.5 + 1e-9])).tolist() == [10]


def test_every_tree_says_what_its_own_leaf_says_however_deep():
    found = {
        tuple(CROOKED.answers(np.array(row, dtype=float)).tolist())
        for row in ([0, 0], [1, 9], [2, -2], [2, -1], [2, 0])
    }
    assert found == {(7, 1), (7, 2), (7, 3)}


def test_the_farthest_values_find_a_leaf():
    huge = np.finfo(np.float32).max
    assert CROOKED.answers(np.array([huge, huge], dtype=float)).tolist() == [7, 3]
    assert CROOKED.answers(np.array([-huge, huge], dtype=float)).tolist() == [7, 1]
