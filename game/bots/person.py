"""A person as a model: errors, hold times, ends of holds, and slips, fitted to one recording."""

from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Final

import numpy as np

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import Columns, columns_of
from game.bots.habit import Habit, habit_of
from game.bots.noise import Floats, generator
from game.bots.patterns import patterns_of, played_gaps_us, played_patterns
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.slips import Slips, slips_of
from game.bots.strokes import events_of

PEOPLE_KEPT: Final = 64
"""Fits that are remembered: a forger plays many times from few recordings."""
FIT_SEED: Final = 1
"""A fit needs some chance, and is the same every time."""
SHORTEST_US: Final = 15_000
"""No key is down for less."""
ROOM_US: Final = (40_000, 1_000_000)
"""Between what times a finger has for a tap."""
SHARES: Final = (0.01, 0.97)
"""Between what shares of it a key is down."""
LEAST_GAP_SHARE: Final = 0.005
SOONER: Final = (1.0, 1.3)
"""A finger that would come up too late comes up this many times the least gap before."""
USUAL_SHARE: Final = -1.0
"""For who let no key go; as log(p / (1 - p))."""


@dataclass(frozen=True, slots=True)
class Person:
    """Plays any chart with as many keys as the one it was fitted on."""

    keys: int
    """How many lanes it knows."""
    errors: Habit
    """Press minus note, in microseconds."""
    taps: Habit
    """Of the time that a finger has for a tap, the share that it is down, as log(p / (1 - p))."""
    ends: Habit
    """Release minus end of a hold, in microseconds; it depends on the error too."""
    slips: Slips
    """What goes wrong."""
    least_gap_us: float
    """How long a finger is up before it goes down again, but for a few times."""

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
        rooms_us = _rooms_us(notes, errors_us)
        taps_us = rooms_us / (1 + np.exp(-self.taps.drawn(wider, notes, chance)))
        ends_us = self.ends.drawn(wider, notes, chance)
        is_hold = notes.durations_us > 0
        latest_us = rooms_us - self.least_gap_us * chance.uniform(*SOONER, len(rooms_us))
        taps_us = np.minimum(taps_us, latest_us)
        missed = self.slips.misses(patterns @ self.errors.spread, chance)
        errors_us = np.where(missed, np.nan, errors_us)
        residuals = Residuals(errors_us, np.where(is_hold, ends_us, taps_us))
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


@lru_cache(maxsize=PEOPLE_KEPT)
def person_of(recording: Recording, order: int) -> Person:
    """The person behind a recording; `order` is how many moments back errors may reach.

    Raises ValueError when no note was hit.
    """
    chart, notes = recording.chart, columns_of(recording.chart)
    residuals = residuals_of(recording)
    if np.isnan(residuals.errors_us).all():
        raise ValueError("the recording hits no note: there is nobody to fit")
    chance = np.random.default_rng(FIT_SEED)
    patterns = patterns_of(chart)
    errors = habit_of(_smoothed(residuals.errors_us, chance), patterns, notes, order, chance)
    wider = np.column_stack((patterns, played_patterns(notes, residuals.errors_us)))
    tails_us = _smoothed(residuals.tails_us, chance)
    rooms_us = _rooms_us(notes, residuals.errors_us)
    shares = np.clip(tails_us / rooms_us, *SHARES)
    is_hold = notes.durations_us > 0
    taps = _some(np.where(is_hold, np.nan, np.log(shares / (1 - shares))), USUAL_SHARE)
    ends_us = _some(np.where(is_hold, tails_us, np.nan), 0.0)
    slips = slips_of(residuals, patterns @ errors.spread, notes)
    return Person(
        chart.keys,
        errors,
        habit_of(taps, wider, notes, order, chance),
        habit_of(ends_us, wider, notes, order, chance),
        slips,
        max(float(np.nanquantile(rooms_us - tails_us, LEAST_GAP_SHARE)), 0.0),
    )


def _rooms_us(notes: Columns, errors_us: Floats) -> Floats:
    """[notes] How long a finger has for a tap: it must come up before it goes down again."""
    return np.clip(played_gaps_us(notes, errors_us), *ROOM_US)


def _some(values: Floats, usual: float) -> Floats:
    """The values, or one usual one where there are none."""
    return np.append(usual, values[1:]) if np.isnan(values).all() else values


def _smoothed(values_us: Floats, chance: np.random.Generator) -> Floats:
    """Without the steps of a client that writes whole milliseconds."""
    return values_us + chance.uniform(-500, 500, len(values_us))
