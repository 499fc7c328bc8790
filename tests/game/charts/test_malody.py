"""The `.mc` importer: beats, the music's offset, and what is refused with its place."""

import json
from typing import Any

import pytest

from consensus.chart import Note, TimingPoint
from game.charts.errors import ChartImportError
from game.charts.files import import_file


def mc(*notes: dict[str, Any], offset: object = 0, **more: Any) -> bytes:
    song = {"title": "A", "artist": "B", "artistorg": "Ö"}
    file = {
        "meta": {"mode": 0, "mode_ext": {"column": 4}, "song": song, "version": "Hard"},
        "time": [{"beat": [0, 0, 1], "bpm": 60}, {"beat": [4, 0, 1], "bpm": 120.0}],
        "note": [*notes, {"beat": [0, 0, 1], "sound": "a.ogg", "offset": offset, "type": 1}],
    }
    return json.dumps({**file, **more}).encode()


TAP = {"beat": [1, 1, 2], "column": 0}


def test_a_small_file_becomes_the_song_it_describes():
    song = import_file("a.mc", mc(TAP, {"beat": [3, 0, 4], "endbeat": [5, 0, 4], "column": 3}))
    (named,) = song.charts
    assert (song.title, song.artist, song.audio, named.name) == ("A", "Ö", "a.ogg", "Hard")
    assert (named.chart.keys, song.music_start_us) == (4, 0)
    assert named.chart.notes == (Note(1_500_000, 0), Note(3_000_000, 3, 1_500_000))
    assert named.chart.timing == (TimingPoint(0, 1_000_000), TimingPoint(4_000_000, 500_000))


def test_the_first_beat_is_so_long_before_the_music():
    song = import_file("a.mc", mc(TAP, offset=500))
    assert (song.music_start_us, song.charts[0].chart.notes) == (0, (Note(1_000_000, 0),))
    song = import_file("a.mc", mc(TAP, offset=2_000))
    assert (song.music_start_us, song.charts[0].chart.notes) == (500_000, (Note(0, 0),))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: not JSON"),
        (b"{\n]", "line 2: not JSON"),
        (b"[]", "the file: fields are missing"),
        (b"{}", "meta: fields are missing"),
        (b"[" * 100_000, "JSON that no chart needs"),
        (b'{"meta": {"mode": 3}}', "meta: mode 3 is not 0"),
        (b'{"meta": {"mode": 0, "mode_ext": {"column": 19}}}', "meta: 19 lanes"),
        (mc(note=5), "note: not a list"),
        (mc({"beat": [1, 0, 0], "column": 0}), r"note 1: \[1, 0, 0\] is no beat"),
        (mc({"beat": [-1, 0, 1], "column": 0}), "note 1: .* is no beat"),
        (mc(TAP, {"beat": [1, 0, 1], "column": 4}), "note 2: column 4, not 0 to 3"),
        (mc(TAP, time=[{"beat": [0, 0, 1], "bpm": "x"}]), "time 1: x is not a number"),
        (mc(TAP, offset=10**400), "the music: not a number that can be used"),
        (mc({"beat": [99_999, 0, 1], "column": 0}), "note 1: a time beyond two hours"),
    ],
)
def test_what_is_no_chart_is_refused_with_its_place(data: bytes, message: str):
    with pytest.raises(ChartImportError, match=message):
        import_file("a.mc", data)
