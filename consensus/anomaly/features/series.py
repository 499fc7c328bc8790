"""Arithmetic that several features share, fast at a few hundred numbers and never raising."""

from math import log, sqrt
from typing import Final

import numpy as np

from consensus.anomaly.traces import Flags, Floats, Integers

MAD_TO_SD: Final = 1.4826
"""A normal distribution's standard deviation over its median deviation (Hampel, 1974)."""
FEWEST: Final = 8
"""Fewer numbers than this have no spread, no memory and no correlation worth the name."""
REACH: Final = 4.0
"""Robust standard deviations beyond which a number counts as lying here."""
LEAST_SPREAD_MS: Final = 0.05
LEAST_VARIANCE: Final = 1e-9
"""What varies less does not vary."""


def middle(numbers: Floats) -> float:
    """The median; 0 for none. Faster than numpy's on a few hundred numbers."""
    return middle_of_sorted(np.sort(numbers))


def middle_of_sorted(ordered: Floats) -> float:
    """The median of numbers that are in order; 0 for none."""
    if not len(ordered):
        return 0.0
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def mean_of(numbers: Floats) -> float:
    """The mean of at least one number; faster than numpy's on a few hundred."""
    return float(np.add.reduce(numbers)) / len(numbers)


def variance_of(numbers: Floats) -> float:
    """The mean squared distance from the mean of at least one number."""
    centred = numbers - mean_of(numbers)
    return float(centred @ centred) / len(numbers)


def middle_and_spread(ordered: Floats) -> tuple[float, float]:
    """The median of numbers that are in order, and their robust spread; 0 and 0 for none.

    The spread is 1.4826 times the median distance from the median.
    """
    centre = middle_of_sorted(ordered)
    return centre, MAD_TO_SD * middle(np.abs(ordered - centre))


def scores_from(numbers: Floats, centre: float, spread: float) -> Floats:
    """(x - centre) / spread, cut off at 4 either way: wild presses can't hide the rest."""
    clipped: Floats = np.minimum(np.maximum((numbers - centre) / spread, -REACH), REACH)
    return clipped


def robust_scores(numbers: Floats, least_spread: float = LEAST_SPREAD_MS) -> Floats:
    """The scores of numbers from their median, in robust spreads of `least_spread` at least."""
    centre, spread = middle_and_spread(np.sort(numbers))
    return scores_from(numbers, centre, max(spread, least_spread))


def autocorrelations(numbers: Floats, lags: int) -> Floats:
    """[lags] r_k = sum (x_i - m)(x_{i+k} - m) / sum (x_i - m)^2 for k = 1 to `lags`.

    Source: Box and Jenkins, Time Series Analysis, 1976, section 2.1. Zeros where the series is
    too short, or does not vary.
    """
    count = len(numbers)
    if count < FEWEST:
        return np.zeros(lags)
    padded = np.zeros(count + lags)
    centred = padded[:count]
    np.subtract(numbers, mean_of(numbers), out=centred)
    products: Floats = np.correlate(padded, centred, "valid")
    if products[0] < 1e-12 * count:
        return np.zeros(lags)
    shares: Floats = products[1:] / products[0]
    return shares


class Products:
    """The sums of several series of one length, and of the products of each two of them.

    One multiplication of matrices gives them all: most of what it costs to correlate a few
    hundred numbers is calling numpy.
    """

    def __init__(self, *series: Floats | Integers) -> None:
        self._count = len(series[0])
        rows = np.array((*series, np.ones(self._count)))
        self._products: list[list[float]] = (rows @ rows.T).tolist()

    def correlation(self, one: int, other: int) -> float:
        """Pearson's r of two of the series; 0 where they are short, or one does not vary."""
        count, sums = self._count, self._products[-1]
        if count < FEWEST:
            return 0.0
        one_power = self._products[one][one] - sums[one] * sums[one] / count
        other_power = self._products[other][other] - sums[other] * sums[other] / count
        if one_power < LEAST_VARIANCE * count or other_power < LEAST_VARIANCE * count:
            return 0.0
        shared = self._products[one][other] - sums[one] * sums[other] / count
        return min(max(shared / sqrt(one_power * other_power), -1.0), 1.0)


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's r; 0 where there are few numbers, or one of them does not vary."""
    return Products(one, other).correlation(0, 1)


def log_of(value: float, least: float) -> float:
    """The natural logarithm, of `least` at least."""
    return log(max(value, least))


def log_gaps(gaps_us: Integers) -> Floats:
    """The natural logarithms of times in milliseconds, of 1 ms at least."""
    logs: Floats = np.log(np.maximum(gaps_us / 1_000, 1.0))
    return logs


def group_means(numbers: Floats, groups: Integers, sizes: Floats) -> Floats:
    """The mean of each group, of the `sizes` they have; 0 for an empty one."""
    means: Floats = np.bincount(groups, numbers, minlength=len(sizes)) / np.maximum(sizes, 1.0)
    return means


def group_sizes(groups: Integers, count: int) -> Floats:
    """[count] How many numbers each group has."""
    return np.bincount(groups, minlength=count).astype(np.float64)


def followers(lanes: Integers) -> tuple[Integers, Integers]:
    """[pairs], [pairs] For every row with an earlier one on its lane: the earlier row, and it."""
    order = lanes.astype(np.int16).argsort(kind="stable")  # small numbers are sorted by counting
    ordered = lanes[order]
    is_same: Flags = ordered[1:] == ordered[:-1]
    return order[:-1][is_same], order[1:][is_same]
