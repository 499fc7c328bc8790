"""Plays in another venue every other evening, often in another town."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 6."
BEHAVIOUR: Final = replace(TOWNSPERSON, away=0.5)
