"""Fingers come up before they go down again: how soon at the latest is a habit too."""

from typing import Final

import numpy as np

from game.bots.columns import Columns
from game.bots.noise import Floats
from game.bots.patterns import fingers_of
from game.bots.residuals import Residuals

LATEST_SHARE: Final = 0.01
"""The few times that a finger comes up later than usual are left out."""
SOONER: Final = (1.0, 1.6)
"""A finger that would come up too late comes up this many times the least gap before."""


def gaps_us(residuals: Residuals, notes: Columns) -> Floats:
    """[notes] From the end of a tap to when its finger goes down again; NaN where it doesn't."""
    presses_us = notes.starts_us + residuals.errors_us
    gaps = np.full(len(presses_us), np.nan)
    for own in fingers_of(notes):
        gaps[own[:-1]] = presses_us[own[1:]] - (presses_us + residuals.tails_us)[own[:-1]]
    gaps[notes.durations_us > 0] = np.nan
    return gaps


def least_gap_us(residuals: Residuals, notes: Columns) -> float:
    """How long a finger is up at the least, but for a few times; 0 where nothing tells."""
    gaps = gaps_us(residuals, notes)
    there = gaps[~np.isnan(gaps)]
    return max(float(np.quantile(there, LATEST_SHARE)), 0.0) if len(there) else 0.0


def lifted(
    residuals: Residuals, notes: Columns, least_us: float, chance: np.random.Generator
) -> Residuals:
    """The same, but fingers come up in time for their next note."""
    gaps = gaps_us(residuals, notes)
    wanted_us = least_us * chance.uniform(*SOONER, len(gaps))
    sooner_us = np.where(gaps < least_us, wanted_us - gaps, 0.0)
    return Residuals(residuals.errors_us, residuals.tails_us - sooner_us, residuals.strays)
