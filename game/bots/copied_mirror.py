"""A play that was seen before, with left and right exchanged.

Costs one recording. Whoever looks for known plays lane by lane finds nothing: the lowest note of a
chord takes the error of the highest. Moment by moment the errors stay what they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import generator
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.strokes import events_of

BLUR_US: Final = (0, 5_000)


@dataclass(frozen=True, slots=True)
class CopiedMirror:
    """The residuals of a recording, from right to left within each chord."""

    blur_us: float = 0
    """Spread of the noise on each press."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "CopiedMirror":
        """A copier with noise from the range of this file."""
        return cls(rng.uniform(*BLUR_US), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The first source's residuals on its chart; slips of fingers are on the other side."""
        chart, source = sources[0].chart, residuals_of(sources[0])
        notes = columns_of(chart)
        last = notes.firsts[notes.moments] + notes.sizes[notes.moments] - 1
        mirrored = source.taken(last - notes.positions)
        blur_us = self.blur_us * generator(rng).standard_normal(len(last))
        strays = tuple(
            stroke._replace(lane=chart.keys - 1 - stroke.lane) for stroke in source.strays
        )
        residuals = Residuals(mirrored.errors_us + blur_us, mirrored.tails_us, strays)
        events = events_of(strokes_with(chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)
