"""The chance of a likeness falls with likeness and with length, and agrees with known tails."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.copies.background import (
    common_rest,
    independent,
    log_chance,
    log_chance_of_all,
    log_tail,
)


@pytest.mark.parametrize(
    ("deviations", "chance"), [(0, 0.5), (1.6449, 0.05), (3.0902, 0.001), (6, 9.8659e-10)]
)
def test_the_tail_is_that_of_the_normal_distribution(deviations: float, chance: float):
    assert exp(log_tail(deviations)) == pytest.approx(chance, rel=1e-3)


def test_far_tails_go_on_where_the_near_ones_end():
    assert log_tail(30.0) == pytest.approx(log_tail(29.999), abs=0.05)
    assert log_tail(1_000.0) == pytest.approx(-500_007.8, abs=0.1)


@given(st.floats(-1, 1), st.integers(1, 10_000), st.floats(0, 0.4))
def test_more_likeness_is_never_likelier(correlation: float, moments: int, rest: float):
    here = log_chance(correlation, moments, rest)
    assert log_chance(min(correlation + 0.05, 1.0), moments, rest) <= here <= 0


def test_a_mean_of_many_leaves_nothing_in_common():
    rests = [common_rest(plays) for plays in (0, 1, 4, 24, 100_000)]
    assert rests == sorted(rests, reverse=True)
    assert rests[3] == pytest.approx(0.037, abs=0.002)
    assert rests[4] < 1e-4


def test_memory_makes_moments_count_less():
    assert independent(100, 0.0, 0.9) == 100
    assert independent(100, -0.5, -0.5) == 100
    assert independent(100, 0.5, 0.5) == 60


def test_chances_are_taken_together_as_fisher_does():
    assert log_chance_of_all([]) == 0
    assert log_chance_of_all([log(0.01)]) == pytest.approx(log(0.01))
    dice = np.random.default_rng(1).random((200_000, 3))
    measured = (dice.prod(axis=1) <= 0.05 * 0.1 * 0.2).mean()
    together = log_chance_of_all([log(0.05), log(0.1), log(0.2)])
    assert exp(together) == pytest.approx(measured, rel=0.05)
    assert log_chance_of_all([-1e5] * 60) < -5e6
