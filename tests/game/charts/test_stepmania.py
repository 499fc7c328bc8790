"""The `.sm` and `.ssc` importer: every kind of note, every change of time, and what is refused."""

import pytest

from consensus.chart import Note, TimingPoint
from game.charts.errors import ChartImportError
from game.charts.files import import_file
from game.charts.imported import ImportedSong

ROWS = "1000\n0100\n0010\n0001"


def sm(rows: str = ROWS, head: str = "#BPMS:0=60;", kind: str = "dance-single") -> bytes:
    return (
        f"#TITLE:A song;\n#ARTIST:Someone;\n#MUSIC:a.ogg;\n#SAMPLESTART:1.5;\n{head}\n"
        f"#NOTES:\n {kind}:\n Maker:\n Hard:\n 7:\n 0,0:\n{rows}\n;\n"
    ).encode()


def read(data: bytes, name: str = "a.sm") -> ImportedSong:
    return import_file(name, data)


def notes(rows: str, head: str = "#BPMS:0=60;") -> list[Note]:
    return list(read(sm(rows, head)).charts[0].chart.notes)


def test_a_small_file_becomes_the_song_it_describes():
    song = read(sm())
    (named,) = song.charts
    assert (song.title, song.artist, song.audio) == ("A song", "Someone", "a.ogg")
    assert (song.music_start_us, song.preview_us, named.name) == (0, 1_500_000, "Hard 7")
    assert named.chart.keys == 4
    assert named.chart.timing == (TimingPoint(0, 1_000_000),)
    assert named.chart.notes == tuple(Note(i * 1_000_000, i) for i in range(4))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2400\n0000\n3300\n0000", [Note(0, 0, 2_000_000), Note(0, 1, 2_000_000)]),
        ("L100\n0000", [Note(0, 0), Note(0, 1)]),
        ("MFK1\n0000", [Note(0, 3)]),
        ("1[12]00{atk}0<x>\n0000", [Note(0, 0)]),
        ("2000\n0000\n0001\n0000", [Note(3_000_000 - 1_000_000, 3)]),
        ("2000\n1000\n3000\n0000", [Note(1_000_000, 0)]),
        ("3001\n0000", [Note(0, 3)]),
        ("1000 // first\n0100", [Note(0, 0), Note(2_000_000, 1)]),
        ("1000&0001", [Note(0, 0), Note(0, 3)]),
        ("0000\n,\n,\n0001", [Note(8_000_000, 3)]),
    ],
    ids=[
        "hold and roll", "lift", "mine, fake and sound", "beside notes", "hold without end",
        "undone hold", "end without hold", "comment", "two players", "empty measure",
    ],
)  # fmt: skip
def test_every_kind_of_note_is_understood(rows: str, expected: list[Note]):
    assert notes(rows) == expected


@pytest.mark.parametrize(
    ("head", "starts_us"),
    [
        ("#OFFSET:-0.5;#BPMS:0=60;", [500_000, 1_500_000, 2_500_000, 3_500_000]),
        ("#BPMS:0=60,2=120,;", [0, 1_000_000, 2_000_000, 2_500_000]),
        ("#BPMS:0=60;#STOPS:1=0.25;", [0, 1_000_000, 2_250_000, 3_250_000]),
        ("#BPMS:0=60;#FREEZES:1=0.25;", [0, 1_000_000, 2_250_000, 3_250_000]),
        ("#BPMS:0=60;#DELAYS:1=0.25;", [0, 1_250_000, 2_250_000, 3_250_000]),
        ("#BPMS:0=60;#WARPS:1=1;", [0, 1_000_000, 2_000_000]),
        ("#BPMS:0=60;#FAKES:1=1;", [0, 2_000_000, 3_000_000]),
        ("#BPMS:0=60,1=-60,2=60;", [0, 1_000_000, 1_000_000]),
        ("", [0, 1_000_000, 2_000_000, 3_000_000]),
    ],
    ids=[
        "offset", "tempo", "stop", "freeze", "delay", "warp", "fake", "below 0", "no tempo",
    ],
)  # fmt: skip
def test_every_change_of_time_counts(head: str, starts_us: list[int]):
    assert sorted(note.start_us for note in notes(ROWS, head)) == starts_us


def test_music_begins_later_where_notes_come_before_it():
    song = read(sm(head="#OFFSET:1.5;#BPMS:0=60;"))
    assert song.music_start_us == 1_500_000
    assert song.charts[0].chart.notes[0] == Note(0, 0)
    assert song.charts[0].chart.timing == (TimingPoint(0, 1_000_000),)


def test_a_chart_of_an_ssc_file_may_have_its_own_time():
    text = (
        "#VERSION:0.83;#TITLE:A;#OFFSET:-1;#BPMS:0=60;\n"
        "#NOTEDATA:;#STEPSTYPE:dance-single;#DIFFICULTY:Easy;#METER:1;#NOTES:\n0000\n0001;\n"
        "#NOTEDATA:;#STEPSTYPE:pump-single;#DIFFICULTY:Hard;#METER:9;#BPMS:0=120;#STOPS:0=1;"
        "#NOTES2:\n10001\n00100;\n"
    )
    charts = {named.name: named.chart for named in read(text.encode(), "a.ssc").charts}
    assert charts["dance-single Easy 1"].notes == (Note(3_000_000, 3),)
    assert charts["pump-single Hard 9"].keys == 5
    assert charts["pump-single Hard 9"].notes == (
        Note(1_000_000, 0), Note(1_000_000, 4), Note(3_000_000, 2),
    )  # fmt: skip


def test_lamps_are_no_chart():
    data = sm() + sm("100000000000000000000", kind="lights-cabinet")
    assert len(read(data).charts) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no #TAG"),
        (b"hello", "no #TAG"),
        (b"#TITLE:a;", "no chart with rows"),
        (b"#TITLE:a;#NOTES:x;", "#NOTES: expected at least 6"),
        (sm("1000\n010"), r"chart 1 \(dance-single Hard 7\), measure 0, row 2: 3 letters"),
        (sm("0000\n,\n0009"), "measure 1, row 1: '9' is no kind of note"),
        (sm("1" * 19), "19 lanes"),
        (sm("1" * 2_000), "measure 0: a row too long"),
        (sm(head="#BPMS:0;"), "#BPMS, entry 1: '0' is not beat=value"),
        (sm(head="#BPMS:0=60,x=1;"), "#BPMS, entry 2: 'x' is not a number"),
        (sm(head="#BPMS:0=60;#STOPS:1=nan;"), "#STOPS, entry 1: 'nan'"),
        (sm(head="#OFFSET:far;"), "#OFFSET: 'far' is not a number"),
        (sm(head="#BPMS:0=0.001;"), "measure 0, row 2: a time beyond two hours"),
        (sm(head="#BPMS:" + ",".join(f"{i}=1" for i in range(4_200)) + ";"), "entry 4097: more"),
        (sm() * 129, "more than 128 charts"),
    ],
)
def test_what_is_no_chart_is_refused_with_its_place(data: bytes, message: str):
    with pytest.raises(ChartImportError, match=message):
        read(data)
