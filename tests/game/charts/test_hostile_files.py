"""Whatever a file holds: a chart that is what it says, or an error in one line."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.chart import check_chart
from game.charts.errors import ChartImportError
from game.charts.files import SUFFIXES, import_file

OSU = b"""osu file format v14
[General]
Mode: 3
[Difficulty]
CircleSize:4
[TimingPoints]
0,500,4,2,1,60,1,0
900,-50,4,2,1,60,0,0
[HitObjects]
64,0,500,1,0
192,0,600,128,0,900:0
0,0,1000,12,0,1500
320,0,1200,2,0,L|9:9,2,50
"""
SM = b"""#TITLE:A;#OFFSET:-0.1;#BPMS:0=120,4=240,8=-60,9=120;#STOPS:2=0.5;#DELAYS:3=0.1;
#WARPS:5=1;#FAKES:6=1;
#NOTES:dance-single:x:Hard:7:0:
2001
010M
3L00
4[1]00{x}0
,
3000
1111
;
"""
SSC = SM.replace(
    b"#NOTES:dance-single:x:Hard:7:0:", b"#NOTEDATA:;#STEPSTYPE:pump-single;#BPMS:0=90;#NOTES:"
)
QUA = b"""Mode: Keys4
Title: 'It''s'
TimingPoints:
- StartTime: -9.5
  Bpm: 120
- StartTime: 700
  Bpm: 60
HitObjects:
- StartTime: -5
  Lane: 1
- Lane: 2
  EndTime: 300
  KeySounds:
  - Sample: 1
- StartTime: 900.25
  Lane: 4
"""
BMS = b"""#TITLE \x8b\xc8
#BPM 130
#BPM0A 1e2
#STOP01 48
#LNOBJ ZZ
#RANDOM 2
#IF 1
#00011:0100ZZ01
#ENDIF
#IF 2
#00012:01
#ENDIF
#00002:0.75
#00003:0078
#00108:0A00
#00109:0001
#00151:0101
#00216:01
#00226:0001
"""
MC = b"""{"meta": {"mode": 0, "mode_ext": {"column": 4}, "song": {"title": "A"}, "preview": 9},
"time": [{"beat": [0, 0, 1], "bpm": 120.0}, {"beat": [4, 1, 2], "bpm": 60}],
"note": [{"beat": [1, 0, 4], "column": 0}, {"beat": [1, 2, 4], "endbeat": [5, 0, 4], "column": 3},
{"beat": [0, 0, 1], "sound": "a.ogg", "offset": 600, "type": 1}]}"""
TEXTS = {".osu": OSU, ".sm": SM, ".ssc": SSC, ".qua": QUA, ".bms": BMS, ".mc": MC}
PIECES = (
    b"", b"0", b"-1", b"1e9", b"1e999", b"nan", b"inf", b"9" * 400, b"\n", b"\0", b"\xff", b";",
    b":", b",", b"=", b"#", b"&", b"[", b"- ", b"  ", b"'", b'"', b"\\", b"#RANDOM 9\n", b"#IF 1\n",
    b"#ENDIF\n", b"[" * 9_999, b"{}", b"true", b"9" * 5_000,
    b"//", b"\xe3\x80\x80", b"0=0.0001", b"2", b"3", b"#BPM 0\n",
)  # fmt: skip

edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), st.one_of(st.sampled_from(PIECES), st.binary())),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Each change puts a piece where it says, instead of so many bytes."""
    for place, length, piece in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


def check_outcome(name: str, data: bytes) -> None:
    try:
        song = import_file(name, data)
    except ChartImportError as error:
        refusal = str(error)
    else:
        refusal = "none"
        assert song.music_start_us >= 0
        for named in song.charts:
            check_chart(named.chart)
    assert len(refusal.splitlines()) == 1


@pytest.mark.parametrize("suffix", TEXTS)
def test_the_samples_themselves_are_charts(suffix: str):
    assert import_file(f"a{suffix}", TEXTS[suffix]).charts[0].chart.notes


@pytest.mark.parametrize("suffix", TEXTS)
@given(changes=edits)
@settings(max_examples=200)
def test_a_changed_text_is_a_chart_or_a_named_error(suffix: str, changes: list):
    check_outcome(f"a{suffix}", edited(TEXTS[suffix], changes))


@given(changes=edits)
@settings(max_examples=200)
def test_changed_bytes_are_a_chart_or_a_named_error(
    ojn: Callable[..., bytes], package: Callable[..., bytes], changes: list
):
    packages = (
        package(0, 0, 0.5),
        package(0, 1, None, 120.0),
        package(1, 2, (1, 0, 2), (1, 0, 3), None),
        package(2, 8, (1, 0, 0)),
    )
    check_outcome("a.ojn", edited(ojn(packages, packages), changes))


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".mp3", ""])
@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_chart_or_a_named_error(suffix: str, data: bytes):
    check_outcome(f"a{suffix}", data)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_of_endless_size_is_refused(suffix: str):
    with pytest.raises(ChartImportError, match="bytes"):
        import_file(f"a{suffix}", bytes(16 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".sm", b"#BPMS:0=120;#NOTES:a:b:c:d:e:" + b",\n" * 500_000 + b"0001;"),
        (".sm", b"#BPMS:0=120;#NOTES:a:b:c:d:e:" + b"1111\n" * 120_000 + b";"),
        (".sm", b"#A:" + b"[" * 500_000 + b";#NOTES:a:b:c:d:e:" + b"[" * 1_000 + b";"),
        (".sm", b"#BPMS:0=120;" + b";" * 8_000_000),
        (".sm", b"#BPMS:0=120;" + b"\n;" * 4_000_000),
        (".ssc", b"#A:" + b"\\\n" * 90_000 + b"\\" * 3),
        (".qua", b"Mode: Keys4\nHitObjects:\n" + b"- Lane: 1\n" * 100_001),
        (".bms", b"#99911:01\n" * 200_000),
        (".bms", b"#00011:" + b"01" * 200_000),
        (".bms", b"#00001:" + b"01" * 2_000_001),
        (".osu", OSU + b"64,0,500,1,0\n" * 100_001),
    ],
    ids=[
        "measures",
        "rows",
        "brackets",
        "marks",
        "marked lines",
        "escapes",
        "entries",
        "lines",
        "notes",
        "sounds",
        "objects",
    ],
)
def test_floods_end_in_a_chart_or_a_named_error(suffix: str, data: bytes):
    check_outcome(f"a{suffix}", data)
