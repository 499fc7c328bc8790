"""How everybody errs on each moment of a chart: what two people have in common for no guilt."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from consensus.anomaly.copies.residuals import Residuals
from consensus.anomaly.traces import Floats, Integers

COMMON: Final = 0.27
"""Correlation of two people's residuals on one chart, as measured: 0.13 and 0.27 on two charts."""
PRIOR_PLAYS: Final = (1 - COMMON) / COMMON
"""The mean is shrunk as if so many plays without any habit in common had been seen as well."""


class Population:
    """Sums over known plays, in whole steps: they don't depend on the order of plays."""

    def __init__(self, moments: int) -> None:
        """Nobody, on a chart with so many moments."""
        self.sums: Integers = np.zeros(moments, np.int64)
        self.counts: Integers = np.zeros(moments, np.int64)
        self.plays = 0

    def add(self, residuals: Residuals, times: int = 1) -> None:
        """One more play; -1 times takes one off that was added."""
        here = slice(residuals.first, residuals.end)
        self.sums[here] += times * np.where(residuals.is_hit, residuals.values, 0)
        self.counts[here] += times * residuals.is_hit
        self.plays += times

    def without(self, plays: Iterable[Residuals]) -> "Population":
        """Another one that lacks these plays, which are part of this."""
        rest = Population(len(self.sums))
        rest.sums, rest.counts, rest.plays = self.sums.copy(), self.counts.copy(), self.plays
        for residuals in plays:
            rest.add(residuals, -1)
        return rest

    def mean_steps(self) -> Floats:
        """[moments] The mean in steps, shrunk."""
        means: Floats = self.sums / (self.counts + PRIOR_PLAYS)
        return means
