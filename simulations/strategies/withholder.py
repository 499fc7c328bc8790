"""A ring that shows honest witnesses its tickets only seldom, so that its own are drawn."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import MINGLING
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: withheld tickets; the law pays revealed over opened."
LAYOUT: Final = Layout(crew=30)
BEHAVIOUR: Final = replace(MINGLING, crew_open=0.5, crew_seats=12.0, crew_share=1.0, withholds=0.9)
