import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.detection.evaluation import (
    Rate,
    Scores,
    calibration,
    curve,
    rate_above,
    rate_caught,
    resamples,
    thresholds,
)

VALUES = st.lists(st.integers(0, 20), min_size=1, max_size=60)


def scores(values: list[float], people: list[int] | None = None) -> Scores:
    whose = [0] * len(values) if people is None else people
    return Scores(np.array(values, dtype=np.float64), np.array(whose, dtype=np.int64))


def limit(values: list[float], rate: float) -> float:
    return float(thresholds(scores(values), np.ones((1, 1)), rate)[0])


@given(VALUES, st.sampled_from([0.0, 0.001, 0.01, 0.1, 0.5]))
def test_the_threshold_is_the_lowest_score_that_few_enough_exceed(
    values: list[int], rate: float
) -> None:
    def exceeding(at: int) -> int:
        return sum(value > at for value in values)

    fitting = [at for at in values if exceeding(at) <= rate * len(values) + 1e-9]
    assert limit([float(value) for value in values], rate) == min(fitting)


def test_with_too_few_windows_the_threshold_is_the_highest_score() -> None:
    assert limit([float(value) for value in range(999)], 0.001) == 998
    assert limit([float(value) for value in range(1_000)], 0.001) == 998
    assert limit([float(value) for value in range(2_000)], 0.001) == 1_997


def test_equal_scores_at_the_threshold_are_no_false_alarms() -> None:
    assert limit([0.0] * 90 + [7.0] * 10, 0.01) == 7.0
    assert limit([0.0] * 90 + [7.0] * 10, 0.1) == 0.0


def test_a_person_who_counts_twice_counts_like_two_people() -> None:
    people = scores([1.0, 2.0, 3.0, 4.0], [0, 0, 1, 1])
    doubled = scores([1.0, 2.0, 3.0, 4.0, 3.0, 4.0], [0, 0, 1, 1, 1, 1])
    for rate in (0.0, 0.2, 0.34, 0.5, 0.7):
        once = thresholds(doubled, np.ones((1, 2)), rate)
        assert thresholds(people, np.array([[1.0, 2.0]]), rate) == once


def test_whoever_is_not_drawn_sets_no_threshold() -> None:
    people = scores([1.0, 2.0, 9.0], [0, 0, 1])
    assert thresholds(people, np.array([[1.0, 0.0]]), 0.0)[0] == 2.0


def test_all_fakes_above_all_people_are_caught_at_any_rate() -> None:
    weights = resamples(3, seed=1, count=50)
    innocent, fakes = scores([1.0, 2.0, 3.0], [0, 1, 2]), scores([4.0, np.inf], [0, 1])
    assert rate_caught(innocent, fakes, weights, 0.001) == Rate(1.0, 1.0, 1.0)


def test_fakes_that_score_like_the_people_are_caught_as_often_as_people_are_accused() -> None:
    values = [float(value) for value in range(1_000)]
    whose = [value % 10 for value in range(1_000)]
    weights = resamples(10, seed=1, count=20)
    both = scores(values, whose)
    found = rate_caught(both, both, weights, 0.01)
    assert found.value == pytest.approx(0.01)
    assert found.high <= 0.01 + 1e-9


def test_the_interval_is_that_of_people_and_not_of_windows() -> None:
    weights = resamples(4, seed=2)
    few = scores([0.0] * 2 + [1.0] * 2, [0, 1, 2, 3])
    many = scores([0.0] * 200 + [1.0] * 200, [0] * 100 + [1] * 100 + [2] * 100 + [3] * 100)
    assert rate_above(few, 0.5, weights) == rate_above(many, 0.5, weights)
    assert rate_above(few, 0.5, weights) == Rate(0.5, 0.0, 1.0)


def test_the_same_seed_draws_the_same_people() -> None:
    drawn = resamples(7, seed=3, count=40)
    assert np.array_equal(drawn, resamples(7, seed=3, count=40))
    assert not np.array_equal(drawn, resamples(7, seed=4, count=40))
    assert set(drawn.sum(axis=1)) == {7.0}
    assert np.array_equal(drawn[0], np.ones(7))


def test_nothing_to_catch_has_no_rate() -> None:
    found = rate_above(scores([]), 0.0, resamples(1, seed=1, count=5))
    assert np.isnan([found.value, found.low, found.high]).all()


@given(VALUES, VALUES)
def test_a_curve_only_rises_and_ends_at_all(people: list[int], fakes: list[int]) -> None:
    alarms, caught = curve(scores(list(map(float, people))), scores(list(map(float, fakes))))
    assert (np.diff(alarms) >= 0).all()
    assert (np.diff(caught) >= 0).all()
    assert (alarms[0], caught[0], alarms[-1], caught[-1]) == (0.0, 0.0, 1.0, 1.0)


def test_true_probabilities_are_found_to_be_calibrated() -> None:
    log_odds = np.log(np.array([0.1 / 0.9] * 10 + [0.7 / 0.3] * 10))
    is_fake = np.array([1.0] + [0.0] * 9 + [1.0] * 7 + [0.0] * 3)
    predicted, observed, windows = calibration(log_odds, is_fake, np.ones(20), bins=4)
    assert predicted == pytest.approx([0.1, 0.7])
    assert observed == pytest.approx([0.1, 0.7])
    assert windows.tolist() == [10.0, 10.0]


def test_what_a_window_counts_for_moves_the_share_and_not_the_number() -> None:
    _, observed, windows = calibration(
        np.zeros(2), np.array([1.0, 0.0]), np.array([3.0, 1.0]), bins=2
    )
    assert (observed.tolist(), windows.tolist()) == ([0.75], [2.0])
