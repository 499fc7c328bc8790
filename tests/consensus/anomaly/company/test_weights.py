"""Weights of evidence: humble, continuous, and right on average."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.company import habits, scale, shared
from consensus.anomaly.company.company import Company
from consensus.anomaly.company.finding import find_warp, strange_habits

PEOPLE = np.random.default_rng(1).normal(0.4, 0.09, 20)
LINGERING = np.random.default_rng(4).normal(0.65, 0.17, 20)
APART = np.random.default_rng(2).normal(0, [0.12, 0.13], (20, 2))


def weighed(errors: float, holds: float | None = None, moments: float = 300) -> habits.Habits:
    """Correlations beside the same people's each time."""
    early = shared.Seen(errors, PEOPLE, moments)
    long = None if holds is None else shared.Seen(holds, LINGERING, moments)
    return habits.weighed(early, long)


SEEN = st.builds(
    shared.Seen,
    st.floats(-0.999, 0.999),
    st.lists(st.floats(-3.8, 3.8), min_size=4, max_size=48).map(np.array),
    st.floats(1, 1e5),
)


@given(SEEN, st.none() | SEEN)
def test_no_habit_says_more_than_some_people_allow(errors: shared.Seen, holds: shared.Seen | None):
    found = habits.weighed(errors, holds)
    least = log(habits.LIKE_PEOPLE_SHARE) - 0.1
    assert least < found.odds <= log(1 / habits.ODD_PEOPLE) + 1e-9


def test_the_usual_is_a_person_and_nothing_at_all_is_a_script():
    odds = [weighed(r).odds for r in (-0.2, 0.0, 0.1, 0.38)]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] > 4
    assert odds[-1] < -1


def test_fewer_moments_say_less():
    few, many = (weighed(0.02, moments=moments).odds for moments in (30, 500))
    assert few < many


def test_holds_tell_as_errors_do_and_both_tell_more():
    both, by_errors, by_holds, neither = (
        weighed(errors, holds, 60).odds
        for errors, holds in ((0.0, 0.0), (0.0, 0.57), (0.38, 0.0), (0.38, 0.57))
    )
    assert both > max(by_errors, by_holds)
    assert by_holds > 0 > neither


def test_people_are_not_accused_more_often_than_the_odds_say():
    rng = np.random.default_rng(3)
    factors = []
    for _ in range(400):
        moments = 200.0
        spread = (shared.ERRORS.own_variance + shared.PERSON_PER_MOMENT / moments) ** 0.5
        z = rng.normal(rng.normal(0.35, 0.1), spread, 13)
        seen = shared.Seen(float(np.tanh(z[0])), z[1:], moments)
        factors.append(np.exp(habits.weighed(seen, None).odds))
    # Under people a likelihood ratio is 1 on average; people with no habits are not among these.
    assert np.mean(factors) < 1.2


@given(
    st.tuples(st.floats(-20, 20), st.floats(-20, 20)),
    st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=4, max_size=48),
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
        weighed(correlation, 0.0 if correlation == 0 else 0.95, 400),
        scale.weighed(np.log([0.6, 0.65]), APART, 8, 500),
    )
    habit, (by_size,) = strange_habits(found), find_warp(found)
    assert habit is not None
    assert "20 others" in habit
    assert ("this play has not" in habit) == (correlation == 0)
    assert 500_000 < by_size.anomaly_ppm < 900_000
    assert "sped up" in by_size.reason


def test_nothing_is_said_of_people():
    usual = weighed(0.38, 0.57, 400)
    same = scale.weighed(np.zeros(2), APART, 8, 500)
    for company in (Company(20, usual, same), Company(20, None, None), None):
        assert strange_habits(company) is None
        assert find_warp(company) == ()
