"""A ring of keys run by bots that witness only each other, all day."""

from typing import Final

from simulations.world.bots import CLOSED
from simulations.world.layout import Layout, Place

SOURCE: Final = "Rings of hotspots that gamed Helium (HIP 44)."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=30)
BEHAVIOUR: Final = CLOSED
