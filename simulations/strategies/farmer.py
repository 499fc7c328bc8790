"""A bot that sits in every audience and accepts everything, for the witness's fifth."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say

SOURCE: Final = "SPEC 12: verifier farmers."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=0.0,
        attends=20.0,
        says=Say.ACCEPT,
        is_bot=1.0,
    )
