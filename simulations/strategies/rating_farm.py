"""Keys that play little, and give each other full scores."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import Say
from simulations.world.bots import CLOSED
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: rating farms."
LAYOUT: Final = Layout(crew=30)
BEHAVIOUR: Final = replace(
    CLOSED,
    attends=0.5,
    crew_seats=18.0,
    crew_share=0.8,
    rates=0.5,
    says=Say.HONEST,
    sessions_per_week=6.0,
    windows=1.5,
)
