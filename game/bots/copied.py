"""A play that was seen before, again: shifted a little, and blurred.

Costs one recording, which every block publishes. Against people who look at one play alone it is
perfect; what gives it away is that errors, note by note, are those of a play that is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import generator
from game.bots.recording import Recording
from game.bots.strokes import Stroke, events_of, strokes_of

SHIFT_US: Final = (-15_000, 15_000)
BLUR_US: Final = (0, 8_000)
MARGIN_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Copied:
    """A recording plus a constant and noise."""

    shift_us: int = 0
    """How much later everything is."""
    blur_us: float = 0
    """Spread of the noise on each press; how long keys are down varies by half of it."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Copied":
        """A copier with numbers from the ranges of this file."""
        return cls(rng.randint(*SHIFT_US), rng.uniform(*BLUR_US), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The first source's strokes, those that answered nothing too."""
        strokes = strokes_of(sources[0].events, window_us + MARGIN_US)
        blur_us = self.blur_us * generator(rng).standard_normal((len(strokes), 2))
        blurred = (
            Stroke(
                stroke.press_us + self.shift_us + round(press_us),
                stroke.lane,
                stroke.release_us + self.shift_us + round(press_us + held_us / 2),
            )
            for stroke, (press_us, held_us) in zip(strokes, blur_us.tolist(), strict=True)
        )
        return on_grid(events_of(blurred, window_us), self.grid_us, window_us, rng)
