"""What people want to know of a chart before they play it."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from consensus.chart import Chart

US_PER_MINUTE: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class ChartFigures:
    """Figures of a chart."""

    keys: int
    """How many lanes."""
    notes: int
    """How many things to press, holds among them."""
    holds: int
    """How many of them are held."""
    duration_ms: int
    """From the start of the chart to the end of its last note."""
    bpm: float
    """Beats a minute, those that hold for the longest time, to a hundredth."""
    id: str
    """The chart's id in hex."""

    def as_record(self) -> dict[str, int | float | str]:
        """The same by name, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def figures_of(chart: Chart) -> ChartFigures:
    """The figures of a chart."""
    return ChartFigures(
        chart.keys,
        len(chart.notes),
        sum(note.duration_us > 0 for note in chart.notes),
        round(chart.duration_us / 1_000),
        main_bpm(chart),
        chart.id.hex(),
    )


def main_bpm(chart: Chart) -> float:
    """The tempo that holds for the longest time while notes last; of equals the first."""
    times_us = [0, *(point.time_us for point in chart.timing[1:]), chart.duration_us]
    lasting_us: Counter[float] = Counter()
    for point, (start_us, end_us) in zip(chart.timing, pairwise(times_us), strict=True):
        bpm = round(US_PER_MINUTE / point.beat_us, 2)
        lasting_us[bpm] += max(min(end_us, chart.duration_us) - start_us, 0)
    ((bpm, _),) = lasting_us.most_common(1)
    return bpm
