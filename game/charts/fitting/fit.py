"""A chart on another number of keys, and what that did to it."""

from dataclasses import dataclass, replace
from typing import Final

from consensus.chart import Chart
from game.charts.fitting.keeping import kept_positions
from game.charts.fitting.placing import placed_lanes

MIN_FIT_KEYS: Final = 4
MAX_FIT_KEYS: Final = 10
"""A finger for each."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted chart."""

    chart: Chart
    """The chart with its new number of keys."""
    kept: int
    """How many notes it has."""
    dropped: int
    """How many the source had besides."""
    moved: int
    """How many of the kept are not on the lane that is straight across."""


def fitted(chart: Chart, keys: int) -> Fitted:
    """The chart on `keys` lanes, from 4 to 10; on as many as it has it stays as it is.

    Its notes are notes of the source, with their starts and lengths; no two of a lane overlap, and
    none follows within 80 ms another that was on another lane. Raises ValueError for other numbers.
    """
    if not MIN_FIT_KEYS <= keys <= MAX_FIT_KEYS:
        raise ValueError(f"{keys} keys, not {MIN_FIT_KEYS} to {MAX_FIT_KEYS}")
    if keys == chart.keys:
        return Fitted(chart, len(chart.notes), 0, 0)
    positions = kept_positions(chart.notes, keys)
    sources = [chart.notes[position] for position in positions]
    lanes = placed_lanes(sources, chart.keys, keys)
    placed = sorted(
        (source._replace(lane=lane), position)
        for source, lane, position in zip(sources, lanes, positions, strict=True)
    )
    straight = (source.lane * keys // chart.keys for source in sources)
    return Fitted(
        replace(
            chart,
            keys=keys,
            notes=tuple(note for note, _ in placed),
            pitches=bytes(chart.pitches[at] for _, at in placed) if chart.pitches else b"",
        ),
        kept=len(placed),
        dropped=len(chart.notes) - len(placed),
        moved=sum(lane != nominal for lane, nominal in zip(lanes, straight, strict=True)),
    )
