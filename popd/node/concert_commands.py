"""What a user does with concerts: gathers one, and says what the people here make of it."""

from dataclasses import dataclass

from consensus.entries.appreciation import Guest, Modality
from consensus.identifiers import ContentId, IdentityId
from consensus.units import Ppm
from popd.node.messages.concerts import ConcertId, Phase


@dataclass(frozen=True, slots=True)
class OpenConcert:
    """Command: announce a concert; every session until its reveal belongs to it."""

    concert: ConcertId
    """Follows from the user and `name_salt`: `concert_id`."""
    name: str
    """At most 64 bytes."""
    name_salt: bytes
    """16 fresh random bytes."""
    tags: tuple[str, ...]
    """From the vocabulary."""
    expected: int
    """How many listeners, at most 100,000."""
    performers: tuple[tuple[IdentityId, Ppm], ...] = ()
    """Who shares, the user among them; empty for the user alone."""


@dataclass(frozen=True, slots=True)
class SetConcertPhase:
    """Command: the concert goes on, or a locked one is opened again."""

    concert: ConcertId
    """Which."""
    phase: Phase
    """To what."""


@dataclass(frozen=True, slots=True)
class FinishConcert:
    """Command: write the pages now, with what there is."""

    concert: ConcertId
    """Which."""


@dataclass(frozen=True, slots=True)
class GiveOpinion:
    """Command: somebody here says what they make of it; kept here until the reveal."""

    concert: ConcertId
    """Which."""
    performer: IdentityId
    """Who is rated."""
    score_ppm: Ppm
    """From not at all to entirely."""
    tags: tuple[str, ...]
    """What it felt like, from the vocabulary."""
    modality: Modality
    """How the score came about."""
    method: str
    """By which measure; empty where a person chose."""
    comment_text: str
    """At most 280 characters; empty for nothing."""
    comment_salt: bytes
    """16 fresh random bytes."""
    salt: bytes
    """16 fresh random bytes."""
    guest: Guest | None = None
    """Who says so; None for the user."""


@dataclass(frozen=True, slots=True)
class HideComment:
    """Command of the gatherer: take a comment down, or let it be seen again."""

    concert: ConcertId
    """Which."""
    comment: ContentId
    """Which comment."""
    is_hidden: bool
    """Whether it is to be hidden."""


@dataclass(frozen=True, slots=True)
class Applaud:
    """Command: how people here tapped along in the last second."""

    concert: ConcertId
    """Which."""
    people: int
    """How many."""
    taps: int
    """How often, together."""
    energy_ppm: Ppm
    """How much, on average."""


ConcertCommand = OpenConcert | SetConcertPhase | FinishConcert | GiveOpinion | HideComment | Applaud
