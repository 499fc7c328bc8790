"""The ground of a day: who lives where and does what, and from whom an audience is drawn."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulations.world.people import People

Numbers = NDArray[np.int32]


class Pool(NamedTuple):
    """People by place; who attends twice as often stands there twice."""

    start: Numbers
    """Shape (places + 1,): where each place's people begin."""
    members: Numbers
    """The people, place by place."""


class Ground(NamedTuple):
    """A day as plans are drawn from it; n people, b behaviours."""

    doing: Numbers
    """What each does; shape (n,)."""
    behaviours: NDArray[Any]
    """What that is; records, shape (b,)."""
    home: Numbers
    """Each one's venue; shape (n,), as the next two."""
    town: Numbers
    """Where each lives."""
    crew: Numbers
    """Each one's crew, -1 for none."""
    venues: int
    """Venues of a town."""
    by_venue: Pool
    """Who may be in an audience, by venue."""
    by_town: Pool
    """By town."""
    anywhere: Pool
    """All of them."""
    by_crew: Pool
    """Crews, in the order of their numbers, each person once."""


def ground_of(
    people: People,
    alive: NDArray[np.bool_],
    doing: Numbers,
    behaviours: NDArray[Any],
    venues: int,
) -> Ground:
    """The ground of one day; `alive` has shape (n,).

    Of fractions of a place, every so-manieth person has one.
    """
    attends = np.where(alive, behaviours["attends"][doing], 0.0)
    upto = np.floor(np.cumsum(attends) + 1e-9).astype(np.int64)
    times = upto - np.concatenate([[0], upto[:-1]])
    in_crew = np.where(people.crew >= 0, alive, False).astype(np.int64)
    nowhere = np.zeros(len(people), np.int32)
    return Ground(
        doing,
        behaviours,
        people.venue,
        people.town,
        people.crew,
        venues,
        _pool(people.venue, times),
        _pool(people.town, times),
        _pool(nowhere, times),
        _pool(people.crew, in_crew),
    )


def _pool(place: Numbers, times: NDArray[np.int64]) -> Pool:
    members = np.repeat(np.arange(len(place), dtype=np.int32), times)
    order = np.argsort(place[members], kind="stable")
    members = members[order]
    places = int(place.max(initial=0)) + 1
    start = np.zeros(places + 1, np.int32)
    np.cumsum(np.bincount(place[members], minlength=places), out=start[1:])
    return Pool(start, members)
