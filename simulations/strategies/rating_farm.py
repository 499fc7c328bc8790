"""Keys that play little, and give each other full scores."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: rating farms."
LAYOUT: Final = Layout(crew=30)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=6.0,
        windows=1.5,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
        crew_share=0.8,
        crew_seats=18.0,
        attends=0.5,
        says=Say.HONEST,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
        rates=0.5,
        rates_crew=1.0,
    )
