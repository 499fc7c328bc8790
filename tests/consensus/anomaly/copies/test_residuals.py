"""Residuals keep how a play errs and nothing that a copy can change at no cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.copies.moments import chart_key
from consensus.anomaly.copies.residuals import (
    FEWEST,
    LARGEST,
    MISSED,
    STEPS,
    from_errors,
    moved,
    residuals_of,
)
from consensus.anomaly.traces import NEVER, Traces, traces_of
from consensus.chart import Chart, Note, TimingPoint
from consensus.judgement import judge_notes
from tests.consensus.anomaly.copies.people import errors_of

AT = np.arange(500)


@given(st.floats(-200, 200), st.floats(0.3, 3))
def test_shift_and_scale_leave_no_trace(shift_ms: float, scale: float):
    ours, theirs = from_errors(AT, errors_of(1)), from_errors(AT, errors_of(1) * scale + shift_ms)
    assert ours is not None
    assert theirs is not None
    apart = ours.values.astype(int) - theirs.values
    assert np.abs(apart).max() <= 1


def test_a_slow_warp_of_time_leaves_little():
    warped = errors_of(1) + 30 * np.sin(np.arange(500) / 80)
    ours, theirs = from_errors(AT, errors_of(1)), from_errors(AT, warped)
    assert ours is not None
    assert theirs is not None
    assert np.corrcoef(ours.values, theirs.values)[0, 1] > 0.95


def test_a_slip_counts_as_three_spreads_at_most():
    errors = errors_of(1)
    errors[100] += 100
    far = errors.copy()
    far[100] += 100_000
    residuals, farther = from_errors(AT, errors), from_errors(AT, far)
    assert residuals is not None
    assert farther is not None
    assert residuals.values.tolist() == farther.values.tolist()
    assert residuals.values.max() <= LARGEST * STEPS


def test_a_miss_is_a_gap():
    at = np.delete(AT, [3, 250])[2:]
    residuals = from_errors(at, errors_of(1)[at])
    assert residuals is not None
    assert (residuals.first, residuals.end) == (2, 500)
    assert (np.flatnonzero(~residuals.is_hit) + 2).tolist() == [3, 250]


def test_too_little_is_nothing():
    assert from_errors(AT[:29], errors_of(1)[:29]) is None
    assert from_errors(AT[:30], errors_of(1)[:30]) is not None
    assert from_errors(AT, np.full(500, 12.0)) is None
    assert from_errors(AT[:0], errors_of(1)[:0]) is None


def test_a_window_lies_where_it_is_in_its_chart():
    notes = tuple(Note(1_000_000 + 100_000 * i, i % 4) for i in range(200))
    chart = Chart("", "", 4, (TimingPoint(0, 400_000),), notes)
    start_us = 6_000_000
    asked = [n._replace(start_us=n.start_us - start_us) for n in chart.notes[50:150]]
    traces = traces_of(judge_notes(asked, ()), 4)
    presses_us = traces.starts_us + 1_000 * (np.arange(100) ** 2 % 23)
    played = Traces(4, traces.starts_us, traces.lanes, traces.durations_us, presses_us, presses_us)
    residuals = residuals_of(chart_key(chart), played, start_us)
    assert residuals is not None
    assert (residuals.first, residuals.end) == (50, 150)
    assert residuals_of(chart_key(chart), played, start_us + 1) is None
    assert residuals_of(chart_key(chart), traces, start_us) is None


def test_moving_keeps_values_and_drops_what_has_no_place():
    residuals = from_errors(AT, errors_of(1))
    assert residuals is not None
    places = np.where(AT % 10 == 0, -1, AT + 5)
    there = moved(residuals, places)
    assert there is not None
    assert (there.first, there.end) == (6, 505)
    assert there.values[:9].tolist() == residuals.values[1:10].tolist()
    assert there.values[9] == MISSED
    assert moved(residuals, np.full(500, -1)) is None


@pytest.mark.parametrize("notes", [0, 1, FEWEST, 5_000])
@pytest.mark.parametrize("press_us", [NEVER, 0, -(2**60), 2**60])
def test_no_times_raise(notes: int, press_us: int):
    starts_us = np.zeros(notes, np.int64)
    column = np.full(notes, press_us)
    traces = Traces(4, starts_us, starts_us, starts_us, column, column)
    chart = Chart("", "", 4, (TimingPoint(0, 400_000),), tuple(Note(0, i) for i in range(4)))
    assert residuals_of(chart_key(chart), traces) is None
