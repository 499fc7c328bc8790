"""At home in two places: witnesses and plays in its own town and all over the world."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 8: respected in several clusters counts more than in one."
BEHAVIOUR: Final = replace(TOWNSPERSON, attends=2.0, away=0.3, mates=4.0, remote=6.0)
