"""An author's chain: what may follow an entry, and what the chain has come to so far.

`ChainState` is all that law may ask of an author. It is a fold of the author's own entries and
of what they name, so every node that holds them has the same.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from consensus.entries.performance import Session
from consensus.entry import Entry
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.lots import LotKey
from consensus.rejections import RejectionError, RejectionReason
from consensus.reward import Contribution
from consensus.units import Day, MicroJam, Milliseconds


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """What later entries of the chain need to know of a block."""

    session: EntryId
    """Its session."""
    window: int
    """Which window of it."""
    start_ms: Milliseconds
    """When the window began."""
    end_ms: Milliseconds
    """When it ended."""
    day: Day
    """The UTC day in which it began."""
    day_index: int
    """Earlier blocks of that day."""
    drawn: tuple[IdentityId, ...]
    """Its verifiers, lowest rank first."""
    familiarity_days: tuple[int, ...]
    """m of each of them, as it was then."""
    revealed: int
    """Tickets listed."""
    opened: int
    """Openings of the session."""


class StakeRecord(NamedTuple):
    """Coins that an author has locked."""

    key: LotKey
    """Which lot."""
    amount_ujam: MicroJam
    """How much."""
    since_ms: Milliseconds
    """When, by the entry."""


@dataclass(frozen=True, slots=True)
class ConcertRecord:
    """What later pages of a concert need to know of those before."""

    sessions: frozenset[EntryId] = frozenset()
    """What it consists of so far."""
    voices: frozenset[tuple[bytes, IdentityId]] = frozenset()
    """Who was heard, and about whom."""
    rated_ujam: int = 0
    """What its ratings minted so far."""
    pages: tuple[EntryId, ...] = ()
    """In order."""


@dataclass(slots=True)
class ChainState:
    """What an author's chain has come to. Only the functions of `consensus.rules` change it."""

    author: IdentityId
    """Whose chain."""
    head: EntryId = NO_ENTRY
    """The last entry."""
    number: int = -1
    """Its number."""
    time_ms: Milliseconds = Milliseconds(0)
    """Its time."""
    version: int = 1
    """Its release of the rules."""
    nonces: set[bytes] = field(default_factory=set)
    """Session nonces used."""
    sessions: dict[EntryId, Session] = field(default_factory=dict)
    """Sessions announced."""
    tickets: dict[EntryId, dict[int, tuple[int, bytes]]] = field(default_factory=dict)
    """By session and opening, the last ticket seen and how many steps from the anchor it is."""
    closed: set[EntryId] = field(default_factory=set)
    """Sessions whose last, shorter window was sealed."""
    blocks: dict[EntryId, BlockRecord] = field(default_factory=dict)
    """Blocks sealed."""
    last_window_end_ms: Milliseconds = Milliseconds(0)
    """When the latest window ended."""
    last_day: Day = Day(0)
    """The day of the latest block."""
    blocks_on_last_day: int = 0
    """How many blocks that day has."""
    drawn_days: dict[IdentityId, list[Day]] = field(default_factory=dict)
    """For each verifier, the days on which it was drawn for this author, ascending."""
    mints: dict[EntryId, EntryId] = field(default_factory=dict)
    """The mint of each minted block."""
    contributions: dict[EntryId, tuple[Contribution, ...]] = field(default_factory=dict)
    """What each word added to each lot, by the mint or the page of a concert that made it."""
    minted_ujam: dict[EntryId, int] = field(default_factory=dict)
    """What the blocks of each session have minted."""
    concerts: dict[EntryId, ConcertRecord] = field(default_factory=dict)
    """Concerts by their first session."""
    concert_of: dict[EntryId, EntryId] = field(default_factory=dict)
    """The concert that a session belongs to."""
    voices: set[tuple[bytes, bytes, bytes]] = field(default_factory=set)
    """What this author told: (first session, performer, whose voice)."""
    rated: list[tuple[Day, int]] = field(default_factory=list)
    """By recent day, ascending, the sum of the scores that this author gave, in ppm."""
    rated_days: dict[IdentityId, list[Day]] = field(default_factory=dict)
    """For each performer, the days on which this author rated them, ascending."""
    judged: set[EntryId] = field(default_factory=set)
    """Blocks that this author gave a verdict on."""
    accepted: list[tuple[Day, int]] = field(default_factory=list)
    """By recent day, ascending, the sum of the d of the blocks accepted on it, in ppm."""
    purse: dict[LotKey, MicroJam] = field(default_factory=dict)
    """What the author holds."""
    sent: set[EntryId] = field(default_factory=set)
    """Transfers made."""
    taken: set[EntryId] = field(default_factory=set)
    """Mints, transfers, declines and unstakes received, and transfers declined."""
    stakes: dict[EntryId, StakeRecord] = field(default_factory=dict)
    """What is locked, by stake."""
    unstakes: set[EntryId] = field(default_factory=set)
    """Unstakes made."""
    reported: set[EntryId] = field(default_factory=set)
    """Blocks that this author reported."""
    divergences: dict[IdentityId, EntryId] = field(default_factory=dict)
    """From whom this author has diverged, by which entry."""
    reconciled: set[EntryId] = field(default_factory=set)
    """Divergences that were taken back."""

    def familiarity_days(self, verifier: IdentityId, day: Day, span_days: int) -> int:
        """m: on how many of the `span_days` days before `day` the verifier was drawn."""
        return _days_before(self.drawn_days.get(verifier, []), day, span_days)

    def rated_days_before(self, performer: IdentityId, day: Day, span_days: int) -> int:
        """f: on how many of the `span_days` days before `day` this author rated them."""
        return _days_before(self.rated_days.get(performer, []), day, span_days)

    def rating_budget_spent_ppm(self, day: Day, span_days: int) -> int:
        """j: the scores that this author gave in the `span_days` days up to `day`."""
        return sum(score for given, score in self.rated if day - span_days < given <= day)

    def budget_spent_ppm(self, day: Day, span_days: int) -> int:
        """j: the weight of what this author accepted in the `span_days` days up to `day`."""
        return sum(weight for given, weight in self.accepted if day - span_days < given <= day)


def _days_before(days: list[Day], day: Day, span_days: int) -> int:
    return bisect_left(days, day) - bisect_left(days, day - span_days)


def check_follows(state: ChainState, entry: Entry, named_times_ms: Iterable[Milliseconds]) -> None:
    """Raises RejectionError unless `entry` can come next in the chain.

    BROKEN_CHAIN for a wrong number, prev or first kind; TIME_RUNS_BACKWARDS before its prev
    or an entry it names; VERSION_FELL below its prev's.
    """
    if entry.prev != state.head or entry.number != state.number + 1:
        raise RejectionError(
            RejectionReason.BROKEN_CHAIN, f"number {entry.number} does not follow {state.number}"
        )
    if (entry.number == 0) != (entry.prev == NO_ENTRY):
        raise RejectionError(RejectionReason.BROKEN_CHAIN, "only number 0 has no entry before it")
    if entry.number == 0 and entry.kind != "profile":
        raise RejectionError(RejectionReason.BROKEN_CHAIN, "a chain begins with a profile")
    if entry.time_ms < max((state.time_ms, *named_times_ms)):
        raise RejectionError(
            RejectionReason.TIME_RUNS_BACKWARDS, "it is older than what it builds on"
        )
    if entry.version < state.version:
        raise RejectionError(
            RejectionReason.VERSION_FELL, f"version {entry.version} after {state.version}"
        )
