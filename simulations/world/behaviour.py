"""Behaviour: what people of one strategy do on an ordinary day, in numbers."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


class Say(IntEnum):
    """What somebody says of a play that they were drawn to verify."""

    HONEST = 0
    """What their detectors find."""
    ACCEPT = 1
    """That it is fine, unseen."""
    REJECT = 2
    """That it is faked, unseen."""
    SILENT = 3
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One strategy on one day; the defaults are a townsperson's."""

    sessions_per_week: float = 3.0
    """Mean number of sessions; Poisson."""
    sessions_per_evening: float = 1.0
    """Mean number of them that follow each other on one day; geometric."""
    windows: float = 3.0
    """Mean windows of a session; geometric, at most 30."""
    accuracy: float = 0.93
    """Mean weighted share of notes hit."""
    accuracy_spread: float = 0.03
    """Its standard deviation."""
    suspected: float = 0.006
    """Share of sessions that honest witnesses' detectors flag (docs/detectors.md)."""
    refuted: float = 0.0005
    """Share that they reject."""
    mates: float = 6.0
    """Mean candidates from the same venue, on the same link; Poisson, as the next two."""
    near: float = 4.0
    """Candidates from the same town."""
    remote: float = 2.0
    """Candidates from anywhere."""
    away: float = 0.05
    """Share of sessions played in another venue, half of them in another town."""
    crew_share: float = 0.0
    """Share of sessions that are played to the crew."""
    crew_seats: float = 0.0
    """Mean candidates from the crew in such a session; Poisson, at most all of it."""
    crew_open: float = 0.0
    """By what the usual audience is multiplied in such a session."""
    is_one_way: float = 0.0
    """1: of the crew, those who come next in a circle witness, and never the other way round."""
    withholds: float = 0.0
    """Share of tickets of people outside the crew that are left out of blocks."""
    attends: float = 1.0
    """How often they are in others' audiences, relative to a townsperson."""
    says: float = Say.HONEST
    """What they say of others' play."""
    says_of_crew: float = Say.HONEST
    """What they say of their crew's."""
    claims_link: float = 0.0
    """1: crew members claim the same link, wherever they are."""
    by_hand: float = 0.1
    """Share of verdicts given by hand."""
    rates: float = 0.15
    """The chance that somebody in an audience rates what they heard."""
    rates_crew: float = 0.15
    """The same for a crew's play; crews that accept unseen give full scores."""
    reports: float = 0.0
    """The chance that they report somebody's play they were drawn for."""
    is_bot: float = 0.0
    """1: a machine plays; its effort counts as a townsperson's week."""


DTYPE: Final = np.dtype([(one.name, np.float64) for one in fields(Behaviour)])
"""A behaviour as kernels read it."""
TOWNSPERSON: Final = Behaviour()


def records(behaviours: Iterable[Behaviour]) -> NDArray[Any]:
    """Behaviours as records of `DTYPE`; shape (b,)."""
    return np.array([tuple(map(float, astuple(one))) for one in behaviours], DTYPE)
