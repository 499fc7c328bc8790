"""Somebody's errors and hold times in another order, a phrase at a time.

Costs one recording. The moving-block bootstrap (Kuensch, Ann. Stat. 17, 1989): stretches of a play
are laid end to end, so that what one note says about the next is real within a stretch. Drift over
more than a stretch is lost, and each stretch is still a known one, elsewhere in the song.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import Integers, generator
from game.bots.recording import Recording
from game.bots.residuals import residuals_of, rows_by_moment, strokes_with
from game.bots.strokes import events_of

MOMENTS: Final = (8, 32)


@dataclass(frozen=True, slots=True)
class ResampledBlocks:
    """The residuals of a recording, stretch after stretch from anywhere in it."""

    moments: int = 16
    """How long a stretch is."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "ResampledBlocks":
        """Stretches of a length from the range of this file."""
        return cls(rng.randint(*MOMENTS), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """Every moment with the residuals of one elsewhere, neighbours mostly with neighbours'."""
        chart = sources[0].chart
        notes = columns_of(chart)
        moments = self._moments(len(notes.firsts), generator(rng))
        residuals = residuals_of(sources[0]).taken(rows_by_moment(notes, moments))
        events = events_of(strokes_with(chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)

    def _moments(self, count: int, chance: np.random.Generator) -> Integers:
        """[moments] For each moment another one."""
        length = max(min(self.moments, count), 1)
        starts = chance.integers(0, max(count - length, 0) + 1, -(-count // length))
        moments: Integers = (starts[:, None] + np.arange(length)).reshape(-1)[:count]
        return moments
