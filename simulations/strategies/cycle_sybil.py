"""Invented keys in a circle: each is witnessed by those who come next."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import CLOSED
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 12: Sybils, cycle."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=-1)
BEHAVIOUR: Final = replace(CLOSED, is_one_way=1.0)
