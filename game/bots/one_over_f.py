"""A script whose errors drift like 1/f^a, as those of people do over minutes.

Costs a Fourier transform. It matches the spectrum as a whole, and drifts more smoothly from note
to note than fingers can: its lag-1 correlation and its low frequencies are tied together.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.hands import Hands
from game.bots.noise import generator, one_over_f
from game.bots.strokes import events_of

SD_US: Final = (3_000, 25_000)
EXPONENT: Final = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class OneOverF:
    """Errors whose power falls like 1/f^exponent over the moments of the chart."""

    exponent: float = 1.0
    """How fast: 0 is white, 2 a random walk."""
    sd_us: float = 12_000
    """Spread over the whole play."""
    hands: Hands = field(default_factory=Hands)
    """What else there is to a play."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "OneOverF":
        """A script with an exponent and a spread from the ranges of this file."""
        return cls(
            rng.uniform(*EXPONENT), rng.uniform(*SD_US), Hands.drawn(rng), drawn_grid_us(rng)
        )

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """Every moment off by noise that drifts."""
        errors = one_over_f(len(columns_of(chart).firsts), self.exponent, generator(rng))
        events = events_of(self.hands.strokes(chart, self.sd_us * errors, rng), window_us)
        return on_grid(events, self.grid_us, window_us, rng)
