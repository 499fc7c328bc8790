"""The `.qua` importer: numbers that were left out, quotes, and what is refused with its line."""

import pytest

from consensus.chart import Note, TimingPoint
from game.charts.errors import ChartImportError
from game.charts.files import import_file
from game.charts.imported import ImportedSong

NOTES = "- StartTime: 500\n  Lane: 1\n- StartTime: 750.5\n  Lane: 4\n  EndTime: 1000\n"


def qua(notes: str = NOTES, timing: str = "- Bpm: 120\n", mode: str = "Keys4") -> bytes:
    return (
        f"AudioFile: a.mp3\nSongPreviewTime: 1500\nMode: {mode}\nTitle: 'It''s: #1'\n"
        f'Artist: "S\\u00f6meone"\nDifficultyName: Hard\nEditorLayers: []\n'
        f"Description: >-\n  long\n  words\nTimingPoints:\n{timing}"
        f"SliderVelocities:\n- StartTime: 1\n  Multiplier: x\nHitObjects:\n{notes}"
    ).encode()


def read(data: bytes) -> ImportedSong:
    return import_file("a.qua", data)


def test_a_small_file_becomes_the_song_it_describes():
    song = read(qua())
    (named,) = song.charts
    assert (song.title, song.artist, song.audio) == ("It's: #1", "Sömeone", "a.mp3")
    assert (song.music_start_us, song.preview_us, named.name) == (0, 1_500_000, "Hard")
    assert named.chart.timing == (TimingPoint(0, 500_000),)
    assert named.chart.notes == (Note(500_000, 0), Note(750_500, 3, 249_500))


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("- Lane: 2\n", [Note(0, 1)]),
        ("- Lane: 2\n  EndTime: 90\n", [Note(0, 1, 90_000)]),
        ("- Lane: 2\n  StartTime: 9\n  EndTime: 5\n", [Note(9_000, 1)]),
        ("  - StartTime: 5.0\n    Lane: 1\n    EndTime: 0\n", [Note(5_000, 0)]),
        ("- Lane: 1\n  KeySounds:\n  - Sample: 1\n    Lane: 9\n", [Note(0, 0)]),
        ("- Lane: 1\n  KeySounds: []\n  Type: Mine\n- Lane: 3\n", [Note(0, 2)]),
        ("- Lane: 1 # first\n\n# none\n", [Note(0, 0)]),
        ("- StartTime: 5\n  Lane: 1\n- StartTime: 5\n  Lane: 1\n", [Note(5_000, 0)]),
    ],
    ids=["tap", "hold", "early end", "indented", "sounds", "mine", "comments", "twice"],
)
def test_every_kind_of_note_is_understood(notes: str, expected: list[Note]):
    assert list(read(qua(notes)).charts[0].chart.notes) == expected


def test_notes_before_the_music_move_it():
    song = read(qua("- StartTime: -250\n  Lane: 1\n- Lane: 2\n"))
    assert song.music_start_us == 250_000
    assert song.charts[0].chart.notes == (Note(0, 0), Note(250_000, 1))
    assert song.charts[0].chart.timing == (TimingPoint(250_000, 500_000),)


def test_a_scratch_is_one_lane_more():
    chart = read(qua(mode="Keys7\nHasScratchKey: true", notes="- Lane: 8\n")).charts[0].chart
    assert (chart.keys, chart.notes) == (8, (Note(0, 7),))


def test_impossible_tempos_are_left_out():
    timing = "- Bpm: 0\n- StartTime: 5\n  Bpm: 1e9\n- StartTime: 7\n  Bpm: -1\n"
    assert read(qua(timing=timing)).charts[0].chart.timing == (TimingPoint(0, 500_000),)


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 0, "no Mode"),
        (b"hello", 1, "'hello' is not `Key: value`"),
        (b"Mode: Keys4\n", 0, "HitObjects, the list of notes, is missing"),
        (qua(mode="Taiko"), 3, "'Taiko' is no mode such as Keys4"),
        (qua(mode="Keys19"), 3, "19 lanes"),
        (qua("- Lane: 5\n"), 17, "lane 5, not 1 to 4"),
        (qua("- Lane: 1.5\n"), 17, "lane 1.5, not 1 to 4"),
        (qua("- StartTime: 5\n"), 17, "lane 0, not 1 to 4"),
        (qua("- Lane: 1\n  StartTime: soon\n"), 18, "'soon' is not a number"),
        (qua("- Lane: 1\n  StartTime: 1e9\n"), 18, "beyond two hours"),
        (qua("- Lane: 1\n StartTime: 5\n"), 18, "is no part of HitObjects"),
        (qua("  Lane: 1\n"), 17, "is no part of HitObjects"),
        (qua("- Lane\n"), 17, "'Lane' is not `Key: value`"),
        (qua().replace(b"HitObjects:", b"HitObjects: 5"), 16, "HitObjects is not a list"),
        (qua(timing="- Lane: 1\n" * 4_097), 4_108, "more than 4096 entries in TimingPoints"),
    ],
)
def test_what_is_no_chart_is_refused_with_its_line(data: bytes, line: int, message: str):
    with pytest.raises(ChartImportError, match=message) as refusal:
        read(data)
    assert refusal.value.line == line
