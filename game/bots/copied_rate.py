"""A play that was seen before, with its errors and holds a tenth larger or smaller.

Costs one recording, of this chart or (see `carrying`) of the same music at another rate. Each
error differs from the one that is known, in proportion: what doesn't change is their pattern.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import generator
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.strokes import events_of

RATE: Final = (0.9, 1.1)
BLUR_US: Final = (0, 5_000)


@dataclass(frozen=True, slots=True)
class CopiedRate:
    """The residuals of a recording, scaled."""

    rate: float = 0.95
    """By what errors and hold times are multiplied."""
    blur_us: float = 0
    """Spread of the noise on each press."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "CopiedRate":
        """A copier with a rate and noise from the ranges of this file."""
        return cls(rng.uniform(*RATE), rng.uniform(*BLUR_US), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The first source's residuals times the rate, on its chart."""
        source = residuals_of(sources[0]).scaled(self.rate, self.rate)
        blur_us = self.blur_us * generator(rng).standard_normal(len(source.errors_us))
        residuals = Residuals(source.errors_us + blur_us, source.tails_us, source.strays)
        events = events_of(strokes_with(sources[0].chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)
