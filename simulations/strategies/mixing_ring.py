"""A ring of bots that plays one session in ten before honest people, and witnesses them."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: rings that mix in honest play."
LAYOUT: Final = Layout(crew=30)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
        crew_share=0.9,
        crew_seats=20.0,
        attends=1.0,
        says=Say.HONEST,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
        rates_crew=1.0,
    )
