"""Earlier plays of a performer speak against one that is unlike them, and never for any."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.features.book import NAMES
from consensus.anomaly.history import MOST, Axes, Histories, shipped_axes

FEATURES = 6
AXES = Axes(np.zeros(FEATURES), np.eye(FEATURES), np.full(FEATURES, 9.0))


def stretches(chance, centre, count=4):
    return [centre + chance.normal(size=FEATURES) for _ in range(count)]


def test_who_plays_as_before_adds_nothing_and_another_person_does():
    chance = np.random.default_rng(1)
    added = {"own": [], "other": []}
    for number in range(100):
        own, other = chance.normal(0, 3, (2, FEATURES))
        known = Histories(AXES)
        known.add("somebody", stretches(chance, own))
        added["own"].append(known.odds("somebody", stretches(chance, own, 1)))
        added["other"].append(known.odds("somebody", stretches(chance, other, 1)))
        assert known.odds(f"nobody {number}", stretches(chance, own, 1)) == 0
    assert sum(odds > 0 for odds in added["own"]) <= 2
    assert sum(odds > 0 for odds in added["other"]) >= 60
    assert max(added["other"]) <= MOST


@given(st.integers(0, 2))
def test_a_history_of_a_few_stretches_is_none(count: int):
    known = Histories(AXES)
    known.add("somebody", [np.zeros(FEATURES)] * count)
    assert known.odds("somebody", [np.full(FEATURES, 50.0)]) == 0


def test_the_shipped_axes_are_for_the_features_of_this_version():
    axes = shipped_axes()
    assert axes.means.shape == (len(NAMES),)
    assert axes.projection.shape == (len(NAMES), len(axes.variances))
    assert (axes.variances > 0).all()
