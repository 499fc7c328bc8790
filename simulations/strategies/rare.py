"""Plays once in two weeks."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 6: whoever plays seldom is nobody's regular."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=0.5,
        attends=0.3,
    )
