"""Plays once in two weeks."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 6: whoever plays seldom is nobody's regular."
BEHAVIOUR: Final = replace(TOWNSPERSON, attends=0.3, sessions_per_week=0.5)
