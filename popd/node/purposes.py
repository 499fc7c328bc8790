"""Why the node asked for a signature or a judgement; comes back with the result."""

from dataclasses import dataclass

from consensus.entry import Entry
from consensus.identifiers import EntryId, NodeKey
from consensus.units import Milliseconds
from popd.node.messages.concerts import ConcertCard
from popd.node.messages.crowds import ConcertBallots
from popd.node.messages.live import Frame, Nonce, Offer
from popd.node.messages.presence import Near
from popd.node.messages.rooms import RoomSheet
from popd.node.sheets import Sheet


@dataclass(frozen=True, slots=True)
class ForEntry:
    """An entry of one's own chain."""

    entry: Entry
    """The entry."""


@dataclass(frozen=True, slots=True)
class ForHello:
    """That this node is this identity's."""

    time_ms: Milliseconds
    """When."""


@dataclass(frozen=True, slots=True)
class ForOffer:
    """An opening to somebody's session."""

    offer: Offer
    """The offer, its signature still empty."""
    performer_node: NodeKey
    """To whom it goes."""


@dataclass(frozen=True, slots=True)
class ForNonce:
    """A challenge."""

    nonce: Nonce
    """The nonce, its signature still empty."""


@dataclass(frozen=True, slots=True)
class ForFrame:
    """A frame of one's own play, signed by the session key."""

    frame: Frame
    """The frame, its signature still empty."""


@dataclass(frozen=True, slots=True)
class ForNear:
    """How near a peer is."""

    peer: NodeKey
    """Which."""
    claim: Near
    """The claim, its signature still empty."""


@dataclass(frozen=True, slots=True)
class ForSheet:
    """The own sheet in a room."""

    message: RoomSheet
    """The sheet as it travels, its signature still empty."""
    sheet: Sheet
    """What it says."""


@dataclass(frozen=True, slots=True)
class ForCard:
    """The card of one's own concert."""

    card: ConcertCard
    """The card, its signature still empty."""


@dataclass(frozen=True, slots=True)
class ForBallots:
    """Ballots of the people at this node."""

    message: ConcertBallots
    """The message, its signature still empty."""


SignPurpose = (
    ForEntry | ForHello | ForOffer | ForNonce | ForFrame | ForNear | ForSheet | ForCard | ForBallots
)


@dataclass(frozen=True, slots=True)
class OwnWindow:
    """One's own window, to be sealed."""

    session: EntryId
    """The session."""
    window: int
    """Which window."""


@dataclass(frozen=True, slots=True)
class ForVerdict:
    """Somebody's block that this node was drawn for."""

    block: EntryId
    """The block."""


@dataclass(frozen=True, slots=True)
class ForReading:
    """A performance that the user watches, so far."""

    session: EntryId
    """The session."""
    window: int
    """Which window."""


JudgePurpose = OwnWindow | ForVerdict | ForReading
