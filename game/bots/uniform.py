"""A script with independent errors of other shapes: uniform, triangular or Laplace.

Costs nothing to write; whoever tests only for a bell curve finds none. Its errors have no memory,
neither from note to note nor over minutes.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.hands import Hands
from game.bots.noise import Floats, generator
from game.bots.strokes import events_of

Shape: TypeAlias = Literal["uniform", "triangular", "laplace"]
SD_US: Final = (3_000, 25_000)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Independent errors of one shape."""

    shape: Shape = "uniform"
    """How they are spread."""
    sd_us: float = 12_000
    """Their standard deviation."""
    hands: Hands = field(default_factory=Hands)
    """What else there is to a play."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Uniform":
        """A script with a shape and a spread from the ranges of this file."""
        shape = rng.choice(get_args(Shape))
        return cls(shape, rng.uniform(*SD_US), Hands.drawn(rng), drawn_grid_us(rng))

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """Every moment off by its own throw."""
        errors = self._errors(len(columns_of(chart).firsts), generator(rng))
        events = events_of(self.hands.strokes(chart, self.sd_us * errors, rng), window_us)
        return on_grid(events, self.grid_us, window_us, rng)

    def _errors(self, count: int, chance: np.random.Generator) -> Floats:
        """[count] Throws with spread 1."""
        if self.shape == "uniform":
            return chance.uniform(-np.sqrt(3), np.sqrt(3), count)
        if self.shape == "triangular":
            return chance.triangular(-np.sqrt(6), 0, np.sqrt(6), count)
        return chance.laplace(0, np.sqrt(0.5), count)
