"""Lives in a place of fifty, where everybody witnesses everybody."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 6: no quantity in the causal past tells a village from a ring."
LAYOUT: Final = Layout(place=Place.OWN_TOWN)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        mates=10.0,
        near=0.0,
        remote=2.0,
        away=0.02,
    )
