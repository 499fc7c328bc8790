"""The BMS importer: keys, holds, measures, tempos, stops, branches, and what is refused."""

import pytest

from consensus.chart import Chart, Note
from game.charts.errors import ChartImportError
from game.charts.files import import_file


def chart(*lines: str, tempo: str = "#BPM 60") -> Chart:
    return import_file("a.bms", "\n".join((tempo, *lines)).encode()).charts[0].chart


def notes(*lines: str) -> list[tuple[float, int, float]]:
    """Start and length in seconds."""
    found = chart(*lines).notes
    return [(note.start_us / 1e6, note.lane, note.duration_us / 1e6) for note in found]


def test_a_small_file_becomes_the_song_it_describes():
    text = (
        "#TITLE 曲　名\n#ARTIST だれか\n#BPM 120\n#DIFFICULTY 4\n"
        "#PLAYLEVEL 7\n#SUBTITLE [x]\n#00111:0A00\n"
    )
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        song = import_file("a.bme", text.replace("\n", "\r\n").encode(encoding))
        (named,) = song.charts
        assert (song.title, song.artist, song.audio) == ("曲　名", "だれか", "")
        assert (named.name, named.chart.keys) == ("Another 7 [x]", 5)
        assert named.chart.notes == (Note(2_000_000, 0),)


@pytest.mark.parametrize(
    ("channels", "keys", "lanes"),
    [
        (("11", "12", "13", "14", "15"), 5, [0, 1, 2, 3, 4]),
        (("16", "11", "15"), 6, [0, 1, 5]),
        (("11", "18", "19"), 7, [0, 5, 6]),
        (("16", "11", "18", "19"), 8, [0, 1, 6, 7]),
        (("11", "21", "25"), 10, [0, 5, 9]),
        (("16", "11", "21", "26"), 12, [0, 1, 6, 11]),
        (("11", "19", "21", "28", "29"), 14, [0, 6, 7, 12, 13]),
        (("16", "11", "19", "21", "29", "26"), 16, [0, 1, 7, 8, 14, 15]),
        (("26", "21", "25"), 6, [5, 0, 4]),
    ],
)
def test_lanes_lie_as_on_the_controller(channels: tuple[str, ...], keys: int, lanes: list[int]):
    for channel, lane in zip(channels, lanes, strict=True):
        others = [f"#000{other}:01" for other in channels]
        found = chart(*others, f"#001{channel}:01")
        assert found.keys == keys
        assert found.notes[-1] == Note(4_000_000, lane)


def test_places_in_a_measure_are_even_and_lines_add_up():
    assert notes("#00011:01000001", "#00011:0002", "#00012:000000") == [
        (0, 0, 0),
        (2, 0, 0),
        (3, 0, 0),
    ]


def test_holds_are_pairs_on_their_channels_or_end_at_the_named_object():
    assert notes("#00051:0101", "#00151:01") == [(0, 0, 2), (4, 0, 0)]
    assert notes("#LNOBJ zz", "#00011:01ZZ0100", "#00112:ZZ01") == [(0, 0, 1), (2, 0, 0), (6, 1, 0)]


def test_measures_may_be_shorter_or_longer():
    assert notes("#00002:0.5", "#00102:2", "#00011:0001", "#00111:0001", "#00211:01") == [
        (1, 0, 0), (6, 0, 0), (10, 0, 0),
    ]  # fmt: skip


def test_tempos_are_hexadecimal_or_named():
    assert notes("#00003:0078", "#00111:01") == [(3, 0, 0)]
    assert notes("#BPM0a 120", "#00008:000A", "#00111:01") == [(3, 0, 0)]
    assert notes("#EXBPM0A 120", "#00008:000a", "#00111:01") == [(3, 0, 0)]
    assert notes("#BPM0a 120", "#BPM0A 60", "#BASE 62", "#00008:000a", "#00111:01") == [(3, 0, 0)]


def test_a_stop_counts_192nds_of_a_measure_at_its_tempo_and_comes_after_its_notes():
    lines = ("#STOP01 96", "#00009:0001", "#00003:0078", "#00011:0101", "#00111:01")
    assert notes(*lines) == [(0, 0, 0), (2, 0, 0), (4, 0, 0)]


@pytest.mark.parametrize(
    "lines",
    [
        "#RANDOM 2\n#IF 1\n#00011:01\n#ENDIF\n#IF 2\n#00011:0001\n#ENDIF\n#ENDRANDOM",
        "#RANDOM 2\n#IF 2\n#00011:0001\n#ELSE\n#00011:01\n#END IF",
        "#RANDOM 3\n#IF 2\n#00011:0001\n#ELSEIF 1\n#00011:01\n#ELSE\n#00011:0001\n#ENDIF",
        "#IF 1\n#RANDOM 2\n#IF 1\n#00011:01\n#ENDIF\n#ENDIF\n"
        "#IF 2\n#IF 1\n#00011:0001\n#ENDIF\n#ENDIF",
        "#SETRANDOM 2\n#IF 1\n#00011:0001\n#ENDIF\n#IF 2\n#00011:01\n#ENDIF",
        "#SWITCH 3\n#CASE 2\n#00011:0001\n#SKIP\n"
        "#CASE 1\n#00011:01\n#SKIP\n#DEF\n#00011:0001\n#ENDSW",
        "#SWITCH 3\n#CASE 2\n#00011:0001\n#SKIP\n#DEF\n#00011:01\n#ENDSW",
    ],
)
def test_of_branches_always_the_first_counts(lines: str):
    assert notes(*lines.split("\n")) == [(0, 0, 0)]


def test_what_is_not_played_is_left_behind():
    lines = ("#00001:01", "#00004:01", "#00017:01", "#00031:01", "#000D1:01", "#00011:01", "hello")
    assert notes(*lines) == [(0, 0, 0)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "no line such as"),
        ("hello", 0, "no line such as"),
        ("#TITLE a", 0, "no line such as"),
        ("#00001:01", 0, "no note in it"),
        ("#00011:01\n#BPM fast", 2, "'fast' is not a number"),
        ("#00011:01\n#BPM 0", 2, "0 beats a minute"),
        ("#BPM 1e-9\n#00111:01", 2, "beyond two hours"),
        ("#00011:0!", 1, "'0!' is no object"),
        ("#00011:01\n#00003:GG", 2, "'GG' is not hexadecimal"),
        ("#00011:01\n#00002:0", 2, "a length above 0"),
        ("#00011:01\n#00002:x", 2, "'x' is not a number"),
        ("#00011:01\n#STOP01 x\n#00009:01", 2, "'x' is not a number"),
        ("#LNTYPE 2\n#00051:01", 1, "#LNTYPE 2 is not read"),
        ("#IF x", 1, "'x' is not a whole number"),
        ("#ELSE", 1, "#ELSE outside"),
        ("#IF 1\n" * 65, 65, "more than 64 branches"),
    ],
)
def test_what_is_no_chart_is_refused_with_its_line(text: str, line: int, message: str):
    with pytest.raises(ChartImportError, match=message) as refusal:
        import_file("a.bml", text.encode())
    assert refusal.value.line == line
