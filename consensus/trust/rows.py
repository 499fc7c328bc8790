"""Rows: who passes how much of a walk's force on to whom, as arrays that grow in place.

A person is a number and has a row of targets, in order; rows lie in one arena, and one that needs
more room moves to its end, as a growing list does. What a walk needs to know of a person is
brought up to date with the row: sums, what pockets hold back, and how much comes straight back.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

SLACK = 1 / 8
"""Room at the end of a new arena, in shares of what is in it."""


class Rows(NamedTuple):
    """The arrays; all but the last three have shape (n,), these the arena's."""

    start: Numbers
    """Where the row begins."""
    length: Numbers
    """How many targets it has."""
    room: Numbers
    """How many it can have where it is."""
    total: Floats
    """The sum of its weights."""
    words: Floats
    """All that the person said, for and against."""
    passed: Floats
    """The factor on what goes into pockets, in (0, 1]."""
    carry: Floats
    """The factor on all that the person passes on, in [0, 1]."""
    returned: Floats
    """The share of visits that two steps later are here again, before any decay."""
    target: NDArray[np.int32]
    """To whom."""
    weight: Floats
    """Trust less distrust of the same target, never negative."""
    is_gated: NDArray[np.bool_]
    """Whether the target is in a pocket that the person is outside of."""


class Membership(NamedTuple):
    """Who is in which pockets."""

    start: Numbers
    """Shape (n + 1,): where each person's pockets begin in `pocket`."""
    pocket: Numbers
    """Pockets, in order for each person."""
    carried: Floats
    """Shape (pockets,): the share of anybody's force that may enter."""


class Changes(NamedTuple):
    """Words to take in, in order of source and target, each pair once; all of shape (m,)."""

    source: Numbers
    """Who speaks."""
    target: Numbers
    """About whom."""
    weight: Floats
    """The change of the weight."""
    words: Floats
    """The change of what the source said in all."""


def laid_out(people: int, changes: Changes) -> tuple[Rows, int]:
    """Rows for as many people, packed, and how much of the arena is used; nothing is gated yet."""
    length = np.bincount(changes.source, minlength=people).astype(np.int64)
    start = np.zeros(people, np.int64)
    np.cumsum(length[:-1], out=start[1:])
    used = len(changes.source)
    size = used + int(used * SLACK) + 64
    rows = Rows(
        start,
        length,
        length.copy(),
        np.bincount(changes.source, changes.weight, people).astype(np.float64),
        np.bincount(changes.source, changes.words, people).astype(np.float64),
        np.ones(people),
        np.ones(people),
        np.zeros(people),
        np.zeros(size, np.int32),
        np.zeros(size),
        np.zeros(size, np.bool_),
    )
    rows.target[:used] = changes.target
    rows.weight[:used] = changes.weight
    return rows, used


def with_people(rows: Rows, people: int) -> Rows:
    """The same with room for more people, whose rows are empty."""
    more = people - len(rows.start)
    blank = (0, 0, 0, 0.0, 0.0, 1.0, 1.0, 0.0)
    grown: list[Any] = [
        np.concatenate([column, np.full(more, value, column.dtype)])
        for column, value in zip(rows[:8], blank, strict=True)
    ]
    return Rows(*[*grown, *rows[8:]])


def with_arena(rows: Rows, size: int) -> Rows:
    """The same with a larger arena."""
    more = size - len(rows.target)
    grown: list[Any] = [
        np.concatenate([column, np.zeros(more, column.dtype)]) for column in rows[8:]
    ]
    return Rows(*rows[:8], *grown)


@njit(cache=True, nogil=True)
def room_needed(rows: Rows, changes: Changes) -> int:
    """How many places at the arena's end the changes take at most."""
    needed = 0
    first = 0
    while first < len(changes.source):
        person = changes.source[first]
        end = first
        while end < len(changes.source) and changes.source[end] == person:
            end += 1
        if rows.length[person] + end - first > rows.room[person]:
            needed += 2 * (rows.length[person] + end - first)
        first = end
    return needed


@njit(cache=True, nogil=True)
def apply_changes(rows: Rows, used: int, changes: Changes, members: Membership) -> int:
    """Takes in words, row by row, and gives how much of the arena is used then."""
    first = 0
    while first < len(changes.source):
        person = changes.source[first]
        end = first
        while end < len(changes.source) and changes.source[end] == person:
            end += 1
        _count_returns(rows, person, -1.0)
        used = _make_room(rows, used, person, end - first)
        for at in range(first, end):
            _change(rows, person, changes.target[at], changes.weight[at])
            rows.words[person] += changes.words[at]
        _regard_pockets(rows, person, members)
        _count_returns(rows, person, 1.0)
        first = end
    return used


