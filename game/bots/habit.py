"""One thing that a person does at every note, as a model: fitted to one play, drawn for others.

What the note asks for sets the mean and the spread (ridge regression on the value and on the
logarithm of what is left; Hoerl and Kennard, Technometrics 12, 1970). The rest has the person's
own distribution, quantile by quantile, under a Gaussian copula that remembers: see `Memory` and
`Volatility`.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from game.bots.columns import Columns
from game.bots.memory import Memory, memory_of
from game.bots.noise import Floats
from game.bots.volatility import Volatility, volatility_of

SCORES: Final = np.linspace(-3.4, 3.4, 137)
"""Where the quantile function is kept, in standard deviations of a normal distribution."""
SHARES: Final = np.array([NormalDist().cdf(score) for score in SCORES.tolist()])
RIDGE: Final = 3.0
"""How many notes' worth of doubt there is in every weight."""
NOTES_PER_FEATURE: Final = 5
"""With fewer notes only mean and spread are fitted."""
FEW_DRAWS: Final = 2_000
"""Latent values that are drawn to know how they are spread."""
NEWTON_STEPS: Final = 5
TINY: Final = 1e-9
SPREAD_BOUNDS: Final = (-1.2, 1.2)
"""The logarithm of a note's spread over the usual one stays within."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A fitted model."""

    mean: Floats
    """[features] Weights of the mean."""
    spread: Floats
    """[features] Weights of the logarithm of the spread."""
    centre: float
    """What is added to every mean."""
    quantiles: Floats
    """[scores] The distribution of what is left, divided by its spread."""
    memory: Memory
    """How what is left goes on from note to note."""
    volatility: Volatility
    """How its spread does."""
    scores: Floats
    """[scores] The latent values that stand for the quantiles."""

    def drawn(self, patterns: Floats, notes: Columns, chance: np.random.Generator) -> Floats:
        """[notes] New values for notes with these patterns [notes, features]."""
        latent = self.memory.drawn(notes, chance) * self.volatility.drawn(notes, chance)
        rest = np.interp(latent, self.scores, self.quantiles)
        spread = np.exp(np.clip(patterns @ self.spread, *SPREAD_BOUNDS))
        values: Floats = self.centre + patterns @ self.mean + rest * spread
        return values


def habit_of(
    values: Floats, patterns: Floats, notes: Columns, order: int, chance: np.random.Generator
) -> Habit:
    """The habit behind `values` [notes], NaN where there is none; at least one must be there.

    Which latent values stand for which quantiles is found by drawing some, hence `chance`.
    """
    there = ~np.isnan(values)
    features = patterns[there]
    if len(features) < NOTES_PER_FEATURE * features.shape[1]:
        features = np.zeros_like(features)
    centre = float(np.median(values[there]))
    mean = _ridge(features, values[there] - centre)
    rest: Floats = values[there] - centre - features @ mean
    spread = _spread(features, np.abs(rest))
    rest = rest / np.exp(np.clip(features @ spread, *SPREAD_BOUNDS))
    rest = rest - rest.mean()
    quantiles = np.quantile(rest, SHARES).astype(float)
    latent = np.full(len(values), np.nan)
    latent[there] = np.interp(rest, quantiles, SCORES)
    memory, volatility = memory_of(latent, notes, order), volatility_of(latent, notes)
    drawn = [
        memory.drawn(notes, chance) * volatility.drawn(notes, chance)
        for _ in range(1 + FEW_DRAWS // len(values))
    ]
    scores = np.quantile(np.concatenate(drawn), SHARES).astype(float)
    return Habit(mean, spread, centre, quantiles, memory, volatility, scores)


def _spread(features: Floats, sizes: Floats) -> Floats:
    """[features] The weights of the logarithm of the spread that make `sizes` likeliest.

    As if errors were Laplace's: the sum of s + size / e^s, by Newton's method.
    """
    wide = np.column_stack((np.ones(len(sizes)), features))
    doubt = RIDGE * np.eye(wide.shape[1])
    weights = np.zeros(wide.shape[1])
    relative = sizes / (sizes.mean() + TINY)
    for _ in range(NEWTON_STEPS):
        ratio = relative * np.exp(-np.clip(wide @ weights, *SPREAD_BOUNDS))
        slope = wide.T @ (ratio - 1) - doubt @ weights
        weights = weights + np.linalg.solve((wide.T * ratio) @ wide + doubt, slope)
    return weights[1:]


def _ridge(features: Floats, targets: Floats) -> Floats:
    """[features] The weights that make the squared error and their own squares least."""
    doubt = RIDGE * np.eye(features.shape[1])
    weights = np.linalg.solve(features.T @ features + doubt, features.T @ targets)
    return weights.astype(np.float64)
