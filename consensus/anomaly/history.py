"""Is it the same person as before? A play's features beside those of earlier plays by one author.

Probabilistic linear discriminant analysis (Ioffe, ECCV 2006; Prince and Elder, ICCV 2007): on axes
on which one person's plays differ by 1, people differ by more; how much was learned from recorded
people. Whoever rents another's hands, or has a script fitted to another, plays unlike themselves.
A history never speaks for a play: a script's earlier plays are like its next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.anomaly.traces import Floats

FEWEST_STRETCHES: Final = 3
"""A history of fewer stretches of some 500 notes is none."""
MOST: Final = 3.0
"""Log-odds that a history adds at most: people change keyboards, seats and songs."""
DISCOUNT: Final = 0.5
"""Axes are less independent than the model has it."""
ALLOWED: Final = 4.0
"""Log-odds of being another person that a bad day may reach without a word."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Where people differ, as learned."""

    means: Floats
    """[features] What people have."""
    projection: Floats
    """[features, axes] Onto axes on which one person's plays have variance 1."""
    variances: Floats
    """[axes] Between people."""

    def places(self, rows: Sequence[Floats]) -> Floats:
        """[rows, axes] Where rows of features lie."""
        placed: Floats = (
            np.array(rows).reshape(-1, len(self.means)) - self.means
        ) @ self.projection
        return placed


def stranger_odds(axes: Axes, earlier: Sequence[Floats], rows: Sequence[Floats]) -> float:
    """ln of how much likelier `rows` are from another person than from who made `earlier`.

    0 where either is too little to tell.
    """
    if len(earlier) < FEWEST_STRETCHES or not rows:
        return 0.0
    count = len(earlier)
    known = axes.places(earlier).mean(axis=0)
    asked = axes.places(rows).mean(axis=0)
    noise = 1 / len(rows)
    shrunk = axes.variances * count / (axes.variances * count + 1)
    own = axes.variances / (axes.variances * count + 1) + noise
    other = axes.variances + noise
    likelier = (asked - shrunk * known) ** 2 / own + np.log(own) - asked**2 / other - np.log(other)
    return DISCOUNT * float(likelier.sum()) / 2


def added_odds(axes: Axes, earlier: Sequence[Floats], rows: Sequence[Floats]) -> float:
    """What a history adds to the log-odds of a script: from 0, nothing, to MOST."""
    return min(max(stranger_odds(axes, earlier, rows) - ALLOWED, 0.0), MOST)
