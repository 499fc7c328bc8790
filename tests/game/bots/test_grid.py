"""Bots write what a client would have seen."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.evidence import KeyEvent
from game.bots.exact import Exact
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.strokes import Stroke, events_of

WINDOW_US = 400_000
strokes = st.builds(Stroke, st.integers(0, 399_999), st.integers(0, 3), st.integers(1, 500_000))


def test_no_grid_changes_nothing():
    events = (KeyEvent(7, 0, True), KeyEvent(1_234_567, 0, False))
    assert on_grid(events, 0, 2_000_000, Random(1)) == events


def test_a_client_of_a_millisecond_rounds_up():
    events = (KeyEvent(7, 0, True), KeyEvent(3_000, 1, True), KeyEvent(4_001, 0, False))
    assert on_grid(events, 1_000, 9_000, Random(1)) == (
        KeyEvent(1_000, 0, True),
        KeyEvent(3_000, 1, True),
        KeyEvent(5_000, 0, False),
    )


@given(st.lists(strokes, max_size=40), st.integers(1, 16_000), st.integers(0, 99))
def test_keys_still_go_down_and_up_by_turns_in_whole_milliseconds(played, grid_us, seed):
    events = events_of(played, WINDOW_US)
    seen = on_grid(events, grid_us, WINDOW_US, Random(seed))
    assert all(event.time_us % 1_000 == 0 and event.time_us < WINDOW_US for event in seen)
    for lane in range(4):
        own = [event for event in seen if event.lane == lane]
        assert [event.is_press for event in own] == [i % 2 == 0 for i in range(len(own))]
        assert all(before.time_us < after.time_us for before, after in pairwise(own))
        asked = [event for event in events if event.lane == lane]
        assert len(own) <= len(asked)


@pytest.mark.parametrize("grid_us", [2_000, 4_167, 8_000])
def test_moments_lie_about_a_frame_apart_but_not_like_a_comb(song, grid_us: int):
    events = Exact(grid_us=grid_us).play(song, 60_000_000, Random(4))
    late_us = [min(event.time_us % 5_000, 5_000) for event in events]
    times_us = sorted({event.time_us for event in events})
    gaps_us = np.diff(times_us)
    near = gaps_us[gaps_us < 0.5 * grid_us]
    assert len(near) < 0.02 * len(gaps_us)
    assert len(set(late_us)) > 2


def test_clients_are_drawn_between_microseconds_and_a_hundredth_of_a_second():
    grids_us = [drawn_grid_us(Random(seed)) for seed in range(2_000)]
    frames_us = [grid_us for grid_us in grids_us if grid_us > 1_000]
    assert 0.1 < grids_us.count(0) / len(grids_us) < 0.2
    assert min(frames_us) < 1_100 < 9_000 < max(frames_us) <= 10_000
