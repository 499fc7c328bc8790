"""What a node tells its user as it happens."""

from dataclasses import dataclass
from enum import StrEnum

from consensus.chart import Note
from consensus.entries.performance import Session
from consensus.identifiers import EntryId, IdentityId
from consensus.rejections import RejectionReason
from consensus.units import Microseconds


@dataclass(frozen=True, slots=True)
class Inviting:
    """Peers were asked to witness."""

    asked: int
    """How many."""


@dataclass(frozen=True, slots=True)
class SessionRefused:
    """The session can't start."""

    why: str
    """What happened."""
    next_step: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class SessionAnnounced:
    """The session is announced and will start."""

    id: EntryId
    """The session entry."""
    session: Session
    """What it says."""


@dataclass(frozen=True, slots=True)
class RiffDue:
    """A riff is to be played."""

    window: int
    """Which window."""
    slot: int
    """Which slot."""
    at_us: Microseconds
    """When its nonce arrived, in session time."""
    notes: tuple[Note, ...]
    """The four notes, in session time."""


class WindowState(StrEnum):
    """What became of a window so far."""

    SEALED = "sealed"
    DRAWN = "drawn"
    ATTESTED = "attested"
    MINTED = "minted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WindowChanged:
    """One of the user's own windows came a step further."""

    session: EntryId
    """Its session."""
    window: int
    """Which."""
    state: WindowState
    """How far it came."""
    block: EntryId | None
    """The block, once it is written."""
    reason: RejectionReason | None
    """Why it failed, by the rule's name."""
    why: str
    """Why it failed, in words; otherwise empty."""
    next_step: str
    """What to do then."""


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The performance is over."""

    session: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class OwnEntryRejected:
    """An entry of the user's own would break a rule; it was not written."""

    reason: RejectionReason
    """Which rule."""
    why: str
    """In words."""


@dataclass(frozen=True, slots=True)
class OwnEntryWritten:
    """An entry of the user's own chain is written."""

    id: EntryId
    """The entry."""
    kind: str
    """What kind of entry."""


@dataclass(frozen=True, slots=True)
class NeighbourSeen:
    """A peer said who is behind it."""

    identity: IdentityId
    """Who."""


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """A room nearby, or the own one, is not as it was."""


@dataclass(frozen=True, slots=True)
class RoomRefused:
    """A command about rooms can't be followed, or the own room has ended."""

    why: str
    """What happened."""
    next_step: str
    """What to do."""


Notice = (
    Inviting
    | SessionRefused
    | SessionAnnounced
    | RiffDue
    | WindowChanged
    | SessionEnded
    | OwnEntryRejected
    | OwnEntryWritten
    | NeighbourSeen
    | RoomChanged
    | RoomRefused
)
