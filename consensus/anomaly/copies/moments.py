"""The moments of a chart, and which chart is the same one at another speed."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.anomaly.traces import Integers
from consensus.chart import Chart
from consensus.encoding import digest

MAX_MOMENTS: Final = 16_384
"""Of longer charts the rest is not compared: two hours at two a second."""
ROUNDING_US: Final = 3_000
"""Charts are written in whole milliseconds: two of them, at both ends and in between."""
MAX_RATE: Final = 4.0
"""Nobody plays a chart faster than so, or slower than its inverse."""
COUNT_TOLERANCE: Final = 0.02
"""Share of moments that one of two charts may have more: rounding makes two into one."""
LEAST_MATCHED: Final = 0.98
"""Share of moments that must be in both charts."""


@dataclass(frozen=True, slots=True)
class ChartKey:
    """What plays are compared under: when a chart asks for something, whatever it asks for."""

    starts_us: Integers
    """[moments] Different times of notes, in order; at most MAX_MOMENTS of them."""
    digest: bytes
    """Names these very times, 32 bytes."""


def chart_key(chart: Chart) -> ChartKey:
    """The key of a chart. Lanes, holds and names are no part of it."""
    starts_us = np.array([note.start_us for note in chart.notes], dtype=np.int64)
    return key_of(starts_us)


def key_of(starts_us: Integers) -> ChartKey:
    """The key of notes that start at these times, in any order."""
    moments: Integers = np.unique(starts_us)[:MAX_MOMENTS]
    return ChartKey(moments, digest(moments.tobytes()))


def places(known_us: Integers, other_us: Integers) -> Integers | None:
    """Which moment of a known chart each moment of another is; -1 for none.

    Both are ascending. None where the other is not the same chart, however fast and from whenever
    on it runs: the first moments are the same, the last are, and nearly all in between.
    """
    if min(len(known_us), len(other_us)) < 2:
        return None
    longer = max(len(known_us), len(other_us))
    rate = float(known_us[-1] - known_us[0]) / float(other_us[-1] - other_us[0])
    is_alike = abs(len(known_us) - len(other_us)) <= COUNT_TOLERANCE * longer
    if not is_alike or not 1 / MAX_RATE <= rate <= MAX_RATE:
        return None
    expected = known_us[0] + (other_us - other_us[0]) * rate
    above = np.clip(np.searchsorted(known_us, expected), 1, len(known_us) - 1)
    is_below = expected - known_us[above - 1] < known_us[above] - expected
    found: Integers = above - is_below
    is_same = np.abs(known_us[found] - expected) <= ROUNDING_US * max(rate, 1.0)
    is_same[1:] &= found[1:] > found[:-1]
    if is_same.sum() < LEAST_MATCHED * longer:
        return None
    return np.where(is_same, found, -1)
