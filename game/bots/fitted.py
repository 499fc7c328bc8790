"""A person fitted to one recording, who plays with new chance: the strongest script here.

Costs a recording and some weeks with the literature. How errors and holds depend on the notes, the
fingers and each other, how they are spread, remembered and drift, where notes are missed: all are
the person's (see `person`, `habit`, `memory`, `slips`). No note repeats what is known. What is
left to find is what the model leaves out, and that many plays are by one and the same person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.person import person_of
from game.bots.recording import Recording

ORDER: Final = (1, 4)
SHIFT_US: Final = (-4_000, 4_000)
SPREAD: Final = (0.92, 1.08)


@dataclass(frozen=True, slots=True)
class Fitted:
    """How it fits, and what kind of day it has."""

    order: int = 2
    """How many moments back the AR part of errors may reach."""
    shift_us: float = 0
    """How much later it plays than on the recording."""
    spread: float = 1.0
    """By what factor its errors are wider."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Fitted":
        """A fit and a day from the ranges of this file."""
        return cls(
            rng.randint(*ORDER), rng.uniform(*SHIFT_US), rng.uniform(*SPREAD), drawn_grid_us(rng)
        )

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """A new play by who played the first source; raises ValueError when that hit nothing."""
        person = person_of(sources[0], self.order)
        today = person.on_another_day(self.shift_us, self.spread)
        events = today.play(sources[0].chart, window_us, rng)
        return on_grid(events, self.grid_us, window_us, rng)
