"""Disputes as JSON. Amounts are uJAM, shares ppm, times UTC milliseconds, identifiers hex."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from popd.api.shapes import Hex, Person

ReportWord = Literal["not_played_live", "copied", "false_witness", "stolen", "other"]
DivergeWord = Literal["unfair_play", "false_witness", "moved_twice", "stolen", "other"]
Someone = Annotated[str, Meta(max_length=80)]


class StakeView(msgspec.Struct, frozen=True):
    """Coins that the user has at stake."""

    stake: str
    lot: str
    path: list[str]
    amount_ujam: int
    value_ujam: int
    why: list[str]
    state: str
    """locked, free or burnt"""
    since_ms: int
    free_ms: int
    """From when on it can be taken back."""
    words: str


class WordAgainst(msgspec.Struct, frozen=True):
    """One report of a block."""

    id: str
    name: str
    reason: str
    since_ms: int
    proximity_ppm: int
    standing_ppm: int
    """What is left of the reporter's proximity, where verifiers you trust contradict them."""


class ReportedView(msgspec.Struct, frozen=True):
    """A block that was reported."""

    block: str
    performer: Person
    minted_ujam: int
    is_mine: bool
    """The user performed it."""
    is_reported_by_me: bool
    is_believed: bool
    """The user believes it."""
    reports: list[WordAgainst]
    vouchers: list[Person]
    """Who accepted it."""
    words: str


class DivergenceView(msgspec.Struct, frozen=True):
    """Somebody from whom the user has diverged, or who has diverged from the user."""

    person: Person
    entry: str
    since_ms: int
    reason: str
    why: str
    consequences: list[str]


class ForkView(msgspec.Struct, frozen=True):
    """Somebody whose chain forked."""

    person: Person
    number: int
    entries: list[str]
    """The proof: what they signed with one number, or falsely."""
    is_mended: bool
    words: list[str]


class StoryView(msgspec.Struct, frozen=True):
    """What one branch did with a lot."""

    head: str
    entry: str
    at_ms: int
    words: str
    is_counted: bool
    weight_ujam: int
    """What the later mints of this branch are worth by the words of people you trust."""


class ContestedView(msgspec.Struct, frozen=True):
    """A lot that somebody moved twice."""

    person: Person
    lot: str
    path: list[str]
    stories: list[StoryView]
    yours_ujam: int
    """How much in your purse came from it."""
    yours_counted_ujam: int
    """How much of that came over the branch that you count."""
    words: str


class Disputes(msgspec.Struct, frozen=True):
    """Everything that is disputed around the user."""

    stakes: list[StakeView]
    reports: list[ReportedView]
    divergences: list[DivergenceView]
    diverged_from_you: list[DivergenceView]
    forks: list[ForkView]
    contested: list[ContestedView]


class SharedSession(msgspec.Struct, frozen=True):
    """A session that the two of you were in."""

    session: str
    start_ms: int
    performer: Person
    blocks: int
    """Of these blocks the other one of you was drawn as a verifier."""
    minted_ujam: int
    """What that word added."""


class ChangedCoin(msgspec.Struct, frozen=True):
    """A coin in the user's purse that would be worth something else."""

    lot: str
    path: list[str]
    amount_ujam: int
    before_ujam: int
    after_ujam: int
    is_through_them: bool
    """They minted, witnessed or held it."""


class Between(msgspec.Struct, frozen=True):
    """Somebody who knows both."""

    id: str
    name: str
    before_ppm: int
    after_ppm: int
    """How near they are to the user, before and after."""


class Preview(msgspec.Struct, frozen=True):
    """What happens if the user diverges from somebody."""

    person: Person
    is_diverged: bool
    """It has happened already."""
    consequences: list[str]
    sessions: list[SharedSession]
    coins: list[ChangedCoin]
    before_ujam: int
    """What the user's purse is worth to them."""
    after_ujam: int
    between: list[Between]


class MapPerson(msgspec.Struct, frozen=True):
    """Somebody on the map."""

    id: str
    name: str
    is_me: bool
    phase: int
    x: float
    y: float
    proximity_ppm: int
    ties: list[int]
    """Whom they acknowledged, as places in the list of people: those they acknowledged most."""


class MapArc(msgspec.Struct, frozen=True):
    """A divergence on the map."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    since_ms: int
    reason: str
    why: str


class PhaseMap(msgspec.Struct, frozen=True):
    """Who belongs together, and who has parted."""

    people: list[MapPerson]
    arcs: list[MapArc]
    phases: int
    left_out: int
    """People who found no room on it, the farthest."""


class StakeBody(msgspec.Struct, frozen=True):
    """Put coins at stake."""

    lot: Hex
    amount_ujam: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    path: Annotated[list[Hex], Meta(min_length=1, max_length=256)] | None = None
    """Which part of the lot; otherwise the largest."""


class UnstakeBody(msgspec.Struct, frozen=True):
    """Take a stake back."""

    stake: Hex


class ReportBody(msgspec.Struct, frozen=True):
    """Report a block."""

    block: Hex
    reason: ReportWord = "other"


class DivergeBody(msgspec.Struct, frozen=True):
    """Diverge from somebody."""

    person: Someone
    reason: DivergeWord = "other"


class ReconcileBody(msgspec.Struct, frozen=True):
    """Take a divergence back."""

    person: Someone
