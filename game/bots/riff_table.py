"""Answers to riffs from a table that was made before the nonces were known.

Costs nothing but nerve: it knows that a riff comes, and when its notes fall, but not on which
lanes, and presses those of an old one; with more lanes at a time it hits more and wastes more. A
witness that gave a nonce away beforehand makes the table right for that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from consensus.challenge import riff_notes
from consensus.chart import Chart
from consensus.evidence import NONCE_SIZE, KeyEvent, NonceEvent
from game.bots.grid import drawn_grid_us
from game.bots.human_like import HumanLike
from game.bots.riffs import played_live
from game.bots.strokes import Stroke

WIDTH: Final = (1, 3)
FORETOLD: Final = (0.0, 0.3)
SD_US: Final = (8_000, 30_000)
TAP_US: Final = (60_000, 110_000)


@dataclass(frozen=True, slots=True)
class RiffTable:
    """A human-like play that presses old riffs for new ones."""

    width: int = 1
    """How many lanes it presses for each note of a riff."""
    foretold: float = 0.0
    """Part of the nonces that a witness gave away."""
    sd_us: int = 15_000
    """Spread of its presses around the riff's notes."""
    base: HumanLike = field(default_factory=HumanLike)
    """How it plays the chart itself."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "RiffTable":
        """A table with numbers from the ranges of this file."""
        width, foretold = rng.randint(*WIDTH), rng.uniform(*FORETOLD)
        base = replace(HumanLike.drawn(rng), grid_us=0)
        return cls(width, foretold, rng.randint(*SD_US), base, drawn_grid_us(rng))

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """The chart where no nonce comes."""
        return self.play_live(chart, (), window_us, rng)

    def play_live(
        self, chart: Chart, nonces: Sequence[NonceEvent], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The chart with the table's answers in it."""
        return played_live(self, chart, nonces, window_us, rng)

    def answer(self, nonces: Sequence[NonceEvent], keys: int, rng: Random) -> tuple[Stroke, ...]:
        """For each nonce, strokes for the riff of another one, at the times of this one."""
        strokes: list[Stroke] = []
        for nonce in nonces:
            is_foretold = rng.random() < self.foretold
            known = nonce if is_foretold else nonce._replace(nonce=rng.randbytes(NONCE_SIZE))
            for note in riff_notes(known, keys):
                others = [lane for lane in range(keys) if lane != note.lane]
                extra = rng.sample(others, min(self.width - 1, len(others)))
                for lane in [note.lane, *extra]:
                    press_us = note.start_us + round(rng.gauss(0, self.sd_us))
                    strokes.append(Stroke(press_us, lane, press_us + rng.randint(*TAP_US)))
        return tuple(strokes)
