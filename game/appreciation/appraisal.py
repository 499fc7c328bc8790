"""An appraisal: what somebody did or wrote while listening, turned into a score with reasons."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from consensus.entries.appreciation import Modality
from consensus.units import Ppm

MAX_TAPS: Final = 8_192
"""Taps that are looked at: an hour at more than two a second."""
MAX_COMMENT: Final = 280
"""Characters of a comment."""


class NothingToAppraiseError(Exception):
    """There is too little to make a score of; the message says what more is needed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of one listener."""

    taps_ms: tuple[float, ...] = ()
    """When they tapped along, ascending, by any clock that runs evenly."""
    beat_ms: float = 0.0
    """How long a beat of the music is; 0 where that is not known."""
    comment: str = ""
    """What they wrote."""


class Appraisal(NamedTuple):
    """A score, and why."""

    score_ppm: Ppm
    """From not at all to entirely."""
    why: tuple[str, ...]
    """Sentences for the listener, the most telling first."""


class Way(NamedTuple):
    """A way to come to a score."""

    name: str
    """As ratings state it, with its version."""
    label: str
    """For people."""
    modality: Modality
    """What it goes by."""
    about: str
    """How it works, in a sentence."""
