"""A script that presses every note at its very microsecond.

Costs nothing to write. Nobody plays so: the spread of its errors is 0.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.strokes import Stroke, events_of

TAP_US: Final = (30_000, 110_000)
OFFSET_US: Final = (-15_000, 15_000)


@dataclass(frozen=True, slots=True)
class Exact:
    """Plays the chart as it is written."""

    tap_us: int = 60_000
    """How long a tap lasts."""
    offset_us: int = 0
    """How late every press is; a constant is all that a fixed delay adds."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Exact":
        """A script with a delay and taps from the ranges of this file."""
        return cls(rng.randint(*TAP_US), rng.randint(*OFFSET_US), drawn_grid_us(rng))

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """The notes themselves; only a client's frames leave room for chance."""
        events = events_of(
            (
                Stroke(
                    note.start_us + self.offset_us,
                    note.lane,
                    note.start_us + self.offset_us + (note.duration_us or self.tap_us),
                )
                for note in chart.notes
            ),
            window_us,
        )
        return on_grid(events, self.grid_us, window_us, rng)
