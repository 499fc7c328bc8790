"""Numbers that a stranger wrote."""

import math
from typing import Final

from consensus.chart import MAX_CHART_US
from game.charts.errors import ChartImportError

MAX_NUMBER: Final = 1e12
"""Nothing that a chart counts comes near it."""


def number_in(place: int | str, text: str) -> float:
    """The number that `text` is; raises ChartImportError at `place` where it is none."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) <= MAX_NUMBER:
        raise ChartImportError(place, f"{text.strip()[:40]!r} is not a number that can be used")
    return number


def time_us(place: int | str, seconds: float) -> int:
    """Seconds as us; raises ChartImportError at `place` for what no chart can reach."""
    if not abs(seconds) * 1e6 <= MAX_CHART_US:
        raise ChartImportError(place, "a time beyond two hours")
    return round(seconds * 1e6)


def preview_us(text: str, units_per_second: int) -> int | None:
    """The moment for a preview; None for none, and for what is no moment: nobody plays it."""
    try:
        seconds = number_in(0, text) / units_per_second
        return time_us(0, seconds) if seconds > 0 else None
    except ChartImportError:
        return None
