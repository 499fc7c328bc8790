"""Plays eight hours a day."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 6: the daily decay; SPEC 12: marathon."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=56.0,
        sessions_per_evening=8.0,
        windows=30.0,
    )
