"""The fast engine: a world day by day, in arrays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.trust.graph import HALF_LIFE_DAYS
from simulations.world.kernels import carry_out, move
from simulations.world.law import Law, law_of, quality_of
from simulations.world.people import People, attacks_from, people_of, strategy_of
from simulations.world.plan import SEATS
from simulations.world.planning import Planner
from simulations.world.rows import (
    LOAD,
    Books,
    Pairs,
    State,
    Today,
    begin_day,
    empty_pairs,
    empty_state,
    places_for,
)
from simulations.world.scenario import Scenario

SWEEP_DAYS: Final = 7
"""For how long room is made at least."""
LEAST_WEIGHT: Final = 1e-3
"""Acknowledgements that faded below say nothing."""
LAYING_OUT: Final = 3
"""The purpose of the chance by which people are laid out."""


@dataclass(slots=True)
class World:
    """A world while it runs."""

    scenario: Scenario
    """What it was made from."""
    people: People
    """Who lives there."""
    planner: Planner
    """What they do."""
    law: Law
    """What it makes."""
    pairs: Pairs
    """What they have been to each other."""
    state: State
    """What else the law remembers."""
    day: int = 0
    """The next day."""

    @property
    def growth(self) -> float:
        """What a word of the next day weighs as of day 0."""
        return float(2.0 ** (self.day / HALF_LIFE_DAYS))


Watch = Callable[[World], None]
"""Looks at the world after a day."""


def world_of(scenario: Scenario, seed: int, law: Law | None = None) -> World:
    """A world before its first day, under another law than its own if one is given.

    Raises KeyError for a strategy that there is not.
    """
    people = people_of(scenario, np.random.default_rng([seed, LAYING_OUT]))
    strategies = tuple(
        strategy_of(group).since(attacks_from(scenario, group)) for group in scenario.groups
    )
    planner = Planner(people, strategies, people.group.copy(), scenario.venues, seed)
    pairs, state = empty_pairs(places_for(0)), empty_state(len(people))
    return World(scenario, people, planner, law or law_of(scenario.params), pairs, state)


def live(world: World) -> None:
    """Lets one day pass."""
    day, state = world.day, world.state
    plan = world.planner.plan(day)
    more = len(plan.performer) * SEATS
    if state.rows[0] + more > LOAD * len(world.pairs):
        _sweep(world, more * SWEEP_DAYS)
    begin_day(state, day)
    today = Today(day, world.planner.seed, day >= world.scenario.attack_day, world.growth)
    books = Books(world.law, today, world.pairs, state)
    carry_out(plan, quality_of(plan.accuracy), books)
    world.day += 1


def run(scenario: Scenario, seed: int, watch: Watch | None = None) -> World:
    """A whole run; `watch` is called after each day."""
    world = world_of(scenario, seed)
    while world.day < scenario.days:
        live(world)
        if watch is not None:
            watch(world)
    return world


def _sweep(world: World, more: int) -> None:
    """Lets go of what says nothing any more, and makes room for more rows."""
    fresh = empty_pairs(places_for(int(world.state.rows[0]) + more))
    world.state.rows[0] = move(world.pairs, world.day, LEAST_WEIGHT * world.growth, fresh)
    world.pairs = fresh
