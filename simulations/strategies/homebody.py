"""Plays at home, always before the same few friends, and hardly ever before others."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 6: the same ten people; a band of four is one too."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=10)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        crew_share=1.0,
        crew_seats=9.0,
        crew_open=0.25,
        away=0.0,
    )
