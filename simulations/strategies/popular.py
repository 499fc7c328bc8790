"""Draws a crowd: full houses, and many who rate."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 6: ratings by the crowd."
BEHAVIOUR: Final = replace(TOWNSPERSON, mates=14.0, near=8.0)
