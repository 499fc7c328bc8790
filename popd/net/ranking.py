"""Which of several paths to a peer should carry its messages."""

from dataclasses import dataclass
from typing import Final

UNKNOWN_ROUND_TRIP_US: Final = 10_000_000
"""A path whose first echo is still out comes after any that is measured."""
LOSS_STEP_PPM: Final = 125_000
"""Paths whose loss differs by less are alike."""
SETTLED_US: Final = 5_000_000
"""A path that is merely better must have been there for so long before it is changed to."""
GAIN: Final = 2
"""A path is merely better when its round trip, taken so many times, is still shorter."""
GAIN_US: Final = 5_000
"""And shorter by this much, too."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What speaks for and against a path."""

    is_failing: bool
    """Nothing came for too long."""
    is_relayed: bool
    """It leads through a third node."""
    loss_ppm: int
    """How many of its beats are lost."""
    round_trip_us: int | None
    """How long it takes there and back."""
    age_us: int
    """Since when it is open."""


def merit(standing: Standing) -> tuple[bool, bool, int, int]:
    """Sorts paths, the best first: living, direct, lossless, quick."""
    round_trip_us = standing.round_trip_us
    return (
        standing.is_failing,
        standing.is_relayed,
        standing.loss_ppm // LOSS_STEP_PPM,
        UNKNOWN_ROUND_TRIP_US if round_trip_us is None else round_trip_us,
    )


def is_worth_changing(present: Standing, other: Standing) -> bool:
    """Whether messages should move from the present path to the other.

    At once away from a failing one; otherwise only for a clear gain, as every change repeats what
    is on the way.
    """
    if present.is_failing != other.is_failing:
        return present.is_failing
    if present.is_failing or other.round_trip_us is None or other.age_us < SETTLED_US:
        return False
    if present.is_relayed != other.is_relayed:
        return present.is_relayed
    losses = (present.loss_ppm // LOSS_STEP_PPM, other.loss_ppm // LOSS_STEP_PPM)
    if losses[0] != losses[1]:
        return losses[0] > losses[1] + 1
    if present.round_trip_us is None:
        return True
    return GAIN * other.round_trip_us + GAIN_US < present.round_trip_us
