"""A ring that shows honest witnesses its tickets only seldom, so that its own are drawn."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: withheld tickets; the law pays revealed over opened."
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
        crew_open=0.5,
        withholds=0.9,
        attends=1.0,
        says=Say.HONEST,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
    )
