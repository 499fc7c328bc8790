"""How good and bad stretches alternate: the spread of errors has a memory of its own.

The logarithm of the spread is an AR(1) process over the moments of the chart, fitted to how far
the sizes of neighbouring errors go together beyond what the errors themselves do.
"""

from dataclasses import dataclass
from math import pi, sqrt
from typing import Final

import numpy as np

from game.bots.columns import Columns
from game.bots.noise import Floats, ar1
from game.bots.residuals import moment_means

NEAR: Final = 4
"""Lags up to this tell how much the spread varies."""
FAR: Final = 16
"""Lags up to this tell how fast it forgets."""
MOST: Final = 0.5
"""The logarithm of the spread varies by no more."""
SHOWN: Final = 1.5
"""Values as normal scores show only two thirds of the spread that it has."""
MEMORY: Final = (0.7, 0.995)


@dataclass(frozen=True, slots=True)
class Volatility:
    """Numbers of the process."""

    sd: float = 0.0
    """Spread of the logarithm of the spread."""
    memory: float = 0.9
    """Correlation from one moment to the next."""

    def drawn(self, notes: Columns, chance: np.random.Generator) -> Floats:
        """[notes] By what the latent values of a play are to be multiplied."""
        logarithms = self.sd * ar1(len(notes.firsts), self.memory, chance)
        factors: Floats = np.exp(logarithms)[notes.moments]
        return factors


def volatility_of(values: Floats, notes: Columns) -> Volatility:
    """The volatility in `values` [notes], of about mean 0 and variance 1, NaN for a miss."""
    sizes = moment_means(notes, np.abs(values))
    signed = moment_means(notes, values)
    there = ~np.isnan(sizes)
    if there.sum() <= 3 * FAR:
        return Volatility()
    together = (pi / 2) * _correlations(sizes[there]) - _correlations(signed[there]) ** 2 / 2
    near, far = float(together[:NEAR].mean()), float(together[NEAR:].mean())
    if near <= 0:
        return Volatility()
    lags = (NEAR + FAR + 1) / 2 - (NEAR + 1) / 2
    memory = float(np.clip(max(far / near, 1e-3) ** (1 / lags), *MEMORY))
    at_zero = near / memory ** ((NEAR + 1) / 2)
    return Volatility(min(SHOWN * sqrt(at_zero), MOST), memory)


def _correlations(values: Floats) -> Floats:
    """[FAR] Mean products of centred values at lags 1, 2, and so on."""
    centred = values - values.mean()
    count = len(centred)
    return np.array([centred[lag:] @ centred[:-lag] / count for lag in range(1, FAR + 1)])
