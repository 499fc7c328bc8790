"""One way in for every format: by the ending of the name, the hardest chart first."""

import pytest

from consensus.chart import Chart, Note, TimingPoint
from game.charts.errors import ChartImportError
from game.charts.figures import ChartFigures, figures_of, main_bpm
from game.charts.files import import_file
from game.charts.imported import NamedChart, hardest_first, timing_from

CHART = Chart("A", "B", 4, (TimingPoint(0, 500_000),), (Note(0, 0), Note(250_400, 3, 250_000)))


def test_canonical_bytes_are_a_chart_file():
    song = import_file("a.CHART", CHART.to_bytes())
    assert (song.title, song.artist, song.audio, song.music_start_us) == ("A", "B", "", 0)
    assert [(named.name, named.chart) for named in song.charts] == [("4K", CHART)]


def test_changed_canonical_bytes_are_refused():
    with pytest.raises(ChartImportError, match="not msgpack"):
        import_file("a.chart", CHART.to_bytes()[:-1] + b"\x81")


@pytest.mark.parametrize("name", ["a.mp3", "osu", "", "a.osu.exe"])
def test_an_unknown_ending_is_told_what_is_known(name: str):
    with pytest.raises(ChartImportError, match=r"known are \.osu \.sm"):
        import_file(name, b"")


def test_charts_are_in_order_of_stars_then_notes_then_names():
    few = Chart("", "", 4, CHART.timing, CHART.notes[:1])
    charts = [
        NamedChart("d", None, CHART),
        NamedChart("c", 1.0, few),
        NamedChart("b", 1.0, CHART),
        NamedChart("a", 1.0, CHART),
        NamedChart("e", 2.0, few),
    ]
    assert "".join(named.name for named in hardest_first(charts)) == "eabcd"


def test_an_osu_file_with_a_note_before_its_music_moves_the_music():
    text = (
        "osu file format v14\n[General]\nAudioFilename: a.mp3\nPreviewTime:900\nMode:3\n"
        "[Metadata]\nVersion:Hard\n[Difficulty]\nCircleSize:4\n"
        "[TimingPoints]\n100,400\n[HitObjects]\n0,0,-250,1,0\n0,0,150,1,0\n"
    )
    song = import_file("a.osu", text.encode())
    assert (song.audio, song.music_start_us, song.preview_us) == ("a.mp3", 250_000, 900_000)
    assert song.charts[0].name == "Hard"
    assert song.charts[0].chart.notes == (Note(0, 0), Note(400_000, 0))
    assert song.charts[0].chart.timing == (TimingPoint(350_000, 400_000),)


@pytest.mark.parametrize(
    ("beats", "shift_us", "expected"),
    [
        ({}, 0, [(0, 500_000)]),
        ({}, 70, [(0, 500_000)]),
        ({-24_000: 344_000}, 0, [(320_000, 344_000)]),
        ({-24_000: 344_000, 100_000: 400_000}, 0, [(100_000, 400_000)]),
        ({-24_000: 344_000, 500_000: 400_000}, 0, [(320_000, 344_000), (500_000, 400_000)]),
        ({-900_000: 344_000, -100_000: 400_000}, 0, [(300_000, 400_000)]),
        ({-100: 2_000, 50: 3_000}, 100, [(0, 2_000), (150, 3_000)]),
        ({0: 999, 5: 60_000_001, 9: 1_000}, 0, [(9, 1_000)]),
    ],
)
def test_beats_before_the_start_are_moved_on_by_whole_beats(
    beats: dict[int, int], shift_us: int, expected: list[tuple[int, int]]
):
    assert list(timing_from(beats, shift_us)) == expected


def test_figures_say_what_a_chart_holds():
    assert figures_of(CHART) == ChartFigures(4, 2, 1, 500, 120.0, CHART.id.hex())


def test_the_tempo_is_the_one_that_holds_the_longest_while_notes_last():
    timing = (
        TimingPoint(900, 500_000),
        TimingPoint(1_000_000, 400_000),
        TimingPoint(2_000_000, 500_000),
        TimingPoint(3_500_000, 300_000),
    )
    chart = Chart("", "", 4, timing, (Note(0, 0), Note(4_000_000, 0)))
    assert main_bpm(chart) == 120.0
    assert main_bpm(Chart("", "", 4, timing, ())) == 120.0
    assert main_bpm(Chart("", "", 4, timing[1:], (Note(10**8, 0),))) == 200.0
