"""One person with two keys that witness each other."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: two keys."
LAYOUT: Final = Layout(crew=1, keys=2)
BEHAVIOUR: Final = replace(
    TOWNSPERSON,
    claims_link=1.0,
    crew_open=1.0,
    crew_seats=2.0,
    crew_share=1.0,
    rates_crew=1.0,
    says_of_crew=Say.ACCEPT,
    sessions_per_week=1.5,
)
