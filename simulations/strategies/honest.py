"""A townsperson: plays three evenings a week among regulars, and witnesses who plays there."""

from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 6: the measure of all others."
BEHAVIOUR: Final = TOWNSPERSON
