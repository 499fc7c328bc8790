"""Plays long evenings, cut into many sessions of one window so that none looks long."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON

SOURCE: Final = "SPEC 12: session splitting."
BEHAVIOUR: Final = replace(
    TOWNSPERSON, sessions_per_evening=10.0, sessions_per_week=30.0, windows=1.0
)
