"""Rows: who passes how much of a walk's force on to whom, as arrays that grow in place.

A person is a number and has a row of targets, in order; rows lie in one arena, and one that needs
more room moves to its end, as a growing list does.
"""

from typing import Any, Final

import numpy as np

from consensus.trust.arrays import Changes, Rows, Scratch
from consensus.trust.kernels import LENGTH, ROOM, START, TOTAL, WORDS

SLACK: Final = 1 / 8
"""Room at the end of a new arena, in shares of what is in it."""


def laid_out(people: int, changes: Changes) -> tuple[Rows, int]:
    """Rows for as many people, packed, and how much of the arena is used; nothing is gated yet."""
    place = np.zeros((people, 3), np.int64)
    place[:, LENGTH] = place[:, ROOM] = np.bincount(changes.source, minlength=people)
    np.cumsum(place[:-1, LENGTH], out=place[1:, START])
    sums = np.ones((people, 4))
    sums[:, TOTAL] = np.bincount(changes.source, changes.weight, people)
    sums[:, WORDS] = np.bincount(changes.source, changes.words, people)
    used = len(changes.source)
    size = used + int(used * SLACK) + 64
    rows = Rows(place, sums, np.zeros(size, np.int32), np.zeros(size), np.zeros(size, np.bool_))
    rows.target[:used] = changes.target
    rows.weight[:used] = changes.weight
    return rows, used


def with_people(rows: Rows, people: int) -> Rows:
    """The same with room for more people, whose rows are empty."""
    more = people - len(rows.place)
    place = np.concatenate([rows.place, np.zeros((more, 3), np.int64)])
    sums = np.concatenate([rows.sums, np.tile([0.0, 0.0, 1.0, 0.0], (more, 1))])
    return rows._replace(place=place, sums=sums)


def with_arena(rows: Rows, size: int) -> Rows:
    """The same with a larger arena."""
    grown: list[Any] = [
        np.concatenate([column, np.zeros(size - len(column), column.dtype)])
        for column in (rows.target, rows.weight, rows.is_gated)
    ]
    return Rows(*[rows.place, rows.sums, *grown])


def scratch_for(people: int) -> Scratch:
    """Room for walks among so many people."""
    numbers = np.zeros((4, people), np.int64)
    return Scratch(np.zeros((people, 8)), numbers[:3], numbers[3])


def copied(rows: Rows) -> Rows:
    """Rows that can be changed without the others."""
    columns: list[Any] = [column.copy() for column in rows]
    return Rows(*columns)
