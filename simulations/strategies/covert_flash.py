"""Bots that live as townspeople for a month, and then turn into a ring at once."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import Behaviour
from simulations.world.bots import BOT, MINGLING
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: covert flash (Alvisi and others 2013 on attacks that first blend in)."
LAYOUT: Final = Layout(crew=30)
COVERT_DAYS: Final = 30
"""How long they blend in."""


def behave(day: int) -> Behaviour:
    """First an ordinary life, played by a machine, then the ring's."""
    return BOT if day < COVERT_DAYS else replace(MINGLING, crew_share=1.0, rates_crew=1.0)
