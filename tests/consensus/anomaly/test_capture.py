"""How finely a client captured a play is found, be its looks even or not."""

import numpy as np
import pytest

from consensus.anomaly.features.capture import FINEST_US, capture_interval_us
from consensus.anomaly.traces import NEVER, Integers, Traces
from tests.consensus.anomaly.plays import bell, play

GRIDS_US = [*range(2_000, 18_000, 1_000), 16_667]
DENSE_US = 30_000
NOTES = 800


def lively(seed: int, step_us: int = DENSE_US) -> Traces:
    """A play whose keys go down and up at any time."""
    starts_us = np.arange(NOTES) * step_us
    return play(bell(seed, NOTES, 20), bell(seed + 100, NOTES, 20) + 90, starts_us=starts_us)


def captured(traces: Traces, looks_us: Integers) -> Traces:
    """Every press and release as the first look after it has it."""
    presses, releases = (
        looks_us[np.searchsorted(looks_us, times)]
        for times in (traces.presses_us, traces.releases_us)
    )
    return Traces(
        traces.keys, traces.starts_us, traces.lanes, traces.durations_us, presses, releases
    )


@pytest.mark.parametrize("grid_us", GRIDS_US)
def test_even_looks_are_found_exactly(grid_us: int):
    looks_us = np.arange(-1_000_000, NOTES * DENSE_US * 2, grid_us)
    assert capture_interval_us(captured(lively(1), looks_us + 333)) == grid_us


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mean_us", [4_000, 8_000, 12_000, 16_667])
def test_uneven_looks_are_found_within_30_percent(mean_us: int, seed: int):
    steps = np.random.default_rng(seed).uniform(0.88, 1.12, 100_000_000 // mean_us) * mean_us
    looks_us = np.cumsum(steps).astype(int) // 1_000 * 1_000 - 1_000_000
    found = capture_interval_us(captured(lively(seed), looks_us))
    assert found == pytest.approx(mean_us, rel=0.3)


def test_a_grid_of_1_ms_is_not_told_from_one_of_2_ms():
    looks_us = np.arange(-1_000_000, NOTES * DENSE_US * 2, 1_000)
    assert capture_interval_us(captured(lively(1), looks_us)) == 2_000


@pytest.mark.parametrize("seed", range(3))
def test_microseconds_are_finer_than_any_grid_of_whole_milliseconds_but_two(seed: int):
    assert FINEST_US < capture_interval_us(lively(seed)) < 3_000


def test_a_burst_in_microseconds_is_as_fine_as_can_be():
    starts_us = np.cumsum(np.random.default_rng(1).integers(200, 700, 80))
    assert capture_interval_us(play(np.zeros(80), 0.4, starts_us=starts_us)) == FINEST_US


def test_in_a_sparse_play_the_music_is_an_upper_bound():
    assert capture_interval_us(lively(1, 500_000)) > capture_interval_us(lively(1))


def test_misses_and_keys_that_stay_down_are_no_looks():
    whole = captured(lively(1), np.arange(-1_000_000, NOTES * DENSE_US * 2, 7_000))
    is_kept = np.random.default_rng(1).random(NOTES) < 0.7
    some = Traces(
        whole.keys,
        whole.starts_us,
        whole.lanes,
        whole.durations_us,
        np.where(is_kept, whole.presses_us, NEVER),
        np.where(is_kept & (np.arange(NOTES) % 5 > 0), whole.releases_us, NEVER),
    )
    assert capture_interval_us(some) == 7_000


def test_a_few_gaps_tell_nothing():
    assert capture_interval_us(play([])) == FINEST_US
    assert capture_interval_us(play([1.0] * 4, 80.0)) == FINEST_US
    assert capture_interval_us(play([1.0] * 5, 80.0)) == 80_000
