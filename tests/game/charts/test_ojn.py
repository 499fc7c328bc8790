"""The `.ojn` importer: three difficulties, holds, tempos, and what is refused with its byte."""

import struct
from collections.abc import Callable

import pytest

from consensus.chart import Note, TimingPoint
from game.charts.errors import ChartImportError
from game.charts.files import import_file
from game.charts.ojn import HEADER

TAP, HEAD, TAIL = (1, 0, 0), (1, 0, 2), (1, 0, 3)
Make = Callable[..., bytes]


def test_a_small_file_becomes_the_song_it_describes(ojn: Make, package: Make):
    easy = (package(0, 2, TAP), package(1, 8, None, TAP))
    hard = (package(0, 5, TAP, TAP, TAP),)
    song = import_file("a.ojn", ojn(easy, (), hard, title="노래".encode("cp949")))
    assert (song.title, song.artist, song.audio) == ("노래", "Someone", "a.ojm")
    assert [named.chart.keys for named in song.charts] == [7, 7]
    charts = {named.name: named.chart for named in song.charts}
    assert charts["EX 1"].timing == (TimingPoint(0, 1_000_000),)
    assert charts["EX 1"].notes == (Note(0, 0), Note(6_000_000, 6))
    assert charts["HX 9"].notes == (Note(0, 3), Note(1_333_333, 3), Note(2_666_667, 3))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([HEAD, TAIL], [Note(0, 0, 2_000_000)]),
        ([(1, 0, 6), (1, 0, 7)], [Note(0, 0, 2_000_000)]),
        ([(1, 0, 4), (0, 9, 9)], [Note(0, 0)]),
        ([HEAD, None], [Note(0, 0)]),
        ([TAIL, TAP], [Note(2_000_000, 0)]),
        ([HEAD, TAP], [Note(0, 0), Note(2_000_000, 0)]),
    ],
    ids=["hold", "second bank", "tap of the second bank", "no tail", "no head", "undone hold"],
)
def test_every_kind_of_note_is_understood(ojn: Make, package: Make, events: list, expected: list):
    chart = import_file("a.ojn", ojn((package(0, 2, *events),))).charts[0].chart
    assert list(chart.notes) == expected


def test_measures_have_lengths_and_tempos_change_within_them(ojn: Make, package: Make):
    packages = (package(0, 0, 0.5), package(1, 1, None, 120.0), package(2, 2, TAP))
    chart = import_file("a.ojn", ojn(packages)).charts[0].chart
    assert chart.notes == (Note(5_000_000, 0),)
    assert chart.timing == (TimingPoint(0, 1_000_000), TimingPoint(4_000_000, 500_000))


def test_what_only_sounds_is_left_behind(ojn: Make, package: Make):
    packages = (package(0, 9, TAP), package(0, 22, TAP), package(0, 3, TAP))
    assert import_file("a.ojn", ojn(packages)).charts[0].chart.notes == (Note(0, 1),)


def test_what_is_no_chart_is_refused_with_its_byte(ojn: Make, package: Make):
    size = HEADER.size
    good = ojn((package(0, 2, TAP, TAP),))
    for data, message in (
        (b"", "byte 4: an .ojn file has the letters"),
        (b"\0" * 400, "byte 4: an .ojn file has the letters"),
        (good[:200], "byte 200: the file ends within its header"),
        (good[:-1], f"byte {size}: 2 events, but the file ends before"),
        (good[: size + 4], f"byte {size}: a package of events lies outside"),
        (ojn(), "none of its difficulties has a note"),
        (ojn((package(10_000, 2, TAP),)), f"byte {size}: measure 10000, not 0 to 9999"),
        (ojn((package(-1, 2, TAP),)), f"byte {size}: measure -1"),
        (ojn((package(0, 1, -5.0),)), f"byte {size + 8}: -5 is no tempo"),
        (ojn((package(0, 0, float("nan")),)), f"byte {size + 8}: nan is no tempo"),
        (ojn((package(0, 2, TAP),), tempo=0.0), "byte 16: 0 is no tempo"),
        (ojn((package(9_000, 2, TAP),), tempo=1.0), f"byte {size + 8}: a time beyond two hours"),
    ):
        with pytest.raises(ChartImportError, match=message):
            import_file("a.ojn", data)


def test_a_file_that_promises_endless_packages_ends_where_it_ends(ojn: Make, package: Make):
    data = bytearray(ojn((package(0, 2, TAP),)))
    struct.pack_into("<i", data, 64, 2**31 - 1)
    with pytest.raises(ChartImportError, match="lies outside of the file"):
        import_file("a.ojn", bytes(data))
