"""Plays with bots before keys that it rents from real people."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: bribery and puppeteers."
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
        crew_share=1.0,
        crew_seats=14.0,
        attends=0.0,
        says=Say.SILENT,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
    )
