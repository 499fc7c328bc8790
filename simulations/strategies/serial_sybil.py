"""Invented keys that live a week each, one after the other, for their colluders."""

from typing import Final

from simulations.world.bots import CLOSED
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 12: Sybils, serial."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=-1, rotate_days=7)
BEHAVIOUR: Final = CLOSED
