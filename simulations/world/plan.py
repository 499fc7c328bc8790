"""A plan: all sessions of one day, as columns; what both engines carry out."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SEATS: Final = 24
"""Candidates that a session can have: what the law embeds."""
Chance = NDArray[np.uint64]
"""The state of a stream of chance; shape (1,)."""
Numbers = NDArray[np.int64]


class Plan(NamedTuple):
    """Sessions in the order in which they begin; s of them, with `SEATS` seats each."""

    performer: NDArray[np.int32]
    """Who plays; shape (s,)."""
    windows: NDArray[np.int32]
    """How many windows; shape (s,)."""
    accuracy: NDArray[np.float64]
    """Weighted share of notes hit; shape (s,)."""
    seats: NDArray[np.int32]
    """The candidates, -1 where a seat is empty; shape (s, SEATS)."""
    presence: NDArray[np.int8]
    """How near each claims to be, as `consensus.presence`; shape (s, SEATS)."""
    says: NDArray[np.int8]
    """What each would say: 0 silence, 1 accept, 2 flag, 3 reject; shape (s, SEATS)."""
    by_hand: NDArray[np.bool_]
    """Whether by hand; shape (s, SEATS)."""
    anomaly_ppm: NDArray[np.int32]
    """What each one's detectors would state; shape (s, SEATS)."""
    shown: NDArray[np.bool_]
    """Whether the performer reveals the seat's tickets; shape (s, SEATS)."""
    scores_ppm: NDArray[np.int32]
    """The rating that each gives afterwards; -1 for none; shape (s, SEATS)."""
    reports: NDArray[np.bool_]
    """Whether each reports what they were drawn for; shape (s, SEATS)."""


class Session(NamedTuple):
    """A session that is being planned."""

    plan: Plan
    """Where it is written down."""
    s: int
    """Its place there."""
    seen: Numbers
    """The last session for which each person was considered; shape (n,)."""
    chance: Chance
    """The performer's stream."""


SILENCE: Final = 0
ACCEPT: Final = 1
FLAG: Final = 2
REJECT: Final = 3


def empty(sessions: int) -> Plan:
    """A plan with room for some sessions."""
    shape = sessions, SEATS
    return Plan(
        np.zeros(sessions, np.int32),
        np.zeros(sessions, np.int32),
        np.zeros(sessions),
        np.full(shape, -1, np.int32),
        np.zeros(shape, np.int8),
        np.zeros(shape, np.int8),
        np.zeros(shape, np.bool_),
        np.zeros(shape, np.int32),
        np.ones(shape, np.bool_),
        np.full(shape, -1, np.int32),
        np.zeros(shape, np.bool_),
    )


def cut(plan: Plan, sessions: int) -> Plan:
    """The first sessions."""
    columns: list[Any] = [column[:sessions] for column in plan]
    return Plan(*columns)
