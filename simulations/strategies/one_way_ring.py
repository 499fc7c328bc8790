"""A ring in which nobody witnesses back whom they are witnessed by."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import MINGLING
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: one-way rings; asymmetric acknowledgement evades similarity."
LAYOUT: Final = Layout(crew=30)
BEHAVIOUR: Final = replace(MINGLING, crew_seats=14.0, is_one_way=1.0)
