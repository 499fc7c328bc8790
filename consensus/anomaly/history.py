"""Is it the same person as before? A play's features beside those of earlier plays by one author.

Probabilistic linear discriminant analysis (Ioffe, ECCV 2006; Prince and Elder, ICCV 2007): on axes
on which one person's plays differ by 1, people differ by more; how much was learned from recorded
people. Whoever rents another's hands, or has a script fitted to another, plays unlike themselves.
A history never speaks for a play: a script's earlier plays are like its next.
"""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from threading import Lock
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
"""Log-odds of being another person that a bad day may reach without a word: 3 in 100 windows of
recorded people do, and 25 in 100 of others on the same piece."""
KEPT_STRETCHES: Final = 24
"""Of each author, the latest."""
MAX_AUTHORS: Final = 10_000
FILE: Final = "axes.npz"


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


class Histories:
    """How authors played before. For any thread, one at a time."""

    def __init__(self, axes: Axes) -> None:
        """Nobody has played yet."""
        self._axes = axes
        self._lock = Lock()
        self._places: OrderedDict[str, deque[Floats]] = OrderedDict()

    def odds(self, author: str, rows: Sequence[Floats]) -> float:
        """What the author's earlier plays add to the log-odds of a script: from 0 to MOST."""
        with self._lock:
            earlier = list(self._places.get(author, ()))
        if not rows:
            return 0.0
        odds = stranger_odds(self._axes, earlier, self._axes.places(rows))
        return min(max(odds - ALLOWED, 0.0), MOST)

    def add(self, author: str, rows: Sequence[Floats]) -> None:
        """The author has played so too; whoever played longest ago is forgotten first."""
        if not author or not rows:
            return
        with self._lock:
            kept = self._places.setdefault(author, deque(maxlen=KEPT_STRETCHES))
            kept.extend(self._axes.places(rows))
            self._places.move_to_end(author)
            while len(self._places) > MAX_AUTHORS:
                self._places.popitem(last=False)


@cache
def shipped_axes() -> Axes:
    """The axes that are part of this version."""
    data = files("consensus.anomaly").joinpath("models", FILE).read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return Axes(arrays["means"], arrays["projection"], arrays["variances"])


def stranger_odds(axes: Axes, earlier: Sequence[Floats], asked: Floats) -> float:
    """ln of how much likelier [stretches, axes] places are from another person than from `earlier`.

    0 where the history is too short to tell.
    """
    if len(earlier) < FEWEST_STRETCHES:
        return 0.0
    count, noise = len(earlier), 1 / len(asked)
    known, here = np.mean(earlier, axis=0), asked.mean(axis=0)
    shrunk = axes.variances * count / (axes.variances * count + 1)
    own = axes.variances / (axes.variances * count + 1) + noise
    other = axes.variances + noise
    likelier = (here - shrunk * known) ** 2 / own + np.log(own) - here**2 / other - np.log(other)
    return DISCOUNT * float(likelier.sum()) / 2
