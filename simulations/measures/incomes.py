"""Incomes: what came in since measuring began, at face and in each observer's eyes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from consensus.units import MILLION
from simulations.engines.fast import World
from simulations.measures.observers import Seen

Floats = NDArray[np.float64]


class Incomes(NamedTuple):
    """What n people got, in uJAM."""

    face: Floats
    """At face; shape (n,)."""
    valued: Floats
    """As each of o observers values it; shape (o, n)."""


def incomes_of(world: World, seen: Seen) -> Incomes:
    """A lot is worth the sum of its words, each by how near its giver is; who has a part of a lot
    has that part of its worth. A verifier's part is valued by all lots of the performer together.
    """
    pairs, size = world.pairs, len(world.people)
    rows = pairs[pairs["played"] + pairs["praised"] > 0]
    performer, verifier = (rows["key"] - 1) // size, (rows["key"] - 1) % size
    played, rated = rows["played"], rows["praised"]
    own = world.scenario.params.performer_share_ppm / MILLION
    total = np.bincount(performer, weights=played, minlength=size)
    praised = np.bincount(performer, weights=rated, minlength=size)
    words = np.bincount(verifier, weights=played, minlength=size)
    valued = np.zeros((len(seen.observers), size))
    for row, near in zip(valued, seen.near, strict=True):
        by_play = np.bincount(performer, weights=played * near[verifier], minlength=size)
        by_praise = np.bincount(performer, weights=rated * near[verifier], minlength=size)
        mean = np.divide(by_play, total, out=np.zeros(size), where=total > 0)
        shares = np.bincount(verifier, weights=played * mean[performer], minlength=size)
        row[:] = own * by_play + by_praise + (1 - own) * shares
    return Incomes(own * total + praised + (1 - own) * words, valued)
