"""Hands for scripts that only have a sense of time: fingers, chords, holds, slips.

A script that spends all its care on the error of the press is told apart by keys that are held
60 ms each. So those that differ in their errors share these hands, with habits drawn anew.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from consensus.chart import Chart
from game.bots.columns import columns_of
from game.bots.noise import Floats, generator
from game.bots.strokes import Stroke

SHORTEST_US: Final = 18_000
"""No finger comes up sooner."""
FINGER_SD_US: Final = (0, 6_000)
CHORD_SD_US: Final = (0, 8_000)
TAP_US: Final = (45_000, 100_000)
TAP_SPREAD: Final = (0.1, 0.4)
END_SD_US: Final = (8_000, 40_000)
END_BIAS_US: Final = (-20_000, 20_000)
MISS_PPM: Final = (0, 20_000)
STRAY_PPM: Final = (0, 15_000)


@dataclass(frozen=True, slots=True)
class Hands:
    """Habits of fingers."""

    finger_sd_us: float = 3_000
    """How much lanes differ in lateness."""
    chord_sd_us: float = 4_000
    """How far apart the fingers of a chord land."""
    tap_us: float = 70_000
    """Median time that a tap lasts."""
    tap_spread: float = 0.2
    """Spread of the logarithm of that time."""
    end_sd_us: float = 20_000
    """Spread of where a hold is let go."""
    end_bias_us: float = -5_000
    """How late holds are let go on average."""
    miss_ppm: int = 5_000
    """How often a note is not pressed."""
    stray_ppm: int = 5_000
    """How often, by note, a finger slips on some key where no note is."""

    @classmethod
    def drawn(cls, rng: Random) -> "Hands":
        """Hands with habits between the bounds of this file."""
        return cls(
            rng.uniform(*FINGER_SD_US),
            rng.uniform(*CHORD_SD_US),
            rng.uniform(*TAP_US),
            rng.uniform(*TAP_SPREAD),
            rng.uniform(*END_SD_US),
            rng.uniform(*END_BIAS_US),
            rng.randint(*MISS_PPM),
            rng.randint(*STRAY_PPM),
        )

    def strokes(self, chart: Chart, errors_us: Floats, rng: Random) -> list[Stroke]:
        """The strokes of a play whose moments are off by `errors_us` [moments]."""
        notes, chance = columns_of(chart), generator(rng)
        count = len(notes.starts_us)
        fingers_us = self.finger_sd_us * chance.standard_normal(chart.keys)
        apart_us = self.chord_sd_us * chance.standard_normal(count)
        presses_us = notes.starts_us + errors_us[notes.moments] + fingers_us[notes.lanes] + apart_us
        habits = self.tap_spread / 2 * chance.standard_normal(chart.keys)[notes.lanes]
        taps_us = self.tap_us * np.exp(habits + self.tap_spread * chance.standard_normal(count))
        ends_us = chance.normal(self.end_bias_us, self.end_sd_us, count)
        releases_us = np.where(
            notes.durations_us > 0,
            notes.starts_us + notes.durations_us + ends_us,
            presses_us + taps_us,
        )
        releases_us = np.maximum(releases_us, presses_us + SHORTEST_US)
        is_pressed = chance.random(count) >= self.miss_ppm / 1e6
        is_stray = chance.random(count) < self.stray_ppm / 1e6
        slips = chance.integers(0, chart.keys, count)
        columns = (presses_us.round().astype(int), notes.lanes, releases_us.round().astype(int))
        strokes = _strokes(*(column[is_pressed] for column in columns))
        slipped = _strokes(columns[0][is_stray] + 30_000, slips[is_stray], columns[2][is_stray])
        return strokes + slipped


def _strokes(*columns: np.ndarray) -> list[Stroke]:
    return list(map(Stroke, *(column.tolist() for column in columns)))
