"""Rows: what the fast engine remembers, of each pair of people and of each person.

Pairs lie in one open-addressed table, found by performer x n + verifier. Rows that say nothing any
more are swept out between days.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulations.world.law import Law

FREE: Final = 0
"""The key of a place where nothing lies."""
LOAD: Final = 0.6
"""How full a table may be."""
REMEMBERED_DAYS: Final = 32
"""Days that a row's bits go back."""
BUDGET_DAYS: Final = 7
"""How long a word counts against its giver's budget, as the law has it."""

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


ROW: Final = np.dtype(
    [
        ("key", np.int64),
        ("drawn", np.uint32),
        ("rated", np.uint32),
        ("day", np.int64),
        ("played", np.float64),
        ("praised", np.float64),
        ("given", np.float64),
        ("returned", np.float64),
        ("against", np.float64),
    ]
)
"""What a verifier has been to a performer; 64 bytes, so that it is read at once.

`key` is performer x n + verifier + 1, or `FREE`. Bit b of `drawn` and `rated` says that the
verifier was drawn, or rated the performer, b days before `day`. `played` and `praised` are what the
verifier's words and ratings made since measuring began, in uJAM. `given` and `returned` are how
much each acknowledges the other, the verifier first, and `against` what the verifier says against
the performer, all weighed as of day 0.
"""
Pairs = NDArray[Any]
"""Rows of `ROW`; shape (c,), c a power of two."""


class State(NamedTuple):
    """What is remembered of n people."""

    blocks_today: NDArray[np.int32]
    """Blocks sealed today; shape (n,)."""
    spent: Floats
    """Full blocks that each accepted, by day modulo 7; shape (n, 7)."""
    spent_week: Floats
    """Their sum; shape (n,)."""
    praised: Floats
    """Full scores that each gave, by day modulo 7; shape (n, 7)."""
    windows: Numbers
    """Windows played since measuring began; shape (n,), as the next."""
    refused: Numbers
    """Sessions of theirs that most of the audience rejected."""
    minted: Floats
    """What their blocks and concerts minted, in uJAM."""
    rows: Numbers
    """How many pairs there are; shape (1,)."""


class Today(NamedTuple):
    """The day that is carried out."""

    day: int
    """Its number."""
    seed: int
    """Of all streams."""
    is_measured: bool
    """Whether what is minted counts for results."""
    growth: float
    """What a word of today weighs as of day 0: instead of fading, later words weigh more."""


class Books(NamedTuple):
    """All that a day is carried out with."""

    law: Law
    """What is minted."""
    today: Today
    """When."""
    pairs: Pairs
    """By whom for whom."""
    state: State
    """And what else is known of them."""


def empty_state(people: int) -> State:
    """Nothing yet."""
    week = people, BUDGET_DAYS
    return State(
        np.zeros(people, np.int32),
        np.zeros(week),
        np.zeros(people),
        np.zeros(week),
        np.zeros(people, np.int64),
        np.zeros(people, np.int64),
        np.zeros(people),
        np.zeros(1, np.int64),
    )


def begin_day(state: State, day: int) -> None:
    """Forgets what counts no longer than a day, and what is a week old."""
    state.blocks_today[:] = 0
    state.spent[:, day % BUDGET_DAYS] = 0.0
    state.spent_week[:] = state.spent.sum(axis=1)
    state.praised[:, day % BUDGET_DAYS] = 0.0


def empty_pairs(places: int) -> Pairs:
    """A table without rows, aligned to the lines of the cache; `places` is a power of two."""
    room = np.zeros((places + 1) * ROW.itemsize, np.uint8)
    first = -room.ctypes.data % ROW.itemsize
    table: Pairs = room[first : first + places * ROW.itemsize].view(ROW)
    return table


def used(pairs: Pairs) -> Pairs:
    """Only the rows that are taken; shape (r,)."""
    rows: Pairs = pairs[pairs["key"] != FREE]
    return rows


def places_for(rows: int) -> int:
    """How many places a table of so many rows has."""
    return 1 << max(10, int(rows / LOAD).bit_length())
