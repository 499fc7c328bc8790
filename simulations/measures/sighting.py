"""Sightings: when attackers' keys stop counting for honest people, and who is taken for one.

A key is *seen* once most of an audience rejected its play three times, or once it is in a pocket of
trust as observers find them. A group is seen on the first day on which half of its keys are. A ring
that no honest person ever meets is never seen; nor do its words count for anybody.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.units import MILLISECONDS_PER_DAY
from simulations.engines.fast import World
from simulations.measures.observers import Numbers, Seen, look, observers_of
from simulations.world.people import strategy_of
from simulations.world.scenario import Scenario

FIRST_DAYS: Final = (1, 3, 7)
"""Days after an attack began on which is looked."""
LOOKS: Final = 4
"""How often then, spread over the rest of the run."""
REJECTIONS: Final = 3
"""Sessions that most of an audience rejected."""


@dataclass(slots=True)
class Sighting:
    """Looks at a world now and then; a `Watch` of the fast engine."""

    is_patient: bool = False
    """Only looks at the end."""
    observers: Numbers | None = None
    """Who looks."""
    last: Seen | None = None
    """What was seen last."""
    first_s: dict[str, float] = field(default_factory=dict)
    """Seconds from the attack until each group was seen."""

    def __call__(self, world: World) -> None:
        """After a day."""
        since = world.day - world.scenario.attack_day
        if since in looking_days(world.scenario, is_patient=self.is_patient):
            if self.observers is None:
                self.observers = observers_of(world)
            self.last = look(world, self.observers)
            seen = keys_seen(world, self.last)
            for number, group in enumerate(world.scenario.groups):
                alive = (world.people.group == number) & (world.people.born < world.day)
                alive &= world.people.gone >= world.day
                is_attack = not strategy_of(group).is_honest
                if is_attack and alive.any() and seen[alive].mean() >= 0.5:
                    seconds = since * MILLISECONDS_PER_DAY / 1_000
                    self.first_s.setdefault(strategy_of(group).name, seconds)


def looking_days(scenario: Scenario, *, is_patient: bool) -> frozenset[int]:
    """Days after the attack on which is looked, the last one always."""
    days = scenario.days - scenario.attack_day
    if is_patient:
        return frozenset({days})
    step = max(1, days // LOOKS)
    return frozenset({*(day for day in FIRST_DAYS if day <= days), *range(step, days, step), days})


def keys_seen(world: World, seen: Seen) -> NDArray[np.bool_]:
    """Whom observers hold apart; shape (n,)."""
    found: NDArray[np.bool_] = (world.state.refused >= REJECTIONS) | seen.in_pocket
    return found
