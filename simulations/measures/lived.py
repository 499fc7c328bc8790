"""What measures ask of a world that was lived, by whichever engine."""

from typing import Protocol

from simulations.world.people import People
from simulations.world.planning import Planner
from simulations.world.rows import State
from simulations.world.scenario import Scenario


class Lived(Protocol):
    """A world after some days."""

    @property
    def scenario(self) -> Scenario:
        """What it was made from."""

    @property
    def people(self) -> People:
        """Who lives there."""

    @property
    def planner(self) -> Planner:
        """What they do."""

    @property
    def state(self) -> State:
        """Of it: windows, refused and minted, since measuring began."""
