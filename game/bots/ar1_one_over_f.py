"""A script with both: errors that remember their neighbour, over a drift like 1/f^a.

Costs an afternoon with the literature (Gilden, Thornton and Mallon, Science 267, 1995; Chen, Ding
and Kelso, Phys. Rev. Lett. 79, 1997). Memory and drift can be those of people; that errors depend
on the notes, and vary with how hard they are, is missing.
"""

from dataclasses import dataclass, field
from math import sqrt
from random import Random
from typing import Final

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.hands import Hands
from game.bots.noise import ar1, generator, one_over_f
from game.bots.strokes import events_of

SD_US: Final = (3_000, 25_000)
PHI: Final = (-0.2, 0.6)
EXPONENT: Final = (0.5, 1.5)
DRIFT_SHARE: Final = (0.05, 0.6)


@dataclass(frozen=True, slots=True)
class Ar1OneOverF:
    """Errors that are the sum of an AR(1) process and 1/f^exponent noise."""

    phi: float = 0.2
    """Correlation of neighbours in the quick part."""
    exponent: float = 1.0
    """How fast the power of the drift falls."""
    drift_share: float = 0.3
    """Part of the variance that drifts."""
    sd_us: float = 12_000
    """Spread of the sum."""
    hands: Hands = field(default_factory=Hands)
    """What else there is to a play."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Ar1OneOverF":
        """A script with numbers from the ranges of this file."""
        return cls(
            rng.uniform(*PHI),
            rng.uniform(*EXPONENT),
            rng.uniform(*DRIFT_SHARE),
            rng.uniform(*SD_US),
            Hands.drawn(rng),
            drawn_grid_us(rng),
        )

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """Every moment off by a quick part and a slow one."""
        count, chance = len(columns_of(chart).firsts), generator(rng)
        quick = sqrt(1 - self.drift_share) * ar1(count, self.phi, chance)
        drift = sqrt(self.drift_share) * one_over_f(count, self.exponent, chance)
        strokes = self.hands.strokes(chart, self.sd_us * (quick + drift), rng)
        return on_grid(events_of(strokes, window_us), self.grid_us, window_us, rng)
