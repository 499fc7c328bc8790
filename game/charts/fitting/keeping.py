"""Which notes of a chart stay when there are only so many lanes.

Each moment's notes are added to those that still take up a lane; while they are too many, the one
that would do so for the longest goes, even when it began before. For intervals and equal lanes that
loses the fewest (Faigle and Nawijn, "Note on scheduling intervals on-line", 1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from consensus.chart import Note
from game.charts.fitting.spans import may_repeat, taken_until_us


@dataclass(frozen=True, slots=True)
class _Span:
    """A note that takes up a lane."""

    position: int
    """Which note of the chart."""
    note: Note
    until_us: int
    """When the lane is free again."""
    before: "_Span | None"
    """The note of the same old lane that it followed at once."""


def kept_positions(notes: Sequence[Note], lanes: int) -> list[int]:
    """The positions of the notes that stay, ascending."""
    dropped: set[int] = set()
    active: list[_Span] = []
    for start_us, row in groupby(enumerate(notes), key=lambda it: it[1].start_us):
        active = [span for span in active if span.until_us > start_us]
        for position, note in row:
            before = next((it for it in active if may_repeat(it.note, note.lane, start_us)), None)
            if before is not None:
                active.remove(before)
            active.append(_Span(position, note, taken_until_us(note), before))
        while len(active) > lanes:
            longest = max(active, key=lambda span: (span.until_us, span.position))
            active.remove(longest)
            dropped.add(longest.position)
            before = longest.before
            if before is not None and before.until_us > start_us:
                active.append(before)
    return [position for position in range(len(notes)) if position not in dropped]