@njit(cache=True, nogil=True)
def regard_all(rows: Rows, members: Membership) -> None:
    """Brings everybody up to date with new pockets or factors."""
    for person in range(len(rows.start)):
        _regard_pockets(rows, person, members)
    for person in range(len(rows.start)):
        rows.returned[person] = 0.0
        begin = rows.start[person]
        for slot in range(begin, begin + rows.length[person]):
            back = share_of(rows, rows.target[slot], person)
            if back > 0:
                rows.returned[person] += share_at(rows, person, slot) * back


@njit(cache=True, nogil=True)
def share_at(rows: Rows, person: int, slot: int) -> float:
    """The share of a person's force that goes the way of one place of their row."""
    if rows.total[person] <= 0:
        return 0.0
    share = rows.carry[person] * rows.weight[slot] / rows.total[person]
    return float(share * rows.passed[person] if rows.is_gated[slot] else share)


@njit(cache=True, nogil=True)
def share_of(rows: Rows, person: int, target: int) -> float:
    """The share of a person's force that goes to somebody; 0 for whom they don't know."""
    slot = _slot(rows, person, target)
    end = rows.start[person] + rows.length[person]
    return share_at(rows, person, slot) if slot < end and rows.target[slot] == target else 0.0


@njit(cache=True, nogil=True)
def weight_of(rows: Rows, person: int, target: int) -> float:
    """The weight of a target in a row; 0 for whom the person doesn't know."""
    slot = _slot(rows, person, target)
    end = rows.start[person] + rows.length[person]
    return float(rows.weight[slot]) if slot < end and rows.target[slot] == target else 0.0


@njit(cache=True, nogil=True)
def _slot(rows: Rows, person: int, target: int) -> int:
    """The place of a target in a row, or where it would go."""
    low = int(rows.start[person])
    high = low + int(rows.length[person])
    while low < high:
        middle = (low + high) // 2
        if rows.target[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _count_returns(rows: Rows, person: int, sign: float) -> None:
    """Adds, or takes away, what goes from a person to others and straight back."""
    begin = rows.start[person]
    for slot in range(begin, begin + rows.length[person]):
        other = rows.target[slot]
        both = share_of(rows, other, person)
        if both > 0:
            both *= sign * share_at(rows, person, slot)
            rows.returned[person] += both
            rows.returned[other] += both


@njit(cache=True, nogil=True)
def _make_room(rows: Rows, used: int, person: int, more: int) -> int:
    length = rows.length[person]
    if length + more <= rows.room[person]:
        return used
    begin = rows.start[person]
    for step in range(length):
        rows.target[used + step] = rows.target[begin + step]
        rows.weight[used + step] = rows.weight[begin + step]
    rows.start[person] = used
    rows.room[person] = 2 * (length + more)
    return used + int(rows.room[person])


@njit(cache=True, nogil=True)
def _change(rows: Rows, person: int, target: int, weight: float) -> None:
    slot = _slot(rows, person, target)
    end = rows.start[person] + rows.length[person]
    if slot == end or rows.target[slot] != target:
        for place in range(end, slot, -1):
            rows.target[place] = rows.target[place - 1]
            rows.weight[place] = rows.weight[place - 1]
        rows.target[slot] = target
        rows.weight[slot] = 0.0
        rows.length[person] += 1
    rows.weight[slot] += weight


@njit(cache=True, nogil=True)
def _regard_pockets(rows: Rows, person: int, members: Membership) -> None:
    """What a person says in all, and what pockets hold back of it."""
    begin = rows.start[person]
    end = begin + rows.length[person]
    rows.total[person] = 0.0
    for slot in range(begin, end):
        rows.total[person] += rows.weight[slot]
    load = 0.0
    for slot in range(begin, end):
        carried = _carried(members, person, rows.target[slot])
        rows.is_gated[slot] = carried < 1
        if carried < 1 and rows.total[person] > 0:
            load += rows.weight[slot] / rows.total[person] / carried
    rows.passed[person] = 1 / load if load > 1 else 1.0


@njit(cache=True, nogil=True)
def _carried(members: Membership, source: int, target: int) -> float:
    """The least share that a pocket of the target, without the source in it, lets in."""
    least = 1.0
    mine = members.start[source]
    for at in range(members.start[target], members.start[target + 1]):
        pocket = members.pocket[at]
        while mine < members.start[source + 1] and members.pocket[mine] < pocket:
            mine += 1
        is_inside = mine < members.start[source + 1] and members.pocket[mine] == pocket
        if not is_inside:
            least = min(least, members.carried[pocket])
    return least


def copied(rows: Rows) -> Rows:
    """Rows that can be changed without the others."""
    columns: list[Any] = [column.copy() for column in rows]
    return Rows(*columns)
