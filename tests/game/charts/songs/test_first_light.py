"""First Light: the same on every machine, a pleasure for ten fingers, enough for a full window."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from consensus.chart import chart_from_bytes, check_chart
from consensus.identifiers import ChartId
from consensus.quality import normalised_entropy_ppm
from game.charts.songs import SONGS
from game.charts.songs.notation import phrase

SONG = SONGS["first_light"]
WINDOW_US = 20_000_000
FIRST_NOTE_US = 2_000_000
CHART_IDS = {
    4: "9e5f465bae089978f007e425bdf366f3e369e0e09e506c9f3a2ff7cab8db4f9f",
    7: "2999ccccca2d7bf248aa55411246927fcc4dde12ecbc1038ab9d2f448263e3cc",
    10: "23e664f35b23f2e06907d455530a826975f65e55ba4c4f5306ba54f5d85d38b6",
}


@pytest.mark.parametrize("keys", SONG.keys)
def test_the_chart_is_the_same_chart_wherever_it_is_made(keys: int) -> None:
    chart = SONG.chart(keys)
    check_chart(chart)
    assert chart.id == ChartId(bytes.fromhex(CHART_IDS[keys]))
    assert chart_from_bytes(chart.to_bytes()) == chart


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


def test_every_charted_note_sounds_in_the_score() -> None:
    score = SONG.score()
    onsets = {round(note[0] * 1_000) for voice in score["voices"] for note in voice["notes"]}
    assert {note.start_us for note in SONG.chart(4).notes} <= onsets


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
