"""A script that misses every note by its own throw of the dice.

Costs nothing to write. Its errors have a human spread and no memory: people drift, it doesn't.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.strokes import Stroke, events_of

SD_US: Final = (2_000, 25_000)
TAP_US: Final = (45_000, 110_000)
TAP_SD_US: Final = (2_000, 25_000)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Independent normal errors for presses and hold times."""

    sd_us: int = 12_000
    """Spread of the errors of presses."""
    tap_us: int = 80_000
    """Mean time that a tap lasts."""
    tap_sd_us: int = 10_000
    """Spread of the time that keys are down."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Gaussian":
        """A script with spreads from the ranges of this file."""
        return cls(
            rng.randint(*SD_US), rng.randint(*TAP_US), rng.randint(*TAP_SD_US), drawn_grid_us(rng)
        )

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """Every note, each off by an independent error."""
        strokes = []
        for note in chart.notes:
            press_us = note.start_us + round(rng.gauss(0, self.sd_us))
            held_us = (note.duration_us or self.tap_us) + round(rng.gauss(0, self.tap_sd_us))
            strokes.append(Stroke(press_us, note.lane, press_us + max(held_us, 1)))
        return on_grid(events_of(strokes, window_us), self.grid_us, window_us, rng)
