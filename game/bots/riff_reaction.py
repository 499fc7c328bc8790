"""A machine that plays a recording's part, and riffs as they come, as fast as a person reads.

Costs a program that runs while the session does: the one attack on liveness that nothing in the
log refutes. It waits for a reaction time after each nonce; notes that are due sooner it presses
late, or not at all, as a person would who was surprised. What is left to find is how it plays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from consensus.challenge import RIFF_TOLERANCE_US, riff_notes
from consensus.chart import Chart
from consensus.evidence import KeyEvent, NonceEvent
from game.bots.grid import drawn_grid_us
from game.bots.human_like import HumanLike
from game.bots.riffs import played_live
from game.bots.strokes import Stroke

REACTION_US: Final = (150_000, 900_000)
REACTION_SPREAD: Final = (0.05, 0.3)
LATE_US: Final = (-5_000, 25_000)
SD_US: Final = (4_000, 30_000)
TAP_US: Final = (60_000, 110_000)
MISS_PPM: Final = (0, 60_000)
SOONEST_US: Final = 1_000


@dataclass(frozen=True, slots=True)
class RiffReaction:
    """A human-like play that answers riffs live."""

    reaction_us: int = 350_000
    """Mean time from the nonce to the first note that it can press."""
    reaction_spread: float = 0.15
    """Spread of that time, as a share of it."""
    late_us: int = 10_000
    """Mean lateness of its presses."""
    sd_us: int = 15_000
    """Spread of its presses."""
    miss_ppm: int = 20_000
    """How often it does not press a note of a riff."""
    base: HumanLike = field(default_factory=HumanLike)
    """How it plays the chart itself."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "RiffReaction":
        """A machine with numbers from the ranges of this file."""
        return cls(
            rng.randint(*REACTION_US),
            rng.uniform(*REACTION_SPREAD),
            rng.randint(*LATE_US),
            rng.randint(*SD_US),
            rng.randint(*MISS_PPM),
            replace(HumanLike.drawn(rng), grid_us=0),
            drawn_grid_us(rng),
        )

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """The chart where no nonce comes."""
        return self.play_live(chart, (), window_us, rng)

    def play_live(
        self, chart: Chart, nonces: Sequence[NonceEvent], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The chart with the answers in it."""
        return played_live(self, chart, nonces, window_us, rng)

    def answer(self, nonces: Sequence[NonceEvent], keys: int, rng: Random) -> tuple[Stroke, ...]:
        """Strokes for the notes that it can still reach, none before the reaction is over."""
        strokes: list[Stroke] = []
        for nonce in nonces:
            spread_us = self.reaction_us * self.reaction_spread
            ready_us = nonce.time_us + max(
                round(rng.gauss(self.reaction_us, spread_us)), SOONEST_US
            )
            for note in riff_notes(nonce, keys):
                aimed_us = note.start_us + round(rng.gauss(self.late_us, self.sd_us))
                press_us = max(aimed_us, ready_us)
                is_reached = press_us - note.start_us <= RIFF_TOLERANCE_US
                if is_reached and rng.randrange(1_000_000) >= self.miss_ppm:
                    strokes.append(Stroke(press_us, note.lane, press_us + rng.randint(*TAP_US)))
        return tuple(strokes)
