"""Weights of evidence: humble, continuous, and right on average."""

from math import atanh, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.company import habits, scale
from consensus.anomaly.company.company import Company
from consensus.anomaly.company.finding import find_strangeness

PEOPLE = np.random.default_rng(1).normal(0.4, 0.09, 20)
APART = np.random.default_rng(2).normal(0, [0.12, 0.13], (20, 2))


@given(
    st.floats(-0.999, 0.999),
    st.lists(st.floats(-3.8, 3.8), min_size=6, max_size=48),
    st.floats(1, 1e5),
)
def test_no_habit_says_more_than_some_people_allow(
    correlation: float, theirs: list[float], moments: float
):
    found = habits.weighed(correlation, np.array(theirs), moments)
    least = log(habits.LIKE_PEOPLE_SHARE) - 0.1
    assert least < found.odds <= log(1 / habits.ODD_PEOPLE) + 1e-9


def test_the_usual_is_a_person_and_nothing_at_all_is_a_script():
    odds = [habits.weighed(r, PEOPLE, 300).odds for r in (-0.2, 0.0, 0.1, 0.38)]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] > 4
    assert odds[-1] < -1


def test_fewer_moments_say_less():
    few, many = (habits.weighed(0.02, PEOPLE, moments).odds for moments in (30, 500))
    assert few < many


def test_people_are_not_accused_more_often_than_the_odds_say():
    rng = np.random.default_rng(3)
    factors = []
    for _ in range(400):
        moments = 200.0
        spread = (habits.OWN_VARIANCE + habits.PERSON_PER_MOMENT / moments) ** 0.5
        z = rng.normal(rng.normal(0.35, 0.1), spread, 13)
        factors.append(np.exp(habits.weighed(np.tanh(z[0]), z[1:], moments).odds))
    # Under people a likelihood ratio is 1 on average; people with no habits are not among these.
    assert np.mean(factors) < 1.2


@given(
    st.tuples(st.floats(-20, 20), st.floats(-20, 20)),
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=6, max_size=48),
    st.integers(1, 250),
    st.integers(1, 20_000),
)
def test_no_size_says_more_than_another_class_of_player_allows(
    apart: tuple[float, float], theirs: list[tuple[float, float]], stretches: int, hits: int
):
    found = scale.weighed(np.array(apart), np.array(theirs), stretches, hits)
    assert abs(found.odds) <= scale.MOST
    assert found.factor > 0


def test_what_is_small_in_one_alone_was_not_sped_up():
    both, exact, light, neither = (
        scale.weighed(np.log(sizes), APART, 8, 500).odds
        for sizes in ((0.6, 0.6), (0.6, 1.0), (1.0, 0.6), (1.0, 1.0))
    )
    assert both > 2
    assert max(exact, light) < 0.5
    assert neither < -2


@pytest.mark.parametrize("correlation", [0.0, 0.95])
def test_players_are_told_what_is_odd_and_how_odd(correlation: float):
    found = Company(
        20,
        habits.weighed(correlation, PEOPLE, 400),
        scale.weighed(np.log([0.6, 0.65]), APART, 8, 500),
    )
    by_habit, by_size = find_strangeness(found)
    assert 0 < by_habit.anomaly_ppm < 900_000
    assert 500_000 < by_size.anomaly_ppm < 900_000
    assert "20 other people" in by_habit.reason
    assert ("this play is not" in by_habit.reason) == (correlation < atanh(0.4))
    assert "sped up" in by_size.reason


def test_nothing_is_said_of_people():
    usual = habits.weighed(0.38, PEOPLE, 400)
    same = scale.weighed(np.zeros(2), APART, 8, 500)
    assert find_strangeness(Company(20, usual, same)) == ()
    assert find_strangeness(Company(20, None, None)) == find_strangeness(None) == ()


def test_a_higher_prior_never_clears_anybody():
    found = Company(20, habits.weighed(0.0, PEOPLE, 400), None)
    told = [find_strangeness(found, prior)[0].anomaly_ppm for prior in (10_000, 100_000, 10**6)]
    assert told == sorted(told)
