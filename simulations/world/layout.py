"""Layouts: how people of one strategy lie in the world, which stays as it is for a run."""

from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """Where they live."""

    SPREAD = "spread"
    """In all towns alike."""
    TOGETHER = "together"
    """In one venue, as long as there is room, then in the next."""
    OWN_TOWN = "own town"
    """In towns of their own."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One strategy's."""

    place: Place = Place.SPREAD
    """Where they live."""
    crew: int = 0
    """How many make a crew; 0 for nobody, -1 for all of the group."""
    keys: int = 1
    """Keys that one operator has at a time."""
    rotate_days: int = 0
    """After how many days an operator's keys are thrown away for fresh ones; 0 for never."""
