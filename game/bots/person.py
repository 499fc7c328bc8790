"""A person as a model: errors, hold times, ends of holds, and slips, fitted to one recording."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

import numpy as np

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import Columns, columns_of
from game.bots.habit import Habit, habit_of
from game.bots.noise import Floats, generator
from game.bots.patterns import patterns_of
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.slips import Slips, slips_of
from game.bots.strokes import events_of

ERROR_SCALE_US: Final = 20_000
SHORTEST_US: Final = 15_000
"""No key is down for less."""
USUAL_TAP_US: Final = 70_000
"""For who let no key go."""


@dataclass(frozen=True, slots=True)
class Person:
    """Plays any chart with as many keys as the one it was fitted on."""

    keys: int
    """How many lanes it knows."""
    errors: Habit
    """Press minus note, in microseconds."""
    taps: Habit
    """The logarithm of how long a tap lasts, in microseconds; it depends on the error too."""
    ends: Habit
    """Release minus end of a hold, in microseconds; it depends on the error too."""
    slips: Slips
    """What goes wrong."""

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """A play with new chance; raises ValueError for a chart with other keys."""
        if chart.keys != self.keys:
            raise ValueError(f"fitted to {self.keys} keys, and the chart has {chart.keys}")
        if not chart.notes:
            return ()
        notes, chance = columns_of(chart), generator(rng)
        patterns = patterns_of(chart)
        errors_us = self.errors.drawn(patterns, notes, chance)
        wider = _with_errors(patterns, errors_us)
        taps_us = np.exp(self.taps.drawn(wider, notes, chance))
        ends_us = self.ends.drawn(wider, notes, chance)
        shortest_us = SHORTEST_US - notes.durations_us + errors_us
        tails_us = np.where(
            notes.durations_us > 0,
            np.maximum(ends_us, shortest_us),
            np.maximum(taps_us, SHORTEST_US),
        )
        missed = self.slips.misses(patterns @ self.errors.spread, chance)
        residuals = Residuals(np.where(missed, np.nan, errors_us), tails_us)
        strays = self.slips.stray_strokes(notes, chance)
        return events_of([*strokes_with(chart, residuals), *strays], window_us)

    def on_another_day(self, shift_us: float, spread: float) -> "Person":
        """The same person, later by `shift_us`, errors wider by a factor of `spread`."""
        errors = self.errors
        other = replace(
            errors, centre=errors.centre + shift_us, quantiles=errors.quantiles * spread
        )
        return replace(self, errors=other)


def person_of(recording: Recording, order: int, rng: Random) -> Person:
    """The person behind a recording; `order` is how many moments back errors may reach.

    Raises ValueError when no note was hit.
    """
    chart, notes = recording.chart, columns_of(recording.chart)
    residuals = residuals_of(recording)
    if np.isnan(residuals.errors_us).all():
        raise ValueError("the recording hits no note: there is nobody to fit")
    chance = generator(rng)
    patterns = patterns_of(chart)
    errors = habit_of(_smoothed(residuals.errors_us, chance), patterns, notes, order)
    wider = _with_errors(patterns, residuals.errors_us)
    taps, ends = _tails(_smoothed(residuals.tails_us, chance), wider, notes, order)
    slips = slips_of(residuals, patterns @ errors.spread, notes)
    return Person(chart.keys, errors, taps, ends, slips)


def _tails(tails_us: Floats, patterns: Floats, notes: Columns, order: int) -> tuple[Habit, Habit]:
    is_hold = notes.durations_us > 0
    taps = np.where(is_hold, np.nan, np.log(np.maximum(tails_us, 1)))
    ends_us = np.where(is_hold, tails_us, np.nan)
    if np.isnan(taps).all():
        taps[:1] = np.log(USUAL_TAP_US)
    if np.isnan(ends_us).all():
        ends_us[:1] = 0
    return habit_of(taps, patterns, notes, order), habit_of(ends_us, patterns, notes, order)


def _smoothed(values_us: Floats, chance: np.random.Generator) -> Floats:
    """Without the steps of a client that writes whole milliseconds."""
    return values_us + chance.uniform(-500, 500, len(values_us))


def _with_errors(patterns: Floats, errors_us: Floats) -> Floats:
    errors = np.clip(np.nan_to_num(errors_us) / ERROR_SCALE_US, -3, 3)
    return np.column_stack((patterns, errors))
