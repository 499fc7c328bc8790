"""A play of the slowed chart, sped up afterwards.

Costs an afternoon of easy play and a tool to slow songs. All is human: but errors, hold times and
the time between the fingers of a chord shrink together, which practice doesn't do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.strokes import events_of

FACTOR: Final = (0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Timewarp:
    """A recording's residuals, taken for those of the slowed chart, and shrunk."""

    factor: float = 0.67
    """By what the play is sped up: 0.5 was played at half the speed."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Timewarp":
        """A slowness from the range of this file."""
        return cls(rng.uniform(*FACTOR), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The first source with all that is human in it made smaller."""
        source = residuals_of(sources[0])
        shrunk = source.scaled(self.factor, self.factor)
        strays = tuple(
            stroke._replace(
                release_us=stroke.press_us
                + round((stroke.release_us - stroke.press_us) * self.factor)
            )
            for stroke in source.strays
        )
        residuals = Residuals(shrunk.errors_us, shrunk.tails_us, strays)
        events = events_of(strokes_with(sources[0].chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)
