"""A bot that plays as much as people do, before honest people."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 7: replayed, precomputed and bot play."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
    )
