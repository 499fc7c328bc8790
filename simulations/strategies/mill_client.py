"""Plays before a mill, with a bot, and now and then before honest people."""

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
        sessions_per_week=14.0,
        windows=10.0,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
        crew_share=0.9,
        crew_seats=10.0,
        attends=0.5,
        says=Say.HONEST,
        says_of_crew=Say.SILENT,
        claims_link=1.0,
    )
