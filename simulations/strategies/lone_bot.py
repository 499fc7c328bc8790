"""A bot that plays all day before honest people."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 7: replayed, precomputed and bot play."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=14.0,
        windows=10.0,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
    )
