"""Lives in a place of fifty, where everybody witnesses everybody."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON
from simulations.world.layout import Layout, Place

SOURCE: Final = "SPEC 6: no quantity in the causal past tells a village from a ring."
LAYOUT: Final = Layout(place=Place.OWN_TOWN)
BEHAVIOUR: Final = replace(TOWNSPERSON, away=0.02, mates=10.0, near=0.0)
