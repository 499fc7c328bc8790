"""The units that quantities are counted in, and how an amount is split without losing a unit."""

from collections.abc import Sequence
from typing import Final, NewType

MicroJam = NewType("MicroJam", int)
"""A millionth of a JAM, the coin."""

Ppm = NewType("Ppm", int)
"""Parts per million: a ratio, an error rate or a share."""

Milliseconds = NewType("Milliseconds", int)
"""Wall time since 1970-01-01 UTC, or a duration, in thousandths of a second."""

Microseconds = NewType("Microseconds", int)
"""Time within a performance, in millionths of a second."""

Day = NewType("Day", int)
"""A UTC day, counted from 1970-01-01."""

MILLION: Final = 1_000_000
MILLISECONDS_PER_DAY: Final = 86_400_000


def day_of(time_ms: Milliseconds) -> Day:
    """The UTC day in which `time_ms` lies."""
    return Day(time_ms // MILLISECONDS_PER_DAY)


def ratio_ppm(part: int, whole: int) -> Ppm:
    """`part / whole` in ppm, rounded down; 0 when the whole is 0."""
    return Ppm(part * MILLION // whole) if whole else Ppm(0)


def lower_median(values: Sequence[int]) -> int:
    """The median of `values`; of an even number, the lower of the two in the middle.

    Raises ValueError when `values` is empty.
    """
    if not values:
        raise ValueError("the median of nothing is not defined")
    return sorted(values)[(len(values) - 1) // 2]


def upper_median(values: Sequence[int]) -> int:
    """The median of `values`; of an even number, the higher of the two in the middle.

    Raises ValueError when `values` is empty.
    """
    if not values:
        raise ValueError("the median of nothing is not defined")
    return sorted(values)[len(values) // 2]
