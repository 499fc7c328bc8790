"""Plays with bots before keys that it rents from real people."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import CLOSED
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: bribery and puppeteers."
LAYOUT: Final = Layout(crew=-1)
BEHAVIOUR: Final = replace(CLOSED, by_hand=0.1, crew_seats=14.0, rates_crew=0.15)
