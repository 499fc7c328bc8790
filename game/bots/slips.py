"""What goes wrong in a play: notes that are not pressed, and presses without a note."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.parameters import HIT_WINDOWS_US
from game.bots.columns import Columns
from game.bots.noise import Flags, Floats, Integers
from game.bots.residuals import Residuals
from game.bots.strokes import Stroke

STRATA: Final = 5
"""Notes are sorted into that many parts by how hard they are."""
CLUMPING: Final = (1.0, 30.0)
"""A miss makes the next likelier by a factor within."""
MOST_PPM: Final = 0.9
TRIES: Final = 12
"""Places that are tried for each press without a note."""
EARLY_US: Final = 40_000
"""A note so long ago has mostly been answered."""
LATER_THAN_ALL_US: Final = 10**15
FARTHEST_US: Final = 2_000_000
"""A press farther from any note of its lane is not repeated."""


@dataclass(frozen=True, slots=True)
class Slips:
    """How often, where, and after what."""

    edges: Floats
    """[strata - 1] Hardness between one part of the notes and the next."""
    shares: Floats
    """[strata] How often a note of each part is missed."""
    clumping: float
    """By how much a miss makes the next note's likelier."""
    strays: Floats
    """[strays, 2] Of every press without a note: time from the next note of its lane, and held."""
    stray_share: float
    """How many of them there are for each note."""

    def misses(self, hardness: Floats, chance: np.random.Generator) -> Flags:
        """[notes] Which notes are not pressed."""
        shares = self.shares[np.searchsorted(self.edges, hardness)]
        missed = np.zeros(len(shares), np.bool_)
        is_missed = False
        throws = chance.random(len(shares)).tolist()
        for row, (throw, share) in enumerate(zip(throws, shares.tolist(), strict=True)):
            is_missed = throw < min(share * (self.clumping if is_missed else 1), MOST_PPM)
            missed[row] = is_missed
        return missed

    def stray_strokes(self, notes: Columns, chance: np.random.Generator) -> list[Stroke]:
        """Presses that answer nothing, about notes drawn by chance."""
        count = int(chance.poisson(self.stray_share * len(notes.starts_us)))
        if not count or not len(self.strays):
            return []
        rows = chance.integers(0, len(notes.starts_us), TRIES * count)
        after_us, held_us = self.strays[chance.integers(0, len(self.strays), TRIES * count)].T
        presses_us = (notes.starts_us[rows] + after_us).round().astype(np.int64)
        free = np.flatnonzero(_is_free(presses_us, notes.lanes[rows], notes))[:count]
        releases_us = presses_us + held_us.astype(np.int64)
        columns = (presses_us[free], notes.lanes[rows][free], releases_us[free])
        return list(map(Stroke, *(column.tolist() for column in columns)))


def _is_free(presses_us: Integers, lanes: Integers, notes: Columns) -> Flags:
    """[presses] Whether a press answers no note, because none of its lane is soon after it."""
    is_free = np.ones(len(presses_us), np.bool_)
    for lane in np.unique(lanes):
        own_us = notes.starts_us[notes.lanes == lane]
        mine = np.flatnonzero(lanes == lane)
        nexts = np.searchsorted(own_us, presses_us[mine] - EARLY_US)
        soon_us = np.append(own_us, LATER_THAN_ALL_US)[nexts]
        is_free[mine] = soon_us > presses_us[mine] + HIT_WINDOWS_US[-1]
    return is_free


def slips_of(residuals: Residuals, hardness: Floats, notes: Columns) -> Slips:
    """The slips of a play; `hardness` [notes] is larger where notes are harder."""
    missed = np.isnan(residuals.errors_us)
    edges = np.quantile(hardness, np.linspace(0, 1, STRATA + 1)[1:-1])
    parts = np.searchsorted(edges, hardness)
    usual = missed.mean()
    counts = np.bincount(parts, minlength=STRATA)
    shares = (np.bincount(parts, missed, STRATA) + usual) / (counts + 1)
    again = float(missed[1:][missed[:-1]].mean()) if missed[:-1].any() else 0.0
    clumping = float(np.clip(again / usual if usual else 1, *CLUMPING))
    # Misses that follow misses are counted in the shares already.
    shares = shares / (1 + usual * (clumping - 1))
    strays = _strays(residuals, notes)
    return Slips(edges, shares, clumping, strays, len(strays) / len(missed))


def _strays(residuals: Residuals, notes: Columns) -> Floats:
    found: list[tuple[int, int]] = []
    for stroke in residuals.strays:
        own_us = notes.starts_us[notes.lanes == stroke.lane]
        if not len(own_us):
            continue
        nearest_us = int(own_us[np.abs(own_us - stroke.press_us).argmin()])
        if abs(stroke.press_us - nearest_us) <= FARTHEST_US:
            found.append((stroke.press_us - nearest_us, stroke.release_us - stroke.press_us))
    return np.array(found, dtype=float).reshape(-1, 2)
