"""The rules of osu!mania, one by one, at difficulty 8: windows of 16, 40, 73, 103, 127, 164 ms."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.play.osr import DOUBLE_TIME, EASY, HARD_ROCK, SCORE_V2, Replay
from game.play.osu_mania import judge_osu_mania
from game.play.osu_windows import HitWindows, hit_windows

TAP = [(1_000, 0)]
HOLD = [(1_000, 1_000)]


def worth(objects: list[tuple[int, int]], moves: list[tuple[int, int]], mods: int = 0) -> list[str]:
    """The grades of (start, length) for keys that are down from one time to the other, in ms."""
    notes = tuple(Note(start_ms * 1_000, 0, length_ms * 1_000) for start_ms, length_ms in objects)
    events = tuple(
        KeyEvent(time_ms * 1_000, 0, is_press)
        for down_ms, up_ms in moves
        for time_ms, is_press in ((down_ms, True), (up_ms, False))
    )
    chart = Chart("", "", 1, (TimingPoint(0, 500_000),), notes)
    record = judge_osu_mania(chart, Replay(events, Fraction(1), "", (0,) * 6, mods), 8.0)
    return [name for name, count in record.grades.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("press_ms", "grade"),
    [
        (1_016, "perfect"), (984, "perfect"), (1_017, "great"), (1_040, "great"), (1_041, "good"),
        (1_073, "good"), (1_074, "ok"), (1_102, "ok"), (1_103, "miss"), (897, "ok"), (896, "meh"),
        (873, "meh"), (872, "miss"), (836, "miss"),
    ],
)  # fmt: skip
def test_a_window_ends_at_its_last_millisecond_and_there_is_no_late_meh(press_ms: int, grade: str):
    assert worth(TAP, [(press_ms, press_ms + 30)]) == [grade]


def test_a_press_in_the_miss_window_uses_the_note_up_and_one_before_it_does_not():
    assert worth(TAP, [(836, 850), (1_000, 1_030)]) == ["miss"]
    assert worth(TAP, [(835, 850), (1_000, 1_030)]) == ["perfect"]


def test_a_press_goes_to_the_earliest_open_note():
    assert worth([(1_000, 0), (1_100, 0)], [(1_090, 1_095), (1_110, 1_130)]) == ["perfect", "ok"]


def test_a_note_pressed_early_keeps_its_lane_until_its_time():
    pair = [(1_000, 0), (1_100, 0)]
    assert worth(pair, [(960, 970), (980, 990)]) == ["great", "miss"]
    assert worth(pair, [(960, 970), (1_000, 1_010)]) == ["great", "ok"]


@pytest.mark.parametrize(
    ("moves", "grade"),
    [
        ([(1_019, 2_019)], "perfect"),
        ([(1_020, 2_000)], "great"),
        ([(1_000, 2_039)], "great"),
        ([(1_000, 2_087)], "great"),
        ([(1_000, 2_089)], "good"),
        ([(1_000, 3_000)], "good"),
        ([(1_020, 3_000)], "ok"),
        ([(1_103, 2_000)], "ok"),
        ([(1_104, 2_000)], "meh"),
        ([(840, 2_000)], "meh"),
        ([(1_000, 1_873)], "good"),
        ([(1_000, 1_872)], "miss"),
        ([(1_000, 1_500), (1_600, 2_000)], "meh"),
        ([(960, 970), (1_000, 2_000)], "good"),
        ([(2_050, 2_060)], "meh"),
        ([], "miss"),
    ],
)
def test_a_hold_has_one_grade_from_both_ends(moves: list[tuple[int, int]], grade: str):
    assert worth(HOLD, moves) == [grade]


@pytest.mark.parametrize(
    ("moves", "grades"),
    [
        ([(1_000, 2_024)], ["perfect", "perfect"]),
        ([(1_020, 2_025)], ["great", "great"]),
        ([(1_000, 1_500), (1_600, 2_000)], ["perfect", "meh"]),
        ([(1_000, 3_000)], ["perfect", "miss"]),
        ([(1_300, 2_000)], ["miss", "miss"]),
        ([], ["miss", "miss"]),
    ],
)
def test_score_v2_grades_both_ends(moves: list[tuple[int, int]], grades: list[str]):
    assert worth(HOLD, moves, SCORE_V2) == grades


def test_mods_change_the_windows():
    assert hit_windows(8.0) == HitWindows(16, 40, 73, 103, 127, 164)
    assert hit_windows(8.0, HARD_ROCK) == HitWindows(11, 28, 52, 73, 90, 117)
    assert hit_windows(8.0, EASY) == HitWindows(22, 56, 102, 144, 177, 229)
    assert hit_windows(0.0, SCORE_V2).perfect_ms == 22
    assert hit_windows(8.0, DOUBLE_TIME, Fraction(3, 2)) == HitWindows(24, 60, 109, 154, 190, 246)


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 300)), max_size=12, unique=True),
    st.lists(st.integers(0, 1_500), max_size=30, unique=True),
    st.sampled_from([0, SCORE_V2]),
)
def test_every_note_gets_its_grades_whatever_is_pressed(
    objects: list[tuple[int, int]], moments: list[int], mods: int
):
    ordered = sorted(dict(objects).items())
    moments = sorted(moments)
    moves = list(zip(moments[::2], moments[1::2], strict=False))
    holds = sum(length > 0 for _, length in ordered) if mods else 0
    assert len(worth(ordered, moves, mods)) == len(ordered) + holds


def test_a_thousand_notes_in_one_millisecond_are_judged_all_the_same():
    notes = tuple(Note(1_000_000 + i, 0) for i in range(1_000))
    chart = Chart("", "", 1, (TimingPoint(0, 500_000),), notes)
    events = (KeyEvent(1_000_000, 0, True), KeyEvent(1_010_000, 0, False))
    record = judge_osu_mania(chart, Replay(events, Fraction(1), "", (0,) * 6), 8.0)
    assert (record.grades["perfect"], record.grades["miss"]) == (1, 999)
