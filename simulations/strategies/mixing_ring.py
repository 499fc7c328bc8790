"""A ring of bots that plays one session in ten before honest people, and witnesses them."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import MINGLING
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: rings that mix in honest play."
LAYOUT: Final = Layout(crew=30)
BEHAVIOUR: Final = replace(MINGLING, rates_crew=1.0)
