"""A recording as what forgers move about: how far each note was missed, and how long keys held."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from consensus.chart import Chart
from consensus.judgement import judge_notes
from game.bots.columns import Columns, columns_of
from game.bots.noise import Floats, Integers
from game.bots.recording import Recording
from game.bots.strokes import Stroke, strokes_of

FOREVER_US: Final = 3_600_000_000
"""A key that is never let go stays down until it is pressed again, or the window ends."""


@dataclass(frozen=True, slots=True)
class Residuals:
    """What is left of a play when its chart is taken away."""

    errors_us: Floats
    """[notes] Press minus note; NaN for a miss."""
    tails_us: Floats
    """[notes] Of a tap, how long the key was down; of a hold, release minus end; NaN for never."""
    strays: tuple[Stroke, ...] = ()
    """Strokes that answered no note."""

    def taken(self, rows: Integers) -> "Residuals":
        """Those of other notes in place of each; -1 misses."""
        errors_us = np.where(rows < 0, np.nan, self.errors_us[rows])
        return replace(self, errors_us=errors_us, tails_us=self.tails_us[rows])

    def scaled(self, errors: float, tails: float) -> "Residuals":
        """Errors and tails times a factor each."""
        return replace(self, errors_us=self.errors_us * errors, tails_us=self.tails_us * tails)


def residuals_of(recording: Recording) -> Residuals:
    """The residuals of a recording, its presses assigned to notes as the judge does."""
    chart = recording.chart
    judged = judge_notes(chart.notes, recording.events)
    errors_us = np.array([_error_us(note.press_us, note.note.start_us) for note in judged])
    tails_us = np.array(
        [
            _error_us(
                note.release_us,
                note.note.start_us + note.note.duration_us
                if note.note.duration_us or note.press_us is None
                else note.press_us,
            )
            for note in judged
        ]
    )
    answers = {(note.note.lane, note.press_us) for note in judged}
    end_us = recording.events[-1].time_us + 1 if recording.events else 1
    strays = tuple(
        stroke
        for stroke in strokes_of(recording.events, end_us)
        if (stroke.lane, stroke.press_us) not in answers
    )
    return Residuals(errors_us.astype(float), tails_us.astype(float), strays)


def strokes_with(chart: Chart, residuals: Residuals) -> list[Stroke]:
    """The strokes of a play of `chart` with these residuals, a row for each of its notes."""
    notes = columns_of(chart)
    hit = np.flatnonzero(~np.isnan(residuals.errors_us))
    presses_us = (notes.starts_us[hit] + residuals.errors_us[hit]).round().astype(np.int64)
    durations_us = notes.durations_us[hit]
    anchors_us = np.where(durations_us > 0, notes.starts_us[hit] + durations_us, presses_us)
    tails_us = np.nan_to_num(residuals.tails_us[hit], nan=FOREVER_US).round().astype(np.int64)
    columns = (presses_us, notes.lanes[hit], anchors_us + tails_us)
    return [*map(Stroke, *(column.tolist() for column in columns)), *residuals.strays]


def rows_by_moment(notes: Columns, moments: Integers, source: Columns | None = None) -> Integers:
    """[notes] For each note the row of a note at moment `moments[its moment]` of the source.

    The k-th of a chord takes from the k-th; a larger chord begins again with the lowest lane.
    """
    source = source or notes
    wanted = moments[notes.moments]
    return source.firsts[wanted] + notes.positions % source.sizes[wanted]


def moment_means(notes: Columns, values: Floats) -> Floats:
    """[moments] The mean of the values that are there; NaN where none is."""
    there = ~np.isnan(values)
    count = len(notes.firsts)
    hits = np.bincount(notes.moments[there], minlength=count)
    sums = np.bincount(notes.moments[there], values[there], minlength=count)
    means: Floats = np.divide(sums, hits, out=np.full(count, np.nan), where=hits > 0)
    return means


def filled(values: Floats, fallback: float) -> Floats:
    """NaN replaced by values in line between their neighbours; all `fallback` if none is there."""
    there = np.flatnonzero(~np.isnan(values))
    if not len(there):
        return np.full(len(values), fallback)
    line: Floats = np.interp(np.arange(len(values)), there, values[there])
    return line


def _error_us(time_us: int | None, asked_us: int) -> float:
    return np.nan if time_us is None else time_us - asked_us


def mean_lateness_us(parts: Sequence[Residuals]) -> list[float]:
    """The median error of each; 0 for a play that hit nothing."""
    return [
        float(np.nanmedian(part.errors_us)) if not np.isnan(part.errors_us).all() else 0.0
        for part in parts
    ]
