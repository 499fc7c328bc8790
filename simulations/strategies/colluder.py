"""A person in good standing who vouches for invented keys, and plays as others do."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say
from simulations.world.layout import Layout

SOURCE: Final = "Viswanath and others 2010: Sybils are bounded by their attack edges."
LAYOUT: Final = Layout(crew=-1)
BEHAVIOUR: Final = replace(
    TOWNSPERSON,
    claims_link=1.0,
    crew_open=0.3,
    crew_seats=20.0,
    crew_share=0.3,
    rates_crew=1.0,
    says_of_crew=Say.ACCEPT,
)
