"""Walks over rows: the fast form of what `proximity` says, checked against it by the tests.

Force spreads from the observer step by step; whoever has less than `LEAST_FORCE` at a step passes
nothing on, so that a look at a million people touches those who matter and no others.
"""

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from consensus.trust.rows import (
    LENGTH,
    RETURNED,
    START,
    TOTAL,
    WORDS,
    Floats,
    Numbers,
    Rows,
    share_at,
)

LEAST_FORCE: Final = 1e-6
"""Less isn't passed on: a hundredth of what matters to anything that counts people as near."""


class Doubts(NamedTuple):
    """What is said against people: pairs, all of shape (m,)."""

    source: Numbers
    """Who speaks."""
    target: Numbers
    """Against whom."""
    trust: Floats
    """What the source says for the target all the same, beyond what its row shows."""
    distrust: Floats
    """What it says against."""


VISITS: Final = 3
"""Column of a cell: how often this person was met; before it, the force of three steps."""
HEARD: Final = 4
"""How much of that was passed on."""
FOR: Final = 5
"""What was said for this person, where somebody speaks badly of them."""
AGAINST: Final = 6
"""What was said against."""
MARK: Final = 7
"""Whether anybody speaks badly of this person, and whether that is the observer."""
DOUBTED: Final = 1.0
SHUNNED: Final = 2.0


class Scratch(NamedTuple):
    """Room for one walk at a time, all zero between walks: a walk cleans up only where it was."""

    cells: Floats
    """Shape (n, 8): all that a walk notes of one person, in one line of a processor's cache."""
    frontiers: Numbers
    """Shape (3, n): who has any force at the last, this and the next step."""
    met: Numbers
    """Shape (n,): who was met, in order."""


def scratch_for(people: int) -> Scratch:
    """Room for walks among so many people."""
    numbers = np.zeros((4, people), np.int64)
    return Scratch(np.zeros((people, 8)), numbers[:3], numbers[3])


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
