"""Judged notes become columns, and moments of the chart gather their notes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.traces import NEVER, traces_of
from consensus.chart import Note
from consensus.judgement import Grade, JudgedNote

NOTES = (
    JudgedNote(Note(1_000, 0), Grade.PERFECT, 3_000, 90_000),
    JudgedNote(Note(1_000, 2, 50_000), Grade.GOOD, 9_000, None),
    JudgedNote(Note(1_000, 3), Grade.MISS, None, None),
    JudgedNote(Note(200_000, 1), Grade.MISS, None, None),
    JudgedNote(Note(300_000, 1), Grade.GREAT, 290_000, 310_000),
)


def test_every_note_is_a_row():
    traces = traces_of(NOTES, 4)
    assert traces.keys == 4
    assert traces.starts_us.tolist() == [1_000, 1_000, 1_000, 200_000, 300_000]
    assert traces.lanes.tolist() == [0, 2, 3, 1, 1]
    assert traces.durations_us.tolist() == [0, 50_000, 0, 0, 0]
    assert traces.presses_us.tolist() == [3_000, 9_000, NEVER, NEVER, 290_000]
    assert traces.releases_us.tolist() == [90_000, NEVER, NEVER, NEVER, 310_000]


def test_a_miss_has_no_error():
    traces = traces_of(NOTES, 4)
    assert traces.is_hit.tolist() == [True, True, False, False, True]
    assert np.array_equal(traces.errors_ms, [2, 8, np.nan, np.nan, -10], equal_nan=True)


def test_a_chord_is_one_moment_with_the_mean_error_of_what_was_hit():
    traces = traces_of(NOTES, 4)
    assert traces.moments.tolist() == [0, 0, 0, 1, 2]
    assert traces.moment_sizes.tolist() == [3, 1, 1]
    assert traces.moment_starts_us.tolist() == [1_000, 200_000, 300_000]
    assert np.array_equal(traces.moment_errors_ms, [5, np.nan, -10], equal_nan=True)


def test_a_part_has_its_notes_alone():
    part = traces_of(NOTES, 4).part(2, 5)
    whole = traces_of(NOTES[2:], 4)
    assert part.keys == whole.keys
    for name in ("starts_us", "lanes", "durations_us", "presses_us", "releases_us", "moments"):
        assert getattr(part, name).tolist() == getattr(whole, name).tolist()


def test_no_notes_are_no_moments():
    traces = traces_of((), 4)
    for name in ("starts_us", "lanes", "durations_us", "presses_us", "releases_us"):
        assert getattr(traces, name).tolist() == []
    assert traces.moments.tolist() == traces.moment_starts_us.tolist() == []
    assert traces.moment_errors_ms.tolist() == traces.errors_ms.tolist() == []


times = st.integers(-(2**53), 2**53)
placed = st.dictionaries(
    st.tuples(st.integers(0, 2**43), st.integers(0, 17)),
    st.tuples(st.integers(0, 2**43), st.none() | times, st.none() | times),
    max_size=40,
)


@given(placed)
def test_nothing_is_lost(notes):
    judged = tuple(
        JudgedNote(Note(*place, duration_us), Grade.GOOD, press_us, release_us)
        for place, (duration_us, press_us, release_us) in sorted(notes.items())
    )
    traces = traces_of(judged, 18)
    columns = (
        traces.starts_us,
        traces.lanes,
        traces.durations_us,
        traces.presses_us,
        traces.releases_us,
    )
    again = tuple(
        JudgedNote(
            Note(start, lane, duration),
            Grade.GOOD,
            None if press == NEVER else press,
            None if release == NEVER else release,
        )
        for start, lane, duration, press, release in zip(
            *(column.tolist() for column in columns), strict=True
        )
    )
    assert again == judged
    assert len(traces.moment_starts_us) == len({note.note.start_us for note in judged})
    assert traces.moment_starts_us[traces.moments].tolist() == traces.starts_us.tolist()
