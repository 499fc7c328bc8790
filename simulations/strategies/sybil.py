"""An invented key that its colluders and the other keys witness."""

from typing import Final

from simulations.world.bots import CLOSED
from simulations.world.layout import Layout, Place

SOURCE: Final = "Douceur 2002."
LAYOUT: Final = Layout(place=Place.TOGETHER, crew=-1)
BEHAVIOUR: Final = CLOSED
