"""Plays, and never witnesses anybody."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 12: withheld verdicts."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        attends=0.0,
    )
