"""Draws a crowd: full houses, and many who rate."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 6: ratings by the crowd."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        mates=14.0,
        near=8.0,
        remote=2.0,
        rates=0.15,
    )
