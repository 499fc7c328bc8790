"""Beats become moments through everything that a chart may do to time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.charts.beat_clock import BeatClock, BeatEvents, without_repeats

SECOND_BEATS = {0.0: 60.0}


def moments(events: BeatEvents, beats: tuple[float, ...], start_s: float = 0.0) -> list[float]:
    clock = BeatClock(events, start_s)
    return [clock.moment_s(beat) for beat in beats]


def test_beats_pass_at_their_tempo_from_the_start_on():
    assert moments(BeatEvents({0.0: 120.0, 4.0: 60.0}), (0, 2, 4, 5), 10.0) == [10, 11, 12, 13]


def test_the_first_tempo_also_holds_before_itself():
    assert moments(BeatEvents({2.0: 120.0}), (0, 2, 4)) == [0, 1, 2]


def test_a_tempo_of_nothing_is_passed_over():
    assert moments(BeatEvents({0.0: 60.0, 1.0: 0.0}), (2,)) == [2]


def test_without_a_tempo_a_beat_is_a_second():
    assert moments(BeatEvents({}), (0, 3)) == [0, 3]


def test_a_stop_comes_after_the_notes_of_its_beat_and_a_delay_before():
    events = BeatEvents(SECOND_BEATS, stops_s={2.0: 5.0}, delays_s={4.0: 7.0})
    assert moments(events, (1, 2, 3, 4, 5)) == [1, 2, 8, 16, 17]


def test_a_warp_takes_no_time_and_nothing_in_it_can_be_played():
    clock = BeatClock(BeatEvents(SECOND_BEATS, warps={2.0: 5.0}))
    assert [clock.moment_s(beat) for beat in (1, 2, 4, 5, 6)] == [1, 2, 2, 2, 3]
    assert [clock.is_skipped(beat) for beat in (1, 2, 4, 5, 6)] == [False, True, True, False, False]


def test_a_stop_within_a_warp_can_be_played():
    clock = BeatClock(BeatEvents(SECOND_BEATS, stops_s={3.0: 1.0}, warps={2.0: 5.0}))
    assert [clock.is_skipped(beat) for beat in (2, 2.5, 3, 4)] == [True, True, False, True]
    assert clock.moment_s(6) == 4


def test_warps_that_overlap_are_one():
    clock = BeatClock(BeatEvents(SECOND_BEATS, warps={1.0: 3.0, 2.0: 6.0, 9.0: 8.0}))
    assert [clock.moment_s(beat) for beat in (1, 5, 7, 10)] == [1, 1, 2, 5]


def test_time_that_runs_back_is_played_only_once_it_has_caught_up():
    clock = BeatClock(BeatEvents({0.0: 60.0, 4.0: -60.0, 6.0: 60.0}))
    assert [clock.moment_s(beat) for beat in (4, 6, 8, 9)] == [4, 2, 4, 5]
    assert [clock.is_skipped(beat) for beat in (4, 5, 6, 7, 8, 9)] == [
        False, True, True, True, False, False,
    ]  # fmt: skip


def test_a_stop_below_0_turns_time_back_too():
    clock = BeatClock(BeatEvents(SECOND_BEATS, stops_s={2.0: -1.0}))
    assert [clock.is_skipped(beat) for beat in (2, 2.5, 3, 4)] == [False, True, False, False]
    assert clock.moment_s(4) == 3


def test_beats_are_given_from_whole_beats_on():
    events = BeatEvents({0.0: 60.0, 1.5: 120.0, 4.0: 120.0}, stops_s={4.0: 0.25})
    assert BeatClock(events, 1.0).beats_us() == {
        1_000_000: 1_000_000,
        2_750_000: 500_000,
        4_000_000: 500_000,
    }


def test_what_only_goes_on_is_no_new_beat():
    assert without_repeats({0: 500, 1_000: 500, 1_200: 500, 1_700: 250}) == {
        0: 500,
        1_200: 500,
        1_700: 250,
    }


beats = st.floats(0, 200).map(lambda beat: round(beat * 48) / 48)


@given(
    st.dictionaries(beats, st.floats(1, 1_000), max_size=6),
    st.dictionaries(beats, st.floats(0, 10), max_size=4),
    st.dictionaries(beats, st.floats(0, 10), max_size=4),
    st.dictionaries(beats, st.floats(0, 10), max_size=4),
    st.lists(beats, min_size=2, max_size=20).map(sorted),
)
def test_time_never_runs_back_while_nothing_is_below_0(tempos, stops, delays, warps, asked):
    times = moments(BeatEvents(tempos, stops, delays, warps), tuple(asked))
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(times))


@pytest.mark.parametrize("tempo", [1e-300, 1e300, -1e-300, -1e300])
def test_extreme_tempos_give_beats_of_possible_length_or_none(tempo: float):
    lengths = BeatClock(BeatEvents({0.0: 60.0, 4.0: tempo})).beats_us()
    assert lengths[0] == 1_000_000
    assert all(0 < length < 10**15 for length in lengths.values())
