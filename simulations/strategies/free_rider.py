"""Plays, and never witnesses anybody."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 12: withheld verdicts."
BEHAVIOUR: Final = replace(TOWNSPERSON, attends=0.0)
