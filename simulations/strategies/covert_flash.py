"""Bots that live as townspeople for a month, and then turn into a ring at once."""

from dataclasses import replace
from typing import Final

from simulations.strategies import mixing_ring
from simulations.world.behaviour import TOWNSPERSON, Behaviour
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: covert flash (Alvisi and others 2013 on attacks that first blend in)."
LAYOUT: Final = Layout(crew=30)
COVERT_DAYS: Final = 30
"""How long they blend in."""


def behave(day: int) -> Behaviour:
    """First an ordinary life, played by a machine, then the ring's."""
    if day < COVERT_DAYS:
        return replace(TOWNSPERSON, accuracy=0.97, suspected=0.1, is_bot=1.0)
    return replace(mixing_ring.behave(day), crew_share=1.0)
