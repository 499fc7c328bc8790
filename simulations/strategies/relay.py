"""Friends in distant towns who claim to sit together."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: relayed presence."
LAYOUT: Final = Layout(crew=12)
BEHAVIOUR: Final = replace(
    TOWNSPERSON, claims_link=1.0, crew_open=0.5, crew_seats=8.0, crew_share=1.0
)
