"""What a node tells its user as it happens."""

from dataclasses import dataclass
from enum import StrEnum

from consensus.chart import Note
from consensus.entries.performance import Session
from consensus.evidence import KeyEvent, NonceEvent
from consensus.identifiers import EntryId, IdentityId
from consensus.quality import Metrics
from consensus.rejections import RejectionReason
from consensus.units import Microseconds, Ppm
from popd.node.messages.concerts import ConcertId


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
    why: str
    """Why it failed, in words; otherwise empty."""
    next_step: str
    """What to do then."""
    looking: tuple[IdentityId, ...] = ()
    """Witnesses who have a person look at it."""


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
class OwnEntryTakenBack:
    """What the user asked for last was not written, and won't be."""


@dataclass(frozen=True, slots=True)
class NeighbourSeen:
    """A peer said who is behind it."""

    identity: IdentityId
    """Who."""


@dataclass(frozen=True, slots=True)
class StageChanged:
    """Somebody nearby began or ended a performance."""

    session: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class FrameSeen:
    """A quarter of a second of a performance that the user watches."""

    session: EntryId
    """Which."""
    window: int
    """Which window of it."""
    keys: tuple[KeyEvent, ...]
    """What was pressed and released, in window time."""
    nonces: tuple[NonceEvent, ...]
    """What the player was challenged with, in window time."""
    received_us: Microseconds
    """When it reached this node, since 1970."""


@dataclass(frozen=True, slots=True)
class PlayRead:
    """What the detectors make of a performance that the user watches, so far."""

    session: EntryId
    """Which."""
    window: int
    """Which window of it."""
    metrics: Metrics
    """What was measured; riffs in the player's own time."""
    anomaly_ppm: Ppm
    """How unlike human play it is."""
    reasons: tuple[str, ...]
    """Why, in words."""


@dataclass(frozen=True, slots=True)
class DutyChanged:
    """A block that this node was drawn for came a step further; see `Witnessing.duties`."""

    block: EntryId
    """Which."""


@dataclass(frozen=True, slots=True)
class AppealAnswered:
    """What became of asking for a human look at a block of one's own."""

    block: EntryId
    """Which."""
    asked: int
    """How many of those drawn were asked: those who have not given their word yet."""
    why: str
    """In words."""
    next_step: str
    """What to do."""


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


@dataclass(frozen=True, slots=True)
class ConcertChanged:
    """A concert is not as it was; see `Concerting.concerts`."""

    concert: ConcertId
    """Which."""


@dataclass(frozen=True, slots=True)
class ConcertRefused:
    """A command about a concert can't be followed."""

    concert: ConcertId
    """Which."""
    why: str
    """What happened."""
    next_step: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class OpinionKept:
    """An opinion of somebody here is kept until the reveal."""

    concert: ConcertId
    """Of which concert."""
    voice: bytes
    """Whose."""


@dataclass(frozen=True, slots=True)
class OpinionRefused:
    """An opinion of somebody here does not count."""

    concert: ConcertId
    """Of which concert."""
    voice: bytes
    """Whose."""
    why: str
    """What happened."""
    next_step: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class CrowdFelt:
    """How the crowd of a concert taps along."""

    concert: ConcertId
    """Which."""
    people: int
    """How many tap."""
    taps: int
    """How often, in about a second."""
    energy_ppm: Ppm
    """How much, on average."""


@dataclass(frozen=True, slots=True)
class ChainRestored:
    """The user's chain is known again, and goes on."""

    peers: int
    """How many were asked for it."""


Notice = (
    Inviting
    | SessionRefused
    | SessionAnnounced
    | RiffDue
    | WindowChanged
    | SessionEnded
    | OwnEntryRejected
    | OwnEntryWritten
    | OwnEntryTakenBack
    | NeighbourSeen
    | StageChanged
    | FrameSeen
    | PlayRead
    | DutyChanged
    | AppealAnswered
    | RoomChanged
    | RoomRefused
    | ConcertChanged
    | ConcertRefused
    | OpinionKept
    | OpinionRefused
    | CrowdFelt
    | ChainRestored
)
