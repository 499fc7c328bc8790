"""A bot that sits in every audience and accepts everything, for the witness's fifth."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say

SOURCE: Final = "SPEC 12: verifier farmers."
BEHAVIOUR: Final = replace(
    TOWNSPERSON, attends=20.0, is_bot=1.0, says=Say.ACCEPT, sessions_per_week=0.0
)
