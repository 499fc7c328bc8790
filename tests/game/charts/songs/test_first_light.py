"""First Light: a pleasure for ten fingers, enough for a full window."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from consensus.quality import normalised_entropy_ppm
from game.charts.songs import SONGS
from game.charts.songs.notation import phrase

SONG = SONGS["first_light"]
WINDOW_US = 20_000_000
FIRST_NOTE_US = 2_000_000


@pytest.mark.parametrize("keys", SONG.keys)
def test_every_window_of_twenty_seconds_has_enough_to_play_and_never_too_much(keys: int) -> None:
    chart = SONG.chart(keys)
    aligned = range(0, SONG.duration_us, WINDOW_US)
    sliding = range(FIRST_NOTE_US, SONG.duration_us - WINDOW_US, 500_000)
    counts = [len(chart.between(start, start + WINDOW_US)) for start in (*aligned, *sliding)]
    assert min(counts) >= 44
    assert max(counts) <= 64


@pytest.mark.parametrize("keys", SONG.keys)
def test_every_lane_is_used_about_as_often(keys: int) -> None:
    uses = Counter(note.lane for note in SONG.chart(keys).notes)
    assert sorted(uses) == list(range(keys))
    assert normalised_entropy_ppm(uses, keys) > 970_000


@pytest.mark.parametrize("keys", SONG.keys)
def test_no_lane_asks_for_a_second_press_before_the_finger_is_back(keys: int) -> None:
    notes = SONG.chart(keys).notes
    for lane in range(keys):
        own = [note for note in notes if note.lane == lane]
        rests = [
            later.start_us - earlier.start_us - earlier.duration_us
            for earlier, later in pairwise(own)
        ]
        assert min(rests) >= 150_000


@pytest.mark.parametrize("keys", SONG.keys)
def test_no_moment_asks_for_more_than_two_fingers(keys: int) -> None:
    assert set(Counter(note.start_us for note in SONG.chart(keys).notes).values()) == {1, 2}


@pytest.mark.parametrize("keys", SONG.keys)
def test_the_rhythm_has_eighths_quarters_thirds_and_holds(keys: int) -> None:
    notes = SONG.chart(keys).notes
    moments = sorted({note.start_us for note in notes})
    intervals = {later - earlier for earlier, later in pairwise(moments)}
    assert {250_000, 333_333, 500_000, 750_000} <= intervals
    assert sum(note.duration_us > 0 for note in notes) >= 8


def test_the_score_is_plain_data_within_the_song() -> None:
    score = SONG.score()
    assert json.loads(json.dumps(score)) == score
    assert (score["bpm"], score["duration_ms"]) == (120.0, 100_000)
    for voice in score["voices"]:
        for start_ms, duration_ms, pitch, velocity in voice["notes"]:
            assert 0 <= start_ms < start_ms + duration_ms <= score["duration_ms"]
            assert 20 <= pitch <= 100
            assert 0 < velocity <= 1


def test_a_song_without_a_chart_for_these_lanes_says_which_it_has() -> None:
    with pytest.raises(ValueError, match="charted for"):
        SONG.chart(5)


def test_a_bar_that_is_not_full_is_a_slip_of_the_pen() -> None:
    with pytest.raises(ValueError, match="bar 3 has 36 ticks"):
        list(phrase("D5:12 E5:24", 3))
