"""Somebody's errors and hold times in another order: each note draws one of theirs.

Costs one recording. How errors and holds are spread is a real person's to the last quantile, and
no note repeats what is known; what is lost is all that one note says about the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from consensus.evidence import KeyEvent
from game.bots.columns import Columns, columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import Integers, generator
from game.bots.recording import Recording
from game.bots.residuals import residuals_of, strokes_with
from game.bots.strokes import events_of


@dataclass(frozen=True, slots=True)
class Resampled:
    """The residuals of a recording, drawn with replacement."""

    is_by_lane: bool = True
    """Whether a note draws from its own lane, so that fingers keep their habits."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Resampled":
        """Either kind, on a drawn client."""
        return cls(rng.random() < 0.5, drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """Every note with the residual of another; taps draw from taps and holds from holds."""
        chart = sources[0].chart
        notes = columns_of(chart)
        residuals = residuals_of(sources[0]).taken(self._rows(notes, generator(rng)))
        events = events_of(strokes_with(chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)

    def _rows(self, notes: Columns, chance: np.random.Generator) -> Integers:
        kinds = (notes.durations_us > 0) * 1
        if self.is_by_lane:
            kinds += 2 * notes.lanes
        rows = np.zeros(len(kinds), np.int64)
        for kind in np.unique(kinds):
            own = np.flatnonzero(kinds == kind)
            rows[own] = chance.choice(own, len(own))
        return rows
