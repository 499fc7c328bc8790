"""Replays become presses and releases in the chart's time, or a named error."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consensus.evidence import KeyEvent
from game.play.osr import Replay, ReplayImportError, replay_from_osr

LEAD = "0|256|-500|0,-1|256|-500|0,-100|0|0|0,"


def test_masks_become_presses_and_releases(make_osr):
    data = make_osr(LEAD + "111|1|0|0,20|9|0|0,30|8|0|0,5|0|0|0,-12345|0|0|77,", counts=(1,) * 6)
    events = (
        KeyEvent(10_000, 0, True),
        KeyEvent(30_000, 3, True),
        KeyEvent(60_000, 0, False),
        KeyEvent(65_000, 3, False),
    )
    assert replay_from_osr(data, 4) == Replay(events, Fraction(1), "ab", (1, 1, 1, 1, 1, 1))


def test_the_skipped_intro_is_not_lost(make_osr):
    data = make_osr("0|256|-500|0,3000|256|-500|0,-1000|0|0|0,500|2|0|0,40|0|0|0")
    assert replay_from_osr(data, 4).events[0] == KeyEvent(2_500_000, 1, True)


def test_mirror_is_undone(make_osr):
    data = make_osr(LEAD + "111|1|0|0,20|0|0|0", mods=1 << 30)
    assert [event.lane for event in replay_from_osr(data, 7).events] == [6, 6]


@pytest.mark.parametrize(
    ("mods", "rate"),
    [(0, Fraction(1)), (64, Fraction(3, 2)), (64 | 512, Fraction(3, 2)), (256, Fraction(3, 4))],
)
def test_the_rate_is_that_of_the_mods(make_osr, mods: int, rate: Fraction):
    assert replay_from_osr(make_osr(LEAD, mods=mods), 4).rate == rate


def test_frames_that_go_back_in_time_are_left_out(make_osr):
    frames = LEAD + "201|1|0|0,-50|3|0|0,10|3|0|0,40|2|0|0"
    assert replay_from_osr(make_osr(frames), 4).events == (
        KeyEvent(100_000, 0, True),
        KeyEvent(100_000, 0, False),
        KeyEvent(100_000, 1, True),
    )


def test_the_counts_are_in_our_order(make_osr):
    data = make_osr(LEAD, counts=(2, 4, 5, 1, 3, 6))
    assert replay_from_osr(data, 4).counted == (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("frames", "options", "message"),
    [
        (LEAD, {"mode": 0}, "no replay of mania"),
        (LEAD, {"mods": 1 << 21}, "Random"),
        (LEAD + "5|16|0|0", {}, "lane 5 of a chart with 4"),
        (LEAD + "5|x|0|0", {}, "not a whole number"),
        (LEAD + "nan|1|0|0", {}, "not a whole number"),
        (LEAD + "99999999|1|0|0", {}, "two hours"),
    ],
)
def test_what_cannot_be_judged_is_refused(make_osr, frames: str, options: dict, message: str):
    with pytest.raises(ReplayImportError, match=message):
        replay_from_osr(make_osr(frames, **options), 4)


def test_a_file_cut_anywhere_is_a_named_error(make_osr):
    whole = make_osr(LEAD + "111|1|0|0,20|0|0|0")
    for size in range(len(whole) - 8):
        with pytest.raises(ReplayImportError):
            replay_from_osr(whole[:size], 4)


def test_a_bomb_is_not_unpacked(make_osr):
    with pytest.raises(ReplayImportError, match="unpacks to more"):
        replay_from_osr(make_osr("0" * (64 * 1024 * 1024 + 1)), 4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40), st.integers(0, 120))
def test_damaged_bytes_raise_nothing_else(make_osr, damage: bytes, offset: int):
    whole = make_osr(LEAD + "111|1|0|0,20|0|0|0")
    data = whole[:offset] + damage + whole[offset + len(damage) :]
    try:
        replay = replay_from_osr(data, 4)
    except ReplayImportError:
        return
    times = [event.time_us for event in replay.events]
    assert times == sorted(times)
