"""A chart as columns of numbers, and which of its notes are asked for at one moment."""

from dataclasses import dataclass

import numpy as np

from consensus.chart import Chart
from game.bots.noise import Integers


@dataclass(frozen=True, slots=True)
class Columns:
    """A row for each note, in the chart's order."""

    starts_us: Integers
    """[notes] When to press."""
    lanes: Integers
    """[notes] Which key."""
    durations_us: Integers
    """[notes] How long to hold; 0 for a tap."""
    moments: Integers
    """[notes] Which moment of the chart a note belongs to, from 0; a chord is one."""
    firsts: Integers
    """[moments] The row of the first note of each moment."""
    sizes: Integers
    """[moments] How many notes are asked for at it."""

    @property
    def positions(self) -> Integers:
        """[notes] Which note of its moment it is, from 0 at the lowest lane."""
        return np.arange(len(self.starts_us)) - self.firsts[self.moments]


def columns_of(chart: Chart) -> Columns:
    """The columns of a chart; it may be empty."""
    starts_us, lanes, durations_us = np.array(chart.notes, dtype=np.int64).reshape(-1, 3).T
    _, firsts, moments, sizes = np.unique(
        starts_us, return_index=True, return_inverse=True, return_counts=True
    )
    return Columns(starts_us, lanes, durations_us, moments, firsts, sizes)
