"""Cuts the same evening into many sessions of one window."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 12: session splitting."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        sessions_per_week=9.0,
        sessions_per_evening=3.0,
        windows=1.0,
    )
