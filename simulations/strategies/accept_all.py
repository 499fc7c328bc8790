"""Accepts whatever it hears without looking."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say

SOURCE: Final = "SPEC 12: accept-all verifiers."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        says=Say.ACCEPT,
        says_of_crew=Say.ACCEPT,
    )
