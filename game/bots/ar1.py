"""A script whose errors remember: each is a part of the one before, plus a new throw.

Costs a line more than independent jitter, and has the lag-1 correlation of people. It forgets
within seconds where people drift over minutes: the low frequencies are missing.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.hands import Hands
from game.bots.noise import ar1, generator
from game.bots.strokes import events_of

SD_US: Final = (3_000, 25_000)
PHI: Final = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Ar1:
    """Errors that are an AR(1) process over the moments of the chart."""

    phi: float = 0.4
    """Correlation of neighbours."""
    sd_us: float = 12_000
    """Stationary spread."""
    hands: Hands = field(default_factory=Hands)
    """What else there is to a play."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Ar1":
        """A script with a memory and a spread from the ranges of this file."""
        return cls(rng.uniform(*PHI), rng.uniform(*SD_US), Hands.drawn(rng), drawn_grid_us(rng))

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """Every moment off by a process that remembers."""
        errors = ar1(len(columns_of(chart).firsts), self.phi, generator(rng))
        events = events_of(self.hands.strokes(chart, self.sd_us * errors, rng), window_us)
        return on_grid(events, self.grid_us, window_us, rng)
