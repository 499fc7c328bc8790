"""The `.osu` importer reads what people share and says what it can't read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint, chart_from_bytes, check_chart
from game.charts.errors import ChartImportError
from game.charts.osu import chart_from_osu

TAPS = "0,192,1000,1,0,0:0:0:0:\n511,192,1500,1,0"


def osu(
    notes: str = TAPS, timing: str = "0,500,4,2,1,60,1,0", mode: str = "3", size: str = "4"
) -> str:
    return (
        f"osu file format v14\n\n[General]\nMode: {mode}\n[Metadata]\nTitle:A song\n"
        f"Artist:Someone\n[Difficulty]\nCircleSize:{size}\nSliderMultiplier:1\n"
        f"[TimingPoints]\n{timing}\n[HitObjects]\n{notes}\n"
    )


SMALL = Chart(
    "A song",
    "Someone",
    4,
    (TimingPoint(0, 500_000),),
    (Note(1_000_000, 0), Note(1_500_000, 3)),
)


def test_a_small_file_becomes_the_chart_it_describes():
    assert chart_from_osu(osu()) == SMALL


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    data = b"\xef\xbb\xbf" + osu().replace("\n", "\r\n").encode()
    assert chart_from_osu(data) == SMALL


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("128,0,10,128,0,2010:0:0:0:0:", Note(10_000, 1, 2_000_000)),
        ("128,0,10,128,0,5:0:0:0:0:", Note(10_000, 1)),
        ("127,0,10.25,1,0", Note(10_250, 0)),
        ("600,0,10,5,0", Note(10_000, 3)),
        ("511,0,10,8,0,410", Note(10_000, 0, 400_000)),
        ("511,0,10,8,0,40", Note(10_000, 0)),
        ("0,0,0,2,0,L|9:9,2,50", Note(0, 0, 500_000)),
        ("0,0,600,2,0,L|9:9,1,100", Note(600_000, 0, 250_000)),
    ],
    ids=[
        "hold",
        "hold without length",
        "fraction",
        "clamped",
        "spinner",
        "short",
        "slider",
        "fast slider",
    ],
)
def test_every_kind_of_note_is_understood(note: str, expected: Note):
    timing = "0,500,4,2,1,60,1,0\n600,-50,4,2,1,60,0,0"
    assert chart_from_osu(osu(note, timing)).notes == (expected,)


def test_notes_twice_in_one_place_become_the_longer():
    notes = "0,0,5,1,0\n0,0,5,128,0,9:0\n0,0,5,1,0"
    assert chart_from_osu(osu(notes)).notes == (Note(5_000, 0, 4_000),)


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ("-24,344,4,2,1,9,1,0", (TimingPoint(320_000, 344_000),)),
        ("-24,344,4,2,1,9,1,0\n100,400", (TimingPoint(100_000, 400_000),)),
        ("10,-100,4,2,1,9,0,0\n10,400,4,2,1,9,1,0", (TimingPoint(10_000, 400_000),)),
        ("0,0.0001,4,2,1,9,1,0\n7,1e9,4,2,1,9,1,0", (TimingPoint(0, 500_000),)),
        ("", (TimingPoint(0, 500_000),)),
    ],
    ids=["before 0", "overtaken", "scroll", "impossible beats", "none"],
)
def test_only_possible_beats_from_0_on_are_kept(timing: str, expected: tuple[TimingPoint, ...]):
    assert chart_from_osu(osu(timing=timing)).timing == expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "empty"),
        ("hello", 1, "begins with"),
        (osu(mode="0"), 4, "only mode 3"),
        (osu(mode="0").replace("Mode: 0\n", ""), 0, "only mode 3"),
        (osu().replace("CircleSize:4\n", ""), 0, "CircleSize"),
        (osu(size="19"), 9, "19 lanes"),
        (osu(size="4.5"), 9, "4.5 lanes"),
        (osu("0,0,-1,1,0"), 14, "before the song"),
        (osu("0,0,1e9,1,0"), 14, "two hours"),
        (osu("0,0,nan,1,0"), 14, "'nan' is not a number"),
        (osu("0,0,five,1,0"), 14, "'five' is not a number"),
        (osu("0,0"), 14, "needs x, y"),
        (osu("0,0,5,128,0"), 14, "needs an end"),
        (osu(timing="0,inf,4,2,1,60,1,0"), 12, "'inf' is not a number"),
        (osu(timing="0"), 12, "needs a time and a length"),
    ],
)
def test_what_is_no_chart_is_refused_with_its_line(text: str, line: int, message: str):
    with pytest.raises(ChartImportError, match=message) as refusal:
        chart_from_osu(text)
    assert refusal.value.line == line


def test_missing_sections_give_an_empty_chart():
    text = "osu file format v14\n[General]\nMode:3\n[Difficulty]\nCircleSize:7"
    assert chart_from_osu(text) == Chart("", "", 7, (TimingPoint(0, 500_000),), ())


def test_a_long_title_is_shortened_between_letters():
    chart = chart_from_osu(osu().replace("A song", "ä" * 200))
    assert chart.title == "ä" * 128


@given(st.lists(st.text(max_size=40), max_size=8), st.binary(max_size=60))
def test_any_lines_give_a_chart_or_a_named_error(lines: list[str], tail: bytes):
    data = osu("\n".join(lines)).encode("utf-8", "replace") + tail
    try:
        chart = chart_from_osu(data)
    except ChartImportError:
        return
    check_chart(chart)


fields = st.one_of(st.integers(-50, 10**7).map(str), st.sampled_from(["", "1e5", "-1", "0.5"]))


@given(st.lists(st.lists(fields, min_size=2, max_size=9).map(",".join), max_size=30), st.booleans())
def test_whatever_is_accepted_is_a_valid_chart(lines: list[str], is_timing: bool):
    text = osu(timing="\n".join(lines)) if is_timing else osu("\n".join(lines))
    try:
        chart = chart_from_osu(text)
    except ChartImportError:
        return
    check_chart(chart)
    assert chart_from_bytes(chart.to_bytes()) == chart
