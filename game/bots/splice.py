"""Two people's plays, joined where the music rests.

Costs two recordings. Each part is human, and no part is as long as the play that it is from; the
delays are made equal, so that nothing jumps at a joint. Habits of hands change with every part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import Integers
from game.bots.recording import Recording
from game.bots.residuals import mean_lateness_us, residuals_of
from game.bots.strokes import Stroke, events_of, strokes_of

JOINTS: Final = (1, 6)
RESTS_PER_JOINT: Final = 3
"""A joint is one of that many times as many longest rests."""
MARGIN_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Splice:
    """The strokes of two recordings by turns."""

    joints: int = 3
    """How often it changes from one to the other."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "Splice":
        """A number of joints from the range of this file."""
        return cls(rng.randint(*JOINTS), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """Strokes of the first source, then of the second, and so on from joint to joint."""
        first, second = sources[:2]
        lateness_us = mean_lateness_us([residuals_of(first), residuals_of(second)])
        ends_us = _joints_us(first.chart, self.joints, rng)
        kept = _parts(first, ends_us, 0, 0, window_us)
        kept += _parts(second, ends_us, 1, round(lateness_us[0] - lateness_us[1]), window_us)
        return on_grid(events_of(kept, window_us), self.grid_us, window_us, rng)


def _joints_us(chart: Chart, joints: int, rng: Random) -> Integers:
    """Where it changes: in the middle of some of the longest rests."""
    notes = columns_of(chart)
    moments_us = notes.starts_us[notes.firsts]
    rests_us = np.diff(moments_us)
    longest = np.argsort(-rests_us, kind="stable")[: RESTS_PER_JOINT * joints].tolist()
    chosen = sorted(rng.sample(longest, min(joints, len(longest))))
    joints_us: Integers = moments_us[chosen] + rests_us[chosen] // 2
    return joints_us


def _parts(
    source: Recording, ends_us: Integers, turn: int, later_us: int, window_us: int
) -> list[Stroke]:
    strokes = strokes_of(source.events, window_us + MARGIN_US)
    turns = np.searchsorted(ends_us, [stroke.press_us for stroke in strokes]) % 2
    return [
        Stroke(stroke.press_us + later_us, stroke.lane, stroke.release_us + later_us)
        for stroke, whose in zip(strokes, turns.tolist(), strict=True)
        if whose == turn
    ]
