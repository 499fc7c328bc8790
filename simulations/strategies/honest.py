"""A townsperson: plays three evenings a week among regulars, and witnesses who plays there."""

from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour

SOURCE: Final = "SPEC 6: the measure of all others."


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return TOWNSPERSON
