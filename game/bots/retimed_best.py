"""A person's play, with what went wrong put right afterwards.

Costs one recording of one's own and an editor. Most notes are left alone: misses are filled in,
slips taken out, and only errors beyond a threshold shrink. The tails of the errors are missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from consensus.evidence import KeyEvent
from game.bots.columns import columns_of
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.noise import Flags, Floats, generator
from game.bots.recording import Recording
from game.bots.residuals import Residuals, residuals_of, strokes_with
from game.bots.strokes import events_of

WORST_SHARE: Final = (0.03, 0.25)
KEPT_STRAYS: Final = (0.0, 0.5)


@dataclass(frozen=True, slots=True)
class RetimedBest:
    """A recording whose worst presses lie as its others do."""

    worst_share: float = 0.1
    """Part of the presses, those farthest from the median, that are put right."""
    kept_strays: float = 0.2
    """Part of the slips that stay."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "RetimedBest":
        """An editor with numbers from the ranges of this file."""
        return cls(rng.uniform(*WORST_SHARE), rng.uniform(*KEPT_STRAYS), drawn_grid_us(rng))

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The first source; a press put right gets an error that some other press has."""
        chart, source = sources[0].chart, residuals_of(sources[0])
        chance = generator(rng)
        is_hold = columns_of(chart).durations_us > 0
        errors_us, tails_us = source.errors_us.copy(), source.tails_us.copy()
        wrong = self._worst(errors_us)
        for of_kind in (is_hold, ~is_hold):
            good = np.flatnonzero(of_kind & ~wrong & ~np.isnan(tails_us))
            bad = np.flatnonzero(of_kind & wrong)
            if len(good):
                chosen = chance.choice(good, len(bad))
                errors_us[bad], tails_us[bad] = errors_us[chosen], tails_us[chosen]
        strays = tuple(stroke for stroke in source.strays if rng.random() < self.kept_strays)
        residuals = Residuals(errors_us, tails_us, strays)
        events = events_of(strokes_with(chart, residuals), window_us)
        return on_grid(events, self.grid_us, window_us, rng)

    def _worst(self, errors_us: Floats) -> Flags:
        """[notes] Whether a note was missed, or is among the worst."""
        hit = ~np.isnan(errors_us)
        if not hit.any():
            return ~hit
        distance_us = np.abs(errors_us - np.median(errors_us[hit]))
        threshold_us = np.quantile(distance_us[hit], 1 - self.worst_share)
        wrong: Flags = ~hit | (np.nan_to_num(distance_us) > threshold_us)
        return wrong
