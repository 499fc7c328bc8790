import numpy as np

from consensus.anomaly.traces import NEVER, Traces
from simulations.detection.comparison import (
    FEWEST_SHARED,
    UNLIKE,
    column_of,
    measures_of,
    outlier_scores,
    raw_errors,
)

NOTES = 40


def traces(errors_ms: list[float]) -> Traces:
    count = len(errors_ms)
    starts_us = np.arange(count) * 200_000
    presses_us = np.array(
        [NEVER if np.isnan(error) else round(error * 1_000) for error in errors_ms]
    )
    is_hit = presses_us != NEVER
    presses_us[is_hit] += starts_us[is_hit]
    releases_us = np.where(is_hit, presses_us + 80_000, NEVER)
    zeros = np.zeros(count, dtype=np.int64)
    return Traces(4, starts_us, zeros, zeros, presses_us, releases_us)


def play(seed: int, spread_ms: float = 10.0) -> list[float]:
    return [float(error) for error in np.random.default_rng(seed).normal(0, spread_ms, NOTES)]


def measure(name: str, errors_ms: list[float], known_ms: list[list[float]]) -> float:
    known = np.array(known_ms).reshape(-1, len(errors_ms))
    return float(measures_of(traces(errors_ms), known)[column_of(name)])


def test_a_copy_is_more_similar_than_another_play() -> None:
    copied = [error + 1.0 for error in play(1)]
    near = measure("similarity", copied, [play(1), play(2)])
    far = measure("similarity", copied, [play(2), play(3)])
    assert near > far
    assert abs(near - -1.0) < 0.01


def test_nothing_is_similar_to_no_play_or_to_one_that_shares_too_little() -> None:
    little = [*play(1)[: FEWEST_SHARED - 1], *[np.nan] * (NOTES - FEWEST_SHARED + 1)]
    assert measure("similarity", play(1), []) == UNLIKE
    assert measure("similarity", play(1), [little]) == UNLIKE


def test_exact_plays_have_the_lowest_unstable_rate_and_wild_ones_the_highest() -> None:
    exact, wild = play(1, 2.0), play(1, 30.0)
    assert measure("unstable rate low", exact, []) > measure("unstable rate low", wild, [])
    assert measure("unstable rate high", wild, []) > measure("unstable rate high", exact, [])


def test_independent_errors_are_more_suspicious_than_drifting_ones() -> None:
    drifting = [float(error) for error in np.cumsum(play(1, 3.0))]
    assert measure("lag-1 memory", play(2), []) > measure("lag-1 memory", drifting, [])


def test_misses_count_as_no_error_and_short_plays_are_filled_up() -> None:
    found = raw_errors(traces([5.0, np.nan, -3.0]), 5)
    assert found.tolist() == [5.0, 0.0, -3.0, 0.0, 0.0]


def test_what_lies_far_from_all_people_scores_higher_than_what_lies_among_them() -> None:
    people = np.random.default_rng(1).normal(0, 10, (60, 8))
    scores = outlier_scores(people, np.array([np.zeros(8), np.full(8, 200.0)]), seed=1)
    assert (scores[1] > scores[0]).all()
