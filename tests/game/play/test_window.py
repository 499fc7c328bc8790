"""The densest part of a play stands for the whole."""

from hypothesis import given
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint, check_chart
from consensus.evidence import Evidence, KeyEvent, check_evidence
from consensus.identifiers import EntryId
from game.play.window import LEAD_IN_US, TAIL_US, cut_window, densest_start_us, events_between

SECOND_US = 1_000_000
BEAT = (TimingPoint(0, 500_000),)


def chart_of(*starts_s: float) -> Chart:
    notes = tuple(Note(round(start_s * SECOND_US), 0) for start_s in sorted(set(starts_s)))
    return Chart("", "", 4, BEAT, notes)


def test_the_part_with_most_notes_is_taken():
    chart = chart_of(1, 30, 31, 32, 33, 80)
    events = (
        KeyEvent(28_900_000, 0, True),
        KeyEvent(29_100_000, 0, False),
        KeyEvent(30_000_000, 0, True),
        KeyEvent(30_050_000, 0, False),
        KeyEvent(80_000_000, 0, True),
    )
    part, played = cut_window(chart, events, 20 * SECOND_US)
    assert part == chart_of(1, 2, 3, 4)
    assert played == (KeyEvent(SECOND_US, 0, True), KeyEvent(1_050_000, 0, False))


def test_of_equal_parts_the_first_is_taken():
    assert densest_start_us(chart_of(5, 50), 10 * SECOND_US) == 4 * SECOND_US


def test_a_play_that_begins_at_once_has_no_lead_in():
    assert densest_start_us(chart_of(0.2, 0.4), 10 * SECOND_US) == 0


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60), st.integers(2, 60))
def test_no_other_start_would_hold_more_notes(tenths: list[int], window_s: int):
    chart = chart_of(*(tenth / 10 for tenth in tenths))
    window_us = window_s * SECOND_US
    part, _ = cut_window(chart, (), window_us)
    check_chart(part)
    for note in chart.notes:
        start_us = max(note.start_us - LEAD_IN_US, 0)
        end_us = start_us + window_us - TAIL_US
        assert len(chart.between(start_us, end_us)) <= len(part.notes)


@given(
    st.lists(st.tuples(st.integers(-50, 500), st.integers(0, 3), st.booleans()), max_size=60),
    st.integers(0, 300),
)
def test_the_events_of_a_window_are_possible_evidence(raw: list, start_us: int):
    events = [KeyEvent(*event) for event in sorted(raw, key=lambda event: event[0])]
    cut = events_between(events, start_us, start_us + 100)
    check_evidence(Evidence(EntryId(bytes(32)), 0, 100, cut, ()))
    down: set[int] = set()
    for event in cut:
        assert event.is_press or event.lane in down
        down.add(event.lane)
