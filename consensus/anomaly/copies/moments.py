"""The moments of a chart: what plays of it are compared on."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.anomaly.traces import Integers
from consensus.chart import Chart
from consensus.encoding import digest

MAX_MOMENTS: Final = 16_384
"""Of longer charts the rest is not compared: two hours at two a second."""


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
