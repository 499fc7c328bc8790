"""One window of a longer play: the part with the most notes, as if it were all there is."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from consensus.chart import Chart
from consensus.evidence import KeyEvent

LEAD_IN_US: Final = 1_000_000
"""Silence before the first note, so that the player can see it come and press early."""
TAIL_US: Final = 500_000
"""The end asks for nothing new, so that a late press still belongs to the window."""


def cut_window(
    chart: Chart, events: Sequence[KeyEvent], window_us: int
) -> tuple[Chart, tuple[KeyEvent, ...]]:
    """The window of `window_us` with the most notes (of several, the first), moved to begin at 0.

    `events` are in the chart's time. A key that was down already when the window begins is not
    in it, nor when a key is let go after its end.
    """
    start_us = densest_start_us(chart, window_us)
    return (
        chart.cut(start_us, window_us - TAIL_US),
        events_between(events, start_us, start_us + window_us),
    )


def densest_start_us(chart: Chart, window_us: int) -> int:
    """Where the window with the most notes begins: a second before one of its notes, or at 0."""
    starts_us = [note.start_us for note in chart.notes]
    best = (0, 0)
    for start_us in starts_us:
        from_us = max(start_us - LEAD_IN_US, 0)
        asked = bisect_left(starts_us, from_us + window_us - TAIL_US)
        best = max(best, (asked - bisect_left(starts_us, from_us), -from_us))
    return -best[1]


def events_between(events: Sequence[KeyEvent], start_us: int, end_us: int) -> tuple[KeyEvent, ...]:
    """The events in [start, end), from 0 on, without releases of what was pressed before."""
    down: set[int] = set()
    kept: list[KeyEvent] = []
    for event in events:
        if not start_us <= event.time_us < end_us:
            continue
        if event.is_press or event.lane in down:
            kept.append(event._replace(time_us=event.time_us - start_us))
        if event.is_press:
            down.add(event.lane)
    return tuple(kept)
