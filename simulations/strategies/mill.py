"""A verifier whose only trade is to accept whatever its clients play."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: verifier mills."
LAYOUT: Final = Layout(crew=-1)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=0.0,
        attends=0.5,
        says=Say.HONEST,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
        rates_crew=1.0,
        is_bot=1.0,
    )
