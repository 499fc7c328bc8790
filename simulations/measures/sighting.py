"""Sightings: when attackers' keys stop counting for honest people, and who is taken for one.

A key is *seen* once detectors or people rejected its play three times, once it is in a pocket, or
once no observer is nearer to it than to hardly anybody: its words then add next to nothing to any
coin. A group is seen on the first day on which half of its keys are.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.units import MILLISECONDS_PER_DAY
from simulations.engines.fast import World
from simulations.measures.observers import Numbers, Seen, look, observers_of
from simulations.world.people import strategy_of

FIRST_DAYS: Final = (1, 2, 4, 7)
"""Days after an attack began on which is looked; then every week."""
LOOKS: Final = 12
"""No more often than this, spread over the rest of the run."""
REJECTIONS: Final = 3
"""Rejected words against a key's play that anybody can count."""
HARDLY: Final = 0.1
"""Of what the median townsperson is to the observer nearest to them."""


@dataclass(slots=True)
class Sighting:
    """Looks at a world now and then; a `Watch` of the fast engine."""

    observers: Numbers | None = None
    """Who looks."""
    last: Seen | None = None
    """What was seen last."""
    first_s: dict[str, float] = field(default_factory=dict)
    """Seconds from the attack until each group was seen."""

    def __call__(self, world: World) -> None:
        """After a day."""
        since = world.day - world.scenario.attack_day
        if since in looking_days(world.scenario.days - world.scenario.attack_day):
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


def looking_days(days: int) -> frozenset[int]:
    """Days after an attack on which is looked, the last one always."""
    step = max(7, days // LOOKS)
    return frozenset({*(day for day in FIRST_DAYS if day <= days), *range(step, days, step), days})


def keys_seen(world: World, seen: Seen) -> NDArray[np.bool_]:
    """Whose words count for nothing; shape (n,)."""
    nearest = seen.near.max(axis=0)
    plain = np.array([strategy_of(group).is_honest for group in world.scenario.groups])
    ordinary = np.median(nearest[plain[world.people.group] & (world.people.born == 0)])
    is_rejected = world.state.refused >= REJECTIONS
    found: NDArray[np.bool_] = is_rejected | seen.in_pocket | (nearest < HARDLY * ordinary)
    return found
