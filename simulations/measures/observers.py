"""Observers: some honest people, and how near everybody is to each, by the daemon's own code."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from consensus.trust.arrays import Changes
from consensus.trust.graph import Id
from consensus.trust.index import TrustIndex
from simulations.engines.fast import World
from simulations.measures.lived import Lived
from simulations.world.people import strategy_of
from simulations.world.rows import used

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
OBSERVERS: Final = 5
"""The purpose of the chance by which observers are drawn."""


class Seen(NamedTuple):
    """Everybody in the eyes of o observers."""

    observers: Numbers
    """Who looks; shape (o,)."""
    near: Floats
    """How near everybody is to each; shape (o, n)."""
    in_pocket: NDArray[np.bool_]
    """Who is in a pocket that lets in little; shape (n,)."""


def observers_of(world: Lived) -> Numbers:
    """Honest people of all towns, by their size, who are there from the first day."""
    people = world.people
    honest = np.array([strategy_of(group).is_honest for group in world.scenario.groups])
    able = np.flatnonzero(honest[people.group] & (people.born == 0))
    rng = np.random.default_rng([world.planner.seed, OBSERVERS])
    able = rng.permutation(able)
    able = able[np.argsort(people.town[able], kind="stable")]
    count = min(world.scenario.observers, len(able))
    middles = (np.arange(count) + 0.5) * len(able) / max(count, 1)
    return np.sort(able[middles.astype(np.int64)])


def look(world: World, observers: Numbers) -> Seen:
    """What observers see after the last day; pockets are those that matter to one of them."""
    return seen_by(index_of(world), range(len(world.people)), observers)


def seen_by(index: TrustIndex[Id], names: Sequence[Id], observers: Numbers) -> Seen:
    """What observers see of all people, whose names in the index are given by number."""
    index.find_pockets(*(names[observer] for observer in observers.tolist()))
    place = {name: number for number, name in enumerate(names)}
    people = np.array([place[name] for name in index.people], np.int64)
    known = {name: number for number, name in enumerate(index.people)}
    near = np.zeros((len(observers), len(names)))
    for row, observer in zip(near, observers.tolist(), strict=True):
        if names[observer] in known:
            numbers, scores = index.near(known[names[observer]])
            row[people[numbers]] = scores
        row[observer] = 0.0
    in_pocket = np.zeros(len(names), np.bool_)
    for pocket in index.pockets:
        in_pocket[people[pocket.members]] = pocket.carried < 1
    return Seen(observers, near, in_pocket)


def index_of(world: World) -> TrustIndex[int]:
    """Who acknowledged whom, faded to now."""
    pairs, size = world.pairs, len(world.people)
    rows = used(pairs)
    performer, verifier = (rows["key"] - 1) // size, (rows["key"] - 1) % size
    given = (rows["given"] - rows["against"]) / world.growth
    returned = rows["returned"] / world.growth
    source = np.concatenate([verifier, performer])
    target = np.concatenate([performer, verifier])
    weight = np.concatenate([given, returned])
    known = (weight != 0) & (source != target)
    return TrustIndex.of_edges(
        range(size), _summed(source[known], target[known], weight[known], size)
    )


def _summed(source: Numbers, target: Numbers, weight: Floats, size: int) -> Changes:
    keys, where = np.unique(source * size + target, return_inverse=True)
    total = np.maximum(np.bincount(where, weights=weight), 0.0)
    keys, total = keys[total > 0], total[total > 0]
    return Changes(keys // size, keys % size, total, total.copy())
