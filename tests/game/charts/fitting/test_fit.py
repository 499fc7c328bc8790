"""Fitting keeps what can be played, invents nothing, and gives the same every time."""

from itertools import groupby, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint, check_chart
from game.charts.fitting.fit import Fitted, fitted

FAST_US = 80_000
TIMING = (TimingPoint(0, 500_000),)


def chart_of(keys: int, notes: list[Note]) -> Chart:
    return Chart("A", "B", keys, TIMING, tuple(sorted(notes)))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    keys = draw(st.integers(1, 18))
    starts = st.integers(0, 60).map(lambda step: step * 20_000)
    lengths = st.one_of(st.just(0), st.integers(1, 40).map(lambda step: step * 25_000))
    places = st.tuples(starts, st.integers(0, keys - 1))
    found = draw(st.dictionaries(places, lengths, max_size=60))
    return chart_of(keys, [Note(*place, length) for place, length in found.items()])


keys_to = st.integers(4, 10)


def by_lane(chart: Chart) -> list[list[Note]]:
    return [[note for note in chart.notes if note.lane == lane] for lane in range(chart.keys)]


def starts_together(chart: Chart) -> set[tuple[int, int]]:
    """Pairs of starts that one lane of the chart has."""
    return {
        (one.start_us, other.start_us)
        for lane in by_lane(chart)
        for one, other in product(lane, lane)
        if one.start_us < other.start_us <= one.start_us + FAST_US
    }


@given(charts(), keys_to)
def test_a_fitted_chart_is_a_chart_of_notes_that_the_source_has(source: Chart, keys: int):
    result = fitted(source, keys)
    check_chart(result.chart)
    assert (result.chart.keys, result.chart.timing) == (keys, source.timing)
    assert result.kept == len(result.chart.notes) == len(source.notes) - result.dropped
    wanted = [(note.start_us, note.duration_us) for note in source.notes]
    for note in result.chart.notes:
        wanted.remove((note.start_us, note.duration_us))


@given(charts(), keys_to)
def test_no_two_notes_of_a_lane_overlap(source: Chart, keys: int):
    if keys != source.keys:
        for lane in by_lane(fitted(source, keys).chart):
            for one, other in pairwise(lane):
                assert one.start_us + one.duration_us < other.start_us


@given(charts(), keys_to)
def test_no_key_repeats_fast_that_did_not_before(source: Chart, keys: int):
    had = starts_together(source)
    for lane in by_lane(fitted(source, keys).chart):
        for one, other in pairwise(lane):
            is_fast = other.start_us - one.start_us < FAST_US
            assert not is_fast or (one.start_us, other.start_us) in had


@given(charts(), keys_to)
def test_the_same_chart_gives_the_same_result(source: Chart, keys: int):
    assert fitted(source, keys) == fitted(chart_of(source.keys, list(source.notes)), keys)


@given(charts())
def test_a_chart_fits_its_own_keys_as_it_is(source: Chart):
    if 4 <= source.keys <= 10:
        assert fitted(source, source.keys) == Fitted(source, len(source.notes), 0, 0)


@given(charts(), st.integers(5, 10))
def test_more_lanes_never_lose_more_notes(source: Chart, keys: int):
    if source.keys not in (keys - 1, keys):
        assert fitted(source, keys).dropped <= fitted(source, keys - 1).dropped


@given(charts())
def test_nothing_is_lost_where_each_old_lane_has_one_of_its_own(source: Chart):
    calm = [
        note
        for lane in by_lane(source)
        for position, note in enumerate(lane)
        if position == 0 or note.start_us >= lane[0].start_us + position * 3_000_000
    ]
    result = fitted(chart_of(min(source.keys, 9), [n for n in calm if n.lane < 9]), 10)
    assert result.dropped == 0


@given(charts(), keys_to)
def test_chords_keep_their_order_where_no_lane_is_taken(source: Chart, keys: int):
    """The first chord finds all lanes free."""
    first = next((list(row) for _, row in groupby(source.notes, lambda it: it.start_us)), [])
    result = fitted(chart_of(source.keys, first), keys)
    lengths = [note.duration_us for note in result.chart.notes]
    remaining = iter([note.duration_us for note in first])
    assert all(length in remaining for length in lengths)
    assert len(lengths) == min(len(first), keys)


def stream(keys: int, lanes: list[int], gap_us: int = 100_000) -> Chart:
    return chart_of(keys, [Note(i * gap_us, lane) for i, lane in enumerate(lanes)])


def lanes_of(result: Fitted) -> list[int]:
    return [note.lane for note in result.chart.notes]


def test_a_run_to_the_right_stays_one_when_lanes_are_spread():
    lanes = lanes_of(fitted(stream(4, [0, 1, 2, 3]), 8))
    assert lanes == sorted(set(lanes))
    assert lanes[0] < 2
    assert lanes[-1] > 5


def test_a_trill_of_two_hands_stays_one():
    lanes = lanes_of(fitted(stream(7, [0, 6] * 10, 90_000), 4))
    assert all((one < 2) != (other < 2) for one, other in pairwise(lanes))


def test_a_repeated_key_stays_repeated_and_others_do_not_become_one():
    assert len(set(lanes_of(fitted(stream(7, [3] * 8, 60_000), 4)))) == 1
    lanes = lanes_of(fitted(stream(7, [0, 1] * 8), 4))
    assert all(one != other for one, other in pairwise(lanes))


def test_all_lanes_are_used_when_there_are_more():
    lanes = lanes_of(fitted(stream(4, [0, 1, 2, 3, 2, 1] * 20), 7))
    assert set(lanes) == set(range(7))


def test_of_a_chord_too_large_the_longest_go():
    chord = [Note(0, lane, 1_000 * lane) for lane in range(6)]
    result = fitted(chart_of(6, chord), 4)
    assert [note.duration_us for note in result.chart.notes] == [0, 1_000, 2_000, 3_000]
    assert (result.kept, result.dropped) == (4, 2)


def test_a_long_hold_gives_way_to_the_many_that_it_would_block():
    holds = [Note(0, lane, 10_000_000) for lane in range(4)]
    taps = [Note(200_000 * i, 6) for i in range(1, 20)]
    result = fitted(chart_of(7, holds + taps), 4)
    assert (result.kept, result.dropped) == (22, 1)


def test_pitches_go_with_their_notes():
    source = Chart("A", "B", 7, TIMING, (Note(0, 0), Note(0, 6), Note(500_000, 3)), b"\x01\x02\x03")
    assert fitted(source, 4).chart.pitches == b"\x01\x02\x03"


@pytest.mark.parametrize("keys", [3, 11])
def test_other_numbers_of_keys_are_our_own_mistake(keys: int):
    with pytest.raises(ValueError, match="not 4 to 10"):
        fitted(stream(4, [0]), keys)
