"""A person as a model: errors, hold times, ends of holds, and slips, fitted to one recording."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final

import numpy as np

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import Columns, columns_of
from game.bots.habit import Habit, habit_of
from game.bots.lifting import least_gap_us, lifted
from game.bots.noise import Floats, generator
from game.bots.patterns import patterns_of, played_patterns
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.slips import Slips, slips_of
from game.bots.strokes import events_of

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
    least_gap_us: float
    """How long a finger is up before it goes down again, at the least."""

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """A play with new chance; raises ValueError for a chart with other keys."""
        if chart.keys != self.keys:
            raise ValueError(f"fitted to {self.keys} keys, and the chart has {chart.keys}")
        if not chart.notes:
            return ()
        notes, chance = columns_of(chart), generator(rng)
        patterns = patterns_of(chart)
        errors_us = self.errors.drawn(patterns, notes, chance)
        wider = np.column_stack((patterns, played_patterns(notes, errors_us)))
        taps_us = np.exp(self.taps.drawn(wider, notes, chance))
        ends_us = self.ends.drawn(wider, notes, chance)
        is_hold = notes.durations_us > 0
        missed = self.slips.misses(patterns @ self.errors.spread, chance)
        errors_us = np.where(missed, np.nan, errors_us)
        residuals = Residuals(errors_us, np.where(is_hold, ends_us, taps_us))
        residuals = lifted(residuals, notes, self.least_gap_us, chance)
        shortest_us = SHORTEST_US + np.where(is_hold, errors_us - notes.durations_us, 0)
        residuals = replace(residuals, tails_us=np.maximum(residuals.tails_us, shortest_us))
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
    errors = habit_of(_smoothed(residuals.errors_us, chance), patterns, notes, order, chance)
    wider = np.column_stack((patterns, played_patterns(notes, residuals.errors_us)))
    tails_us = _smoothed(residuals.tails_us, chance)
    taps, ends = _tails(tails_us, wider, notes, order, chance)
    slips = slips_of(residuals, patterns @ errors.spread, notes)
    return Person(chart.keys, errors, taps, ends, slips, least_gap_us(residuals, notes))


def _tails(
    tails_us: Floats, patterns: Floats, notes: Columns, order: int, chance: np.random.Generator
) -> tuple[Habit, Habit]:
    is_hold = notes.durations_us > 0
    taps = np.where(is_hold, np.nan, np.log(np.maximum(tails_us, 1)))
    ends_us = np.where(is_hold, tails_us, np.nan)
    if np.isnan(taps).all():
        taps[:1] = np.log(USUAL_TAP_US)
    if np.isnan(ends_us).all():
        ends_us[:1] = 0
    return (
        habit_of(taps, patterns, notes, order, chance),
        habit_of(ends_us, patterns, notes, order, chance),
    )


def _smoothed(values_us: Floats, chance: np.random.Generator) -> Floats:
    """Without the steps of a client that writes whole milliseconds."""
    return values_us + chance.uniform(-500, 500, len(values_us))
