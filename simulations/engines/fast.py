"""The fast engine: a world day by day, in arrays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.trust.graph import HALF_LIFE_DAYS
from simulations.world.kernels import (
    AGAINST,
    DAY,
    GIVEN,
    PLAYED,
    PRAISED,
    RETURNED,
    carry_out,
    move,
)
from simulations.world.law import Law, law_of, quality_of
from simulations.world.people import People, first_day, people_of, strategy_of
from simulations.world.plan import SEATS
from simulations.world.planning import Planner
from simulations.world.rows import (
    BUDGET_DAYS,
    FREE,
    LOAD,
    REMEMBERED_DAYS,
    Books,
    Pairs,
    State,
    Today,
    empty_pairs,
    empty_state,
    places_for,
)
from simulations.world.scenario import Scenario

SWEEP_DAYS: Final = 7
"""How often rows that say nothing any more are swept out."""
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


def world_of(scenario: Scenario, seed: int) -> World:
    """A world before its first day; raises KeyError for a strategy that there is not."""
    people = people_of(scenario, np.random.default_rng([seed, LAYING_OUT]))
    strategies = tuple(
        strategy_of(group).since(first_day(scenario, group)) for group in scenario.groups
    )
    planner = Planner(people, strategies, people.group.copy(), scenario.venues, seed)
    pairs, state = empty_pairs(places_for(0)), empty_state(len(people))
    return World(scenario, people, planner, law_of(scenario.params), pairs, state)


def live(world: World) -> None:
    """Lets one day pass."""
    day, state = world.day, world.state
    plan = world.planner.plan(day)
    if day % SWEEP_DAYS == 0:
        world.pairs = _moved(world.pairs, _living(world), len(plan.performer) * SEATS)
    used = int((world.pairs.key != FREE).sum())
    if used + len(plan.performer) * SEATS > LOAD * len(world.pairs.key):
        world.pairs = _moved(world.pairs, world.pairs.key != FREE, len(world.pairs.key))
    state.blocks_today[:] = 0
    state.spent[:, day % BUDGET_DAYS] = 0.0
    state.praised[:, day % BUDGET_DAYS] = 0.0
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


def _living(world: World) -> NDArray[np.bool_]:
    """Which places still say something; shape (c,)."""
    pairs = world.pairs
    is_fresh = pairs.days[:, DAY] > world.day - REMEMBERED_DAYS // 2 - 1
    is_known = pairs.sums[:, (GIVEN, RETURNED, AGAINST)].max(axis=1) > LEAST_WEIGHT * world.growth
    is_paid = pairs.sums[:, (PLAYED, PRAISED)].any(axis=1)
    found: NDArray[np.bool_] = (is_fresh | is_known | is_paid) & (pairs.key != FREE)
    return found


def _moved(pairs: Pairs, keep: NDArray[np.bool_], more: int) -> Pairs:
    used = np.flatnonzero(keep)
    fresh = empty_pairs(places_for(len(used) + more))
    move(pairs, used, fresh)
    return fresh
