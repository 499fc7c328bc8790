"""A person whose presses a program pulls towards the notes.

Costs a program between keyboard and game, and playing: all but the exactness is real. Errors keep
their signs and their order; a remainder with a memory hides the pull, so that nothing is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import ar1, generator
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.strokes import events_of

SHARE: Final = (0.3, 0.9)
PULL: Final = (0.3, 0.9)
REMAINDER_US: Final = (1_000, 5_000)
REMAINDER_MEMORY: Final = 0.3


@dataclass(frozen=True, slots=True)
class Assisted:
    """A recording with part of its errors taken away."""

    share: float = 0.6
    """Part of the presses that the program touches."""
    pull: float = 0.6
    """Part of such an error that it takes away."""
    remainder_us: float = 2_500
    """Spread of what it adds instead."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Assisted":
        """A program with numbers from the ranges of this file."""
        return cls(
            rng.uniform(*SHARE), rng.uniform(*PULL), rng.uniform(*REMAINDER_US), drawn_grid_us(rng)
        )

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The first source, its presses nearer to the notes; keys come up when they did."""
        chart, source = sources[0].chart, residuals_of(sources[0])
        notes, chance = columns_of(chart), generator(rng)
        count = len(notes.starts_us)
        remainder_us = self.remainder_us * ar1(len(notes.firsts), REMAINDER_MEMORY, chance)
        pulled_us = source.errors_us * (1 - self.pull) + remainder_us[notes.moments]
        is_touched = chance.random(count) < self.share
        errors_us = np.where(is_touched, pulled_us, source.errors_us)
        is_tap = notes.durations_us == 0
        tails_us = source.tails_us + np.where(is_tap, source.errors_us - errors_us, 0)
        tails_us = np.where(is_tap, np.maximum(tails_us, source.tails_us / 2), tails_us)
        residuals = Residuals(errors_us, tails_us, source.strays)
        events = events_of(strokes_with(chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)
