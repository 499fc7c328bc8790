"""All that is compiled: words are taken into rows, and walks go along them.

It is one file because the compiler keeps what it made until *this* file changes: a layout or a
helper in another file could change unnoticed. What the walk says is checked against `proximity`.
"""

from typing import Final

import numpy as np
from numba import njit

from consensus.trust.arrays import Changes, Doubts, Floats, Membership, Numbers, Rows, Scratch

START, LENGTH, ROOM = 0, 1, 2
"""Columns of `place`: where a row begins, how many targets it has, and how many it can have."""
TOTAL, WORDS, PASSED, RETURNED = 0, 1, 2, 3
"""Columns of `sums`: of a row's weights; of all that was said, for and against; the factor on what
goes into pockets, in (0, 1]; and the share of visits that two steps later are here again, before
any decay."""
VISITS, HEARD, FOR, AGAINST, MARK = 3, 4, 5, 6, 7
"""Columns of a cell, after the force of three steps: how often this person was met, how much of it
was passed on, what was said for and against where anybody speaks badly of them, and who does."""
DOUBTED: Final = 1.0
SHUNNED: Final = 2.0
"""Marks: somebody speaks badly of this person, and the observer does."""


@njit(cache=True, nogil=True)
def room_needed(rows: Rows, changes: Changes) -> int:
    """How many places at the arena's end the changes take at most."""
    needed = 0
    first = 0
    while first < len(changes.source):
        person = changes.source[first]
        end = _end_of_row(changes, first)
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
        end = _end_of_row(changes, first)
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
def _end_of_row(changes: Changes, first: int) -> int:
    """Where the changes of the next person begin."""
    end = first
    while end < len(changes.source) and changes.source[end] == changes.source[first]:
        end += 1
    return end


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
    share = rows.weight[slot] / rows.sums[person, TOTAL]
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


@njit(cache=True, nogil=True)
def walk(
    rows: Rows,
    doubts: Doubts,
    scratch: Scratch,
    observer: int,
    alpha: float,
    depth: int,
    least: float,
) -> tuple[Numbers, Floats]:
    """Who is near the observer, and how near: numbers and scores, both of shape (m,).

    The observer is in it with 1. Sources and the meaning of all arguments: `proximity`.
    """
    _mark(doubts, scratch, observer)
    counts = np.zeros(3, np.int64)
    scratch.met[0] = scratch.frontiers[0, 0] = observer
    scratch.cells[observer, VISITS] = scratch.cells[observer, 0] = 1.0
    counts[0] = met = 1
    for step in range(depth):
        here, there = step % 3, (step + 1) % 3
        for at in range(counts[there]):
            scratch.cells[scratch.frontiers[there, at], there] = 0.0
        counts[there] = 0
        for at in range(counts[here]):
            person = scratch.frontiers[here, at]
            if scratch.cells[person, here] >= least and rows.sums[person, WORDS] > 0:
                _pass_on(rows, scratch, person, here, there, counts, alpha, person == observer)
        for at in range(counts[there]):
            person = scratch.frontiers[there, at]
            if scratch.cells[person, VISITS] == 0:
                scratch.met[met] = person
                met += 1
            scratch.cells[person, VISITS] += scratch.cells[person, there]
    _hear_against(rows, doubts, scratch)
    found = _scores(rows, scratch, observer, alpha, met, depth)
    _clean(doubts, scratch, met)
    return found


@njit(cache=True, nogil=True)
def _pass_on(
    rows: Rows,
    scratch: Scratch,
    person: int,
    here: int,
    there: int,
    counts: Numbers,
    alpha: float,
    is_observer: bool,
) -> None:
    """Spreads the force that somebody has at this step over their row."""
    force = scratch.cells[person, here]
    scratch.cells[person, HEARD] += force
    begin = rows.place[person, START]
    for slot in range(begin, begin + rows.place[person, LENGTH]):
        target = rows.target[slot]
        if scratch.cells[target, MARK] > 0:
            said = rows.weight[slot] / rows.sums[person, WORDS]
            scratch.cells[target, FOR] += force * said
            if scratch.cells[target, MARK] == SHUNNED:
                continue
        share = share_at(rows, person, slot)
        if is_observer and rows.sums[person, TOTAL] > 0:
            share = rows.weight[slot] / rows.sums[person, TOTAL]
        arriving = alpha * force * share
        if arriving > 0:
            if scratch.cells[target, there] == 0:
                scratch.frontiers[there, counts[there]] = target
                counts[there] += 1
            scratch.cells[target, there] += arriving


@njit(cache=True, nogil=True)
def _mark(doubts: Doubts, scratch: Scratch, observer: int) -> None:
    """Notes whom the observer shuns, and of whom somebody speaks badly."""
    for at in range(len(doubts.source)):
        if doubts.distrust[at] > 0:
            mark = SHUNNED if doubts.source[at] == observer else DOUBTED
            before = scratch.cells[doubts.target[at], MARK]
            scratch.cells[doubts.target[at], MARK] = max(before, mark)


@njit(cache=True, nogil=True)
def _hear_against(rows: Rows, doubts: Doubts, scratch: Scratch) -> None:
    """What those who were met say against people; what they say for them all the same is added."""
    for at in range(len(doubts.source)):
        source, target = doubts.source[at], doubts.target[at]
        if scratch.cells[source, HEARD] > 0 and doubts.distrust[at] > 0:
            voice = scratch.cells[source, HEARD] / rows.sums[source, WORDS]
            scratch.cells[target, AGAINST] += voice * doubts.distrust[at]
            scratch.cells[target, FOR] += voice * doubts.trust[at]


@njit(cache=True, nogil=True)
def _scores(
    rows: Rows, scratch: Scratch, observer: int, alpha: float, met: int, depth: int
) -> tuple[Numbers, Floats]:
    """Visits less quick returns, at most 1, times what is left by those who speak against."""
    people = np.empty(met, np.int64)
    scores = np.empty(met)
    count = 0
    last, before_last = depth % 3, (depth - 1) % 3
    for at in range(met):
        person = scratch.met[at]
        visits = scratch.cells[person, VISITS]
        early = visits - scratch.cells[person, last] - scratch.cells[person, before_last]
        score = min(visits - alpha * alpha * rows.sums[person, RETURNED] * early, 1.0)
        if person == observer:
            score = 1.0
        elif scratch.cells[person, AGAINST] > 0:
            said = scratch.cells[person, FOR]
            score *= said / (said + scratch.cells[person, AGAINST])
        if score > 0:
            people[count] = person
            scores[count] = score
            count += 1
    return people[:count], scores[:count]


@njit(cache=True, nogil=True)
def _clean(doubts: Doubts, scratch: Scratch, met: int) -> None:
    for at in range(met):
        scratch.cells[scratch.met[at]] = 0.0
    for target in doubts.target:
        scratch.cells[target] = 0.0
