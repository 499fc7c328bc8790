"""Plays eight hours a day."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 6: the daily decay; SPEC 12: marathon."
BEHAVIOUR: Final = replace(
    TOWNSPERSON, sessions_per_evening=8.0, sessions_per_week=56.0, windows=30.0
)
