"""Plays in another venue every other evening, often in another town."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 6."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        away=0.5,
    )
