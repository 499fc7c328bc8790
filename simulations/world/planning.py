"""Planning: what people of some strategies do, day after day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulations.strategies import Strategy
from simulations.world.behaviour import records
from simulations.world.ground import Ground, ground_of
from simulations.world.kernels import WEEK, fill
from simulations.world.people import People
from simulations.world.plan import Plan, cut, empty


@dataclass(slots=True)
class Planner:
    """Plans day after day for some people."""

    people: People
    """Everybody."""
    strategies: tuple[Strategy, ...]
    """All that are done."""
    doing: NDArray[np.int32]
    """What each does, by its place in `strategies`; shape (n,). It may be changed."""
    venues: int
    """Venues of a town."""
    seed: int
    """Of all streams."""
    _ground: tuple[bytes, Ground] | None = None

    def plan(self, day: int) -> Plan:
        """The sessions of a day."""
        alive = (self.people.born <= day) & (day < self.people.gone)
        ground = self._ground_of(day, alive)
        sessions = ground.behaviours["sessions_per_week"][self.doing][alive].sum() / WEEK
        order = np.random.default_rng([self.seed, day]).permutation(np.flatnonzero(alive))
        plan = empty(int(sessions + 8 * np.sqrt(sessions + 1)) + 16)
        return cut(plan, fill(plan, ground, order, day, self.seed))

    def _ground_of(self, day: int, alive: NDArray[np.bool_]) -> Ground:
        """Laid out anew only where somebody came, went, or does something else."""
        behaviours = records(one.behave(day) for one in self.strategies)
        mark = alive.tobytes() + self.doing.tobytes() + behaviours.tobytes()
        if self._ground is None or self._ground[0] != mark:
            ground = ground_of(self.people, alive, self.doing.copy(), behaviours, self.venues)
            self._ground = mark, ground
        return self._ground[1]
