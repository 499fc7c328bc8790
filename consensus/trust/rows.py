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


START, LENGTH, ROOM = 0, 1, 2
"""Columns of `place`: where a row begins, how many targets it has, and how many it can have."""
TOTAL, WORDS, PASSED, CARRY, RETURNED = 0, 1, 2, 3, 4
"""Columns of `sums`: of a row's weights; of all that was said, for and against; the factor on what
goes into pockets, in (0, 1]; the factor on all that is passed on, in [0, 1]; and the share of
visits that two steps later are here again, before any decay."""


class Rows(NamedTuple):
    """The arrays: what is read together lies together. The first two know n people."""

    place: Numbers
    """Shape (n, 3): where everybody's row lies."""
    sums: Floats
    """Shape (n, 5): what a walk needs to know of everybody."""
    target: NDArray[np.int32]
    """To whom; the shape of the arena."""
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
    place = np.zeros((people, 3), np.int64)
    place[:, LENGTH] = place[:, ROOM] = np.bincount(changes.source, minlength=people)
    np.cumsum(place[:-1, LENGTH], out=place[1:, START])
    sums = np.ones((people, 5))
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
    sums = np.concatenate([rows.sums, np.tile([0.0, 0.0, 1.0, 1.0, 0.0], (more, 1))])
    return rows._replace(place=place, sums=sums)


def with_arena(rows: Rows, size: int) -> Rows:
    """The same with a larger arena."""
    grown: list[Any] = [
        np.concatenate([column, np.zeros(size - len(column), column.dtype)])
        for column in (rows.target, rows.weight, rows.is_gated)
    ]
    return Rows(*[rows.place, rows.sums, *grown])


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
        if rows.place[person, LENGTH] + end - first > rows.place[person, ROOM]:
            needed += 2 * (rows.place[person, LENGTH] + end - first)
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
            rows.sums[person, WORDS] += changes.words[at]
        _regard_pockets(rows, person, members)
        _count_returns(rows, person, 1.0)
        first = end
    return used


@njit(cache=True, nogil=True)
def regard_all(rows: Rows, members: Membership) -> None:
    """Brings everybody up to date with new pockets or factors."""
    for person in range(len(rows.place)):
        _regard_pockets(rows, person, members)
    for person in range(len(rows.place)):
        rows.sums[person, RETURNED] = 0.0
        begin = rows.place[person, START]
        for slot in range(begin, begin + rows.place[person, LENGTH]):
            back = share_of(rows, rows.target[slot], person)
            if back > 0:
                rows.sums[person, RETURNED] += share_at(rows, person, slot) * back


@njit(cache=True, nogil=True)
def share_at(rows: Rows, person: int, slot: int) -> float:
    """The share of a person's force that goes the way of one place of their row."""
    if rows.sums[person, TOTAL] <= 0:
        return 0.0
    share = rows.sums[person, CARRY] * rows.weight[slot] / rows.sums[person, TOTAL]
    return float(share * rows.sums[person, PASSED] if rows.is_gated[slot] else share)


@njit(cache=True, nogil=True)
def share_of(rows: Rows, person: int, target: int) -> float:
    """The share of a person's force that goes to somebody; 0 for whom they don't know."""
    slot = _slot(rows, person, target)
    end = rows.place[person, START] + rows.place[person, LENGTH]
    return share_at(rows, person, slot) if slot < end and rows.target[slot] == target else 0.0


@njit(cache=True, nogil=True)
def weight_of(rows: Rows, person: int, target: int) -> float:
    """The weight of a target in a row; 0 for whom the person doesn't know."""
    slot = _slot(rows, person, target)
    end = rows.place[person, START] + rows.place[person, LENGTH]
    return float(rows.weight[slot]) if slot < end and rows.target[slot] == target else 0.0


@njit(cache=True, nogil=True)
def _slot(rows: Rows, person: int, target: int) -> int:
    """The place of a target in a row, or where it would go."""
    low = int(rows.place[person, START])
    high = low + int(rows.place[person, LENGTH])
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
    begin = rows.place[person, START]
    for slot in range(begin, begin + rows.place[person, LENGTH]):
        other = rows.target[slot]
        both = share_of(rows, other, person)
        if both > 0:
            both *= sign * share_at(rows, person, slot)
            rows.sums[person, RETURNED] += both
            rows.sums[other, RETURNED] += both


@njit(cache=True, nogil=True)
def _make_room(rows: Rows, used: int, person: int, more: int) -> int:
    length = rows.place[person, LENGTH]
    if length + more <= rows.place[person, ROOM]:
        return used
    begin = rows.place[person, START]
    for step in range(length):
        rows.target[used + step] = rows.target[begin + step]
        rows.weight[used + step] = rows.weight[begin + step]
    rows.place[person, START] = used
    rows.place[person, ROOM] = 2 * (length + more)
    return used + int(rows.place[person, ROOM])


@njit(cache=True, nogil=True)
def _change(rows: Rows, person: int, target: int, weight: float) -> None:
    slot = _slot(rows, person, target)
    end = rows.place[person, START] + rows.place[person, LENGTH]
    if slot == end or rows.target[slot] != target:
        for place in range(end, slot, -1):
            rows.target[place] = rows.target[place - 1]
            rows.weight[place] = rows.weight[place - 1]
        rows.target[slot] = target
        rows.weight[slot] = 0.0
        rows.place[person, LENGTH] += 1
    rows.weight[slot] += weight


@njit(cache=True, nogil=True)
def _regard_pockets(rows: Rows, person: int, members: Membership) -> None:
    """What a person says in all, and what pockets hold back of it."""
    begin = rows.place[person, START]
    end = begin + rows.place[person, LENGTH]
    rows.sums[person, TOTAL] = 0.0
    for slot in range(begin, end):
        rows.sums[person, TOTAL] += rows.weight[slot]
    load = 0.0
    for slot in range(begin, end):
        carried = _carried(members, person, rows.target[slot])
        rows.is_gated[slot] = carried < 1
        if carried < 1 and rows.sums[person, TOTAL] > 0:
            load += rows.weight[slot] / rows.sums[person, TOTAL] / carried
    rows.sums[person, PASSED] = 1 / load if load > 1 else 1.0


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
