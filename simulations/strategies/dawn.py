"""Plays when hardly anybody is awake, so that most of the audience is its own."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import MINGLING
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: attack at dawn."
LAYOUT: Final = Layout(crew=30)
BEHAVIOUR: Final = replace(MINGLING, crew_open=0.2, crew_seats=12.0, crew_share=1.0)
