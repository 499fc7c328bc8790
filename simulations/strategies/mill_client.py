"""Plays before a mill, with a bot, and now and then before honest people."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import Say
from simulations.world.bots import TIRELESS
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: verifier mills."
LAYOUT: Final = Layout(crew=-1)
BEHAVIOUR: Final = replace(
    TIRELESS, attends=0.5, claims_link=1.0, crew_seats=10.0, crew_share=0.9, says_of_crew=Say.SILENT
)
