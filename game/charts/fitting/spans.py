"""For how long a note takes up its lane."""

from typing import Final

from consensus.chart import Note

LEAST_REPEAT_US: Final = 80_000
"""A key that is struck again sooner than that hurts; people repeat one at most 8 to 10 times a
second for long."""


def taken_until_us(note: Note) -> int:
    """From when on any note may be on the same lane."""
    return max(note.start_us + LEAST_REPEAT_US, _end_us(note))


def may_repeat(note: Note, lane: int, start_us: int) -> bool:
    """Whether a note of `lane` may follow sooner, because it did in the source."""
    return note.lane == lane and _end_us(note) <= start_us


def _end_us(note: Note) -> int:
    """A hold must be over before the next note; a tap is over at once."""
    return note.start_us + note.duration_us + 1
