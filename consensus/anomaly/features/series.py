"""Arithmetic that several features share, fast at a few hundred numbers and never raising."""

from math import log
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


def middle(numbers: Floats) -> float:
    """The median; 0 for none. Faster than numpy's on a few hundred numbers."""
    if not len(numbers):
        return 0.0
    ordered = np.sort(numbers)
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def mean_of(numbers: Floats) -> float:
    """The mean of at least one number; faster than numpy's on a few hundred."""
    return float(np.add.reduce(numbers)) / len(numbers)


def robust_spread(numbers: Floats) -> float:
    """1.4826 times the median distance from the median; 0 for none."""
    return MAD_TO_SD * middle(np.abs(numbers - middle(numbers)))


def robust_scores(numbers: Floats, least_spread: float = LEAST_SPREAD_MS) -> Floats:
    """(x - median) / robust spread, cut off at 4 either way: wild presses can't hide the rest.

    The spread is `least_spread` at least.
    """
    spread = max(robust_spread(numbers), least_spread)
    scores = (numbers - middle(numbers)) / spread
    clipped: Floats = np.minimum(np.maximum(scores, -REACH), REACH)
    return clipped


def autocorrelations(numbers: Floats, lags: int) -> Floats:
    """[lags] r_k = sum (x_i - m)(x_{i+k} - m) / sum (x_i - m)^2 for k = 1 to `lags`.

    Source: Box and Jenkins, Time Series Analysis, 1976, section 2.1. Zeros where the series is
    too short, or does not vary.
    """
    found = np.zeros(lags)
    count = len(numbers)
    if count < FEWEST:
        return found
    centred = numbers - mean_of(numbers)
    power = float(centred @ centred)
    if power < 1e-12 * count:
        return found
    for lag in range(1, min(lags, count - 1) + 1):
        found[lag - 1] = float(centred[:-lag] @ centred[lag:]) / power
    return found


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's r; 0 where there are few numbers, or one of them does not vary."""
    count = len(one)
    if count < FEWEST:
        return 0.0
    one_sum, other_sum = float(np.add.reduce(one)), float(np.add.reduce(other))
    one_power = float(one @ one) - one_sum * one_sum / count
    other_power = float(other @ other) - other_sum * other_sum / count
    if one_power < 1e-9 * count or other_power < 1e-9 * count:
        return 0.0
    shared = float(one @ other) - one_sum * other_sum / count
    return min(max(shared / (one_power * other_power) ** 0.5, -1.0), 1.0)


def log_of(value: float, least: float) -> float:
    """The natural logarithm, of `least` at least."""
    return log(max(value, least))


def group_means(numbers: Floats, groups: Integers, count: int) -> tuple[Floats, Floats]:
    """[count], [count] The mean of each group and how many it has; 0 for an empty one."""
    sizes = np.bincount(groups, minlength=count).astype(np.float64)
    sums = np.bincount(groups, numbers, minlength=count)
    return sums / np.maximum(sizes, 1), sizes


def followers(lanes: Integers) -> tuple[Integers, Integers]:
    """[pairs], [pairs] For every row with an earlier one on its lane: the earlier row, and it."""
    order = np.argsort(lanes, kind="stable")
    is_same: Flags = lanes[order[1:]] == lanes[order[:-1]]
    return order[:-1][is_same], order[1:][is_same]
