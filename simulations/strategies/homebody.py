"""Plays at home, always before the same few friends, and hardly ever before others."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 6: the same ten people; a band of four is one too."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=10)
BEHAVIOUR: Final = replace(TOWNSPERSON, away=0.0, crew_open=0.25, crew_seats=9.0, crew_share=1.0)
