"""A script that presses every note at its very microsecond.

Costs nothing to write. Nobody plays so: the spread of its errors is 0.
"""

from dataclasses import dataclass
from random import Random

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.strokes import Stroke, events_of


@dataclass(frozen=True, slots=True)
class Exact:
    """Plays the chart as it is written."""

    tap_us: int = 60_000
    """How long a tap lasts."""
    offset_us: int = 0
    """How late every press is; a constant is all that a fixed delay adds."""

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """The notes themselves; chance is not used."""
        return events_of(
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
