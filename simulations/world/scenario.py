"""Scenarios: who lives in a world, from when on, and under which law; plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from consensus.parameters import MAIN, NetworkParams

MAX_PEOPLE: Final = 1_000_000
MAX_DAYS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Group:
    """People who do alike."""

    name: str
    """How results call them."""
    strategy: str
    """What they do; a name of `simulations.strategies`."""
    count: int
    """How many operators; people, or what stands for one."""
    crew: int | None = None
    """How large a crew is; None as the strategy says, 0 for none."""
    crew_of: str = ""
    """Another group in whose crews these are; empty for their own."""
    from_day: int | None = None
    """Since when; None for the first day if honest, else the scenario's attack."""
    options: Mapping[str, float] = field(default_factory=dict)
    """Numbers of `Behaviour` and `Layout` that differ from the strategy's."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world, and what is done in it."""

    name: str
    """Its name in commands and folders."""
    title: str
    """One line."""
    groups: tuple[Group, ...]
    """Who lives there."""
    about: str = ""
    """What it asks."""
    days: int = 90
    """How long it runs."""
    attack_day: int = 30
    """When attackers come."""
    town_size: int = 500
    """People of a town."""
    venue_size: int = 50
    """Regulars of a venue."""
    observers: int = 36
    """Honest people in whose eyes is measured; drawn over all towns."""
    law: Mapping[str, float] = field(default_factory=dict)
    """Parameters of the law that differ from the shipped ones."""

    @property
    def venues(self) -> int:
        """Venues of a town."""
        return max(1, self.town_size // self.venue_size)

    @property
    def params(self) -> NetworkParams:
        """The law of this world."""
        law: dict[str, Any] = {name: int(value) for name, value in self.law.items()}
        return replace(MAIN, **law)
