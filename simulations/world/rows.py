"""Rows: what the fast engine remembers, of each pair of people and of each person.

Pairs lie in one open-addressed table, found by performer x n + verifier. Rows that say nothing any
more are swept out between days.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulations.world.law import Law

FREE: Final = -1
"""The key of a place where nothing lies."""
LOAD: Final = 0.6
"""How full a table may be."""
REMEMBERED_DAYS: Final = 62
"""Days that a row's bits go back."""
BUDGET_DAYS: Final = 7
"""How long a word counts against its giver's budget, as the law has it."""

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Pairs(NamedTuple):
    """What each verifier has been to each performer; c places, a power of two."""

    key: Numbers
    """performer x n + verifier, or `FREE`; shape (c,)."""
    days: Numbers
    """When the verifier was drawn, and when they rated; columns as in `kernels`; shape (c, 3)."""
    sums: Floats
    """What came of it, and what they think of each other; columns as in `kernels`; shape (c, 5)."""


class State(NamedTuple):
    """What is remembered of n people."""

    blocks_today: NDArray[np.int32]
    """Blocks sealed today; shape (n,)."""
    spent: Floats
    """Full blocks that each accepted, by day modulo 7; shape (n, 7)."""
    praised: Floats
    """Full scores that each gave, by day modulo 7; shape (n, 7)."""
    windows: Numbers
    """Windows played since measuring began; shape (n,), as the next."""
    refused: Numbers
    """Sessions of theirs that most of the audience rejected."""
    minted: Floats
    """What their blocks and concerts minted, in uJAM."""


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
        np.zeros(week),
        np.zeros(people, np.int64),
        np.zeros(people, np.int64),
        np.zeros(people),
    )


def empty_pairs(places: int) -> Pairs:
    """A table without rows; `places` is a power of two."""
    key = np.full(places, FREE, np.int64)
    return Pairs(key, np.zeros((places, 3), np.int64), np.zeros((places, 5)))


def places_for(rows: int) -> int:
    """How many places a table of so many rows has."""
    return 1 << max(10, int(rows / LOAD).bit_length())
