"""A verifier whose only trade is to accept whatever its clients play."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: verifier mills."
LAYOUT: Final = Layout(crew=-1)
BEHAVIOUR: Final = replace(
    TOWNSPERSON,
    attends=0.5,
    by_hand=1.0,
    claims_link=1.0,
    is_bot=1.0,
    rates_crew=1.0,
    says_of_crew=Say.ACCEPT,
    sessions_per_week=0.0,
)
