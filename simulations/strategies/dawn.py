"""Plays when hardly anybody is awake, so that most of the audience is its own."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: attack at dawn."
LAYOUT: Final = Layout(crew=30)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
        crew_share=1.0,
        crew_seats=12.0,
        crew_open=0.2,
        attends=1.0,
        says=Say.HONEST,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
    )
