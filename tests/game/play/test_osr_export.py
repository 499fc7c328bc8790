"""A replay that is written is the replay that is read, by us and by others."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import osrparse
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.evidence import KeyEvent
from game.play.osr import MIRROR, Replay, replay_from_osr
from game.play.osr_export import osr_from_replay

MD5 = "0123456789abcdef0123456789abcdef"
PRESS = KeyEvent(5_000, 0, True)


@st.composite
def replays(draw: st.DrawFn) -> Replay:
    moves = draw(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 17)), max_size=60))
    events, now_ms, down, moved = [], 0, set(), set()
    for passed_ms, lane in moves:
        now_ms += passed_ms + (lane in moved and not passed_ms)
        moved = moved if not passed_ms and lane not in moved else set()
        down ^= {lane}
        moved.add(lane)
        events.append(KeyEvent(now_ms * 1_000, lane, lane in down))
    mods, rate = draw(
        st.sampled_from([(0, Fraction(1)), (64, Fraction(3, 2)), (256, Fraction(3, 4))])
    )
    counts = draw(st.tuples(*[st.integers(0, 65_535)] * 6))
    return Replay(tuple(sorted(events)), rate, MD5, counts, mods)


@given(replays())
def test_what_is_written_is_read_back(replay: Replay):
    assert replay_from_osr(osr_from_replay(replay, "somebody"), 18) == replay


@given(replays())
def test_another_reader_sees_the_same_keys_at_the_same_times(replay: Replay):
    theirs = osrparse.Replay.from_string(osr_from_replay(replay, "somebody"))
    time_ms, seen = 0, []
    masks = [0, *(int(frame.keys) for frame in theirs.replay_data)]
    for frame, (before, after) in zip(theirs.replay_data, pairwise(masks), strict=True):
        time_ms += frame.time_delta
        seen += [
            KeyEvent(time_ms * 1_000, lane, bool(after >> lane & 1))
            for lane in range(18)
            if (before ^ after) >> lane & 1
        ]
    assert tuple(seen) == replay.events
    assert (theirs.username, theirs.beatmap_hash, theirs.mode.value) == ("somebody", MD5, 3)
    assert replay.counted == (
        theirs.count_geki, theirs.count_300, theirs.count_katu,
        theirs.count_100, theirs.count_50, theirs.count_miss,
    )  # fmt: skip
    assert theirs.mods.value == replay.mods


def test_mirror_is_not_written_because_it_was_undone():
    replay = Replay((PRESS,), Fraction(1), MD5, (1, 0, 0, 0, 0, 0), MIRROR | 64)
    assert replay_from_osr(osr_from_replay(replay, ""), 4) == replace(
        replay, mods=64, rate=Fraction(3, 2)
    )


@pytest.mark.parametrize(
    ("events", "counted", "player", "message"),
    [
        ((PRESS, PRESS._replace(time_us=9_000)), (0,) * 6, "a", "9 ms does not follow"),
        ((PRESS, KeyEvent(5_900, 0, False)), (0,) * 6, "a", "5 ms does not follow"),
        ((PRESS, KeyEvent(4_000, 1, True)), (0,) * 6, "a", "4 ms does not follow"),
        ((KeyEvent(-1, 0, True),), (0,) * 6, "a", "-1 ms does not follow"),
        ((), (65_536, 0, 0, 0, 0, 0), "a", "can count 65535 grades"),
        ((), (0,) * 6, "ä" * 64, "more than 127 bytes"),
    ],
)
def test_what_no_replay_can_hold_is_refused(events, counted, player: str, message: str):
    with pytest.raises(ValueError, match=message):
        osr_from_replay(Replay(events, Fraction(1), MD5, counted), player)
