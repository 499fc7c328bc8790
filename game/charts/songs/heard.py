"""A tone as it is heard, in time, and whose hand it is for."""

from enum import IntEnum
from typing import NamedTuple


class Hand(IntEnum):
    """A hand of the player."""

    EITHER = 0
    LEFT = 1
    RIGHT = 2


class Place(IntEnum):
    """Where in the metre a tone begins."""

    INSIDE = 0
    BAR = 1
    """The first beat of a bar."""
    STRONG = 2
    """The first beat of a strong bar."""


class Heard(NamedTuple):
    """A tone as it is heard; in order of time."""

    start_us: int
    """When it begins."""
    end_us: int
    """When it ends."""
    pitch: int
    """MIDI pitch; of a drum, which drum."""
    is_held: bool
    """Whether the score says that the player is to hold it."""
    place: Place
    """Where in the metre it begins."""
    part: str
    """What it is of the music: melody, bass, snare ..."""
    hand: Hand = Hand.EITHER
    """Whose it is, in songs of two beats."""
