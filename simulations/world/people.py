"""The people of a world: where each lives, to which crew they belong, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from simulations.strategies import Strategy, all_strategies
from simulations.world.layout import Layout, Place
from simulations.world.scenario import Group, Scenario

NEVER: Final = 2**30
"""A day that does not come."""
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class People:
    """All keys of a world, n of them, as columns of shape (n,)."""

    group: Numbers
    """Whose, by the scenario's order."""
    operator: Numbers
    """Who is behind it; numbers of their own."""
    town: Numbers
    """Where they live."""
    venue: Numbers
    """Where they are regulars; venues of one town follow each other."""
    crew: Numbers
    """Their crew, -1 for none."""
    born: Numbers
    """The first day."""
    gone: Numbers
    """The first day after."""

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self.group)


def strategy_of(group: Group) -> Strategy:
    """What a group does, with its own numbers."""
    strategy = all_strategies()[group.strategy].with_options(group.options)
    if group.crew is None:
        return strategy
    return replace(strategy, layout=replace(strategy.layout, crew=group.crew))


def first_day(scenario: Scenario, group: Group) -> int:
    """Since when a group is there: people from the first day on, bots from the attack."""
    if group.from_day is not None:
        return group.from_day
    return scenario.attack_day if strategy_of(group).behave(0).is_bot else 0


def people_of(scenario: Scenario, rng: Generator) -> People:
    """Everybody who will ever live there; honest people come first, and lie the same whoever comes
    besides.

    Raises KeyError for a strategy that there is not.
    """
    ordered = sorted(enumerate(scenario.groups), key=lambda one: not strategy_of(one[1]).is_honest)
    builder = _Builder(scenario, rng)
    for number, group in ordered:
        builder.settle(number, group, strategy_of(group))
    return builder.people()


def attacks_from(scenario: Scenario, group: Group) -> int:
    """The first day on which a group does what its strategy says."""
    first = first_day(scenario, group)
    return first if strategy_of(group).is_honest else max(first, scenario.attack_day)


def _is_anywhere(strategy: Strategy) -> bool:
    """Whether its people are townspeople, or would be if they attacked nobody."""
    if strategy.is_honest:
        return strategy.layout.place is Place.SPREAD
    return not strategy.behave(0).is_bot


class _Builder:
    def __init__(self, scenario: Scenario, rng: Generator) -> None:
        self._scenario, self._rng = scenario, rng
        self._columns: list[Sequence[NDArray[np.int64]]] = []
        self._operators = 0
        self._venues = scenario.venues
        people = sum(group.count for group in scenario.groups if _is_anywhere(strategy_of(group)))
        self._towns = max(1, round(people / scenario.town_size))
        self._next_town = self._towns
        self._crews: dict[str, int] = {}
        self._next_crew = 0

    def settle(self, number: int, group: Group, strategy: Strategy) -> None:
        layout = strategy.layout
        town, venue = self._homes(group.count, layout)
        crew = self._crew(group, layout)
        lives = self._lives(first_day(self._scenario, group), layout.rotate_days)
        times = layout.keys * len(lives)
        repeated = [np.repeat(column, times) for column in (town, venue, crew)]
        operator = np.repeat(np.arange(group.count) + self._operators, times)
        self._operators += group.count
        days = np.tile(np.repeat(np.array(lives), layout.keys, axis=0), (group.count, 1))
        size = group.count * times
        self._columns.append((np.full(size, number), operator, *repeated, days[:, 0], days[:, 1]))

    def people(self) -> People:
        columns = [
            np.concatenate(parts).astype(np.int32) for parts in zip(*self._columns, strict=True)
        ]
        return People(*columns)

    def _homes(self, count: int, layout: Layout) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        everybody = np.arange(count)
        if layout.place is Place.OWN_TOWN:
            towns = self._next_town + everybody // self._scenario.town_size
            venue = towns * self._venues + everybody // self._scenario.venue_size % self._venues
            self._next_town = int(towns.max(initial=self._next_town - 1)) + 1
            return towns, venue
        if layout.place is Place.TOGETHER:
            first = int(self._rng.integers(self._towns * self._venues))
            venue = (first + everybody // self._scenario.venue_size) % (self._towns * self._venues)
            return venue // self._venues, venue
        venue = self._rng.permutation(count) % (self._towns * self._venues)
        return venue // self._venues, venue

    def _crew(self, group: Group, layout: Layout) -> NDArray[np.int64]:
        if group.crew_of:
            return np.full(group.count, self._crews[group.crew_of])
        if layout.crew == 0:
            return np.full(group.count, -1)
        size = group.count if layout.crew < 0 else layout.crew
        crew = self._next_crew + np.arange(group.count) // max(size, 1)
        self._crews[group.name] = self._next_crew
        self._next_crew = int(crew.max(initial=self._next_crew - 1)) + 1
        return crew

    def _lives(self, born: int, rotate_days: int) -> list[tuple[int, int]]:
        if not rotate_days:
            return [(born, NEVER)]
        starts = range(born, self._scenario.days, rotate_days)
        return [(start, start + rotate_days) for start in starts] or [(born, NEVER)]
