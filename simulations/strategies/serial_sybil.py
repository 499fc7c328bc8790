"""Invented keys that live a week each, one after the other, for their colluders."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 12: Sybils, serial."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=-1, rotate_days=7)


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
        crew_seats=20.0,
        attends=0.0,
        says=Say.SILENT,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
        rates_crew=1.0,
    )
