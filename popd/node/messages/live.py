"""What is said while somebody plays: invitations, openings, frames, challenges, tickets."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical, tagged_digest
from consensus.evidence import MAX_NONCES, NONCE_SIZE, KeyEvent, NonceEvent
from consensus.fields import Fields
from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId
from consensus.parameters import MAX_WINDOW_EVENTS, MAX_WINDOWS
from consensus.signing import SIGNATURE_SIZE

MAX_FRAME_EVENTS: Final = 512
MAX_SLOT: Final = 63


@dataclass(frozen=True, slots=True)
class Invite:
    """A performer asks a peer to witness a session that is about to be announced."""

    TAG: ClassVar[str] = "invite"
    performer: IdentityId
    """Who will play."""
    nonce: bytes
    """The session's nonce."""
    chart: ChartId
    """What will be played."""
    windows: int
    """For how many windows at most."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.performer, self.nonce, self.chart, self.windows)

    @classmethod
    def from_body(cls, body: Canonical) -> "Invite":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            IdentityId(fields.exactly(32)),
            fields.exactly(NONCE_SIZE),
            ChartId(ContentId(fields.exactly(32))),
            fields.integer(1, MAX_WINDOWS),
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate's opening, on its way to the performer."""

    TAG: ClassVar[str] = "offer"
    nonce: bytes
    """The session's nonce."""
    candidate: IdentityId
    """Who is ready."""
    anchor: bytes
    """The end of their chain of tickets."""
    signature: bytes
    """By the candidate, over the opening."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.nonce, self.candidate, self.anchor, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Offer":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            fields.exactly(NONCE_SIZE),
            IdentityId(fields.exactly(32)),
            fields.exactly(32),
            fields.exactly(SIGNATURE_SIZE),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A quarter of a second of play, linked to the frame before."""

    TAG: ClassVar[str] = "frame"
    session: EntryId
    """The session entry."""
    window: int
    """Which window."""
    number: int
    """Which frame of the window, from 0."""
    previous: bytes
    """The digest of the frame before; 32 zero bytes for the window's first."""
    keys: tuple[KeyEvent, ...]
    """What was pressed and released, in window time."""
    nonces: tuple[NonceEvent, ...]
    """What challenges reached the player, in window time."""
    root: bytes
    """In the closing frame, the evidence's Merkle root; empty before."""
    signature: bytes
    """By the session key, over `frame_digest`."""

    def content(self) -> tuple[Canonical, ...]:
        """Everything but the signature."""
        keys = tuple((event.time_us, event.lane, int(event.is_press)) for event in self.keys)
        nonces = tuple((event.time_us, event.slot, event.nonce) for event in self.nonces)
        return (self.session, self.window, self.number, self.previous, keys, nonces, self.root)

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (*self.content(), self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Frame":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 8)
        return cls(
            EntryId(fields.exactly(32)),
            fields.integer(0, MAX_WINDOWS - 1),
            fields.integer(0, MAX_WINDOW_EVENTS),
            fields.exactly(32),
            tuple(_key_event(event) for event in fields.array(0, MAX_FRAME_EVENTS)),
            tuple(_nonce_event(event) for event in fields.array(0, MAX_NONCES)),
            fields.binary(0, 32),
            fields.exactly(SIGNATURE_SIZE),
        )


def frame_digest(frame: Frame) -> bytes:
    """What the session key signs, and what the next frame links to."""
    return tagged_digest("frame", *frame.content())


@dataclass(frozen=True, slots=True)
class Nonce:
    """A candidate's challenge: the riff follows from it."""

    TAG: ClassVar[str] = "nonce"
    session: EntryId
    """The session entry."""
    window: int
    """Which window."""
    slot: int
    """Which slot of it."""
    nonce: bytes
    """16 bytes nobody could foresee."""
    signature: bytes
    """By the candidate whose slot it is, over `nonce_digest`."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session, self.window, self.slot, self.nonce, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Nonce":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 5)
        return cls(
            EntryId(fields.exactly(32)),
            fields.integer(0, MAX_WINDOWS - 1),
            fields.integer(0, MAX_SLOT),
            fields.exactly(NONCE_SIZE),
            fields.exactly(SIGNATURE_SIZE),
        )


def nonce_digest(session: EntryId, window: int, slot: int, nonce: bytes) -> bytes:
    """What a candidate signs to challenge."""
    return tagged_digest("nonce", session, window, slot, nonce)


@dataclass(frozen=True, slots=True)
class Reveal:
    """A candidate's ticket for a window that is over; a preimage proves itself."""

    TAG: ClassVar[str] = "reveal"
    session: EntryId
    """The session entry."""
    window: int
    """Which window."""
    position: int
    """The candidate's position among the openings."""
    ticket: bytes
    """32 bytes."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session, self.window, self.position, self.ticket)

    @classmethod
    def from_body(cls, body: Canonical) -> "Reveal":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            EntryId(fields.exactly(32)),
            fields.integer(0, MAX_WINDOWS - 1),
            fields.integer(0, 63),
            fields.exactly(32),
        )


def _key_event(body: Canonical) -> KeyEvent:
    fields = Fields("key event", body, 3)
    return KeyEvent(fields.integer(0, 2**40), fields.integer(0, 255), bool(fields.integer(0, 1)))


def _nonce_event(body: Canonical) -> NonceEvent:
    fields = Fields("nonce event", body, 3)
    return NonceEvent(
        fields.integer(0, 2**40), fields.integer(0, MAX_SLOT), fields.exactly(NONCE_SIZE)
    )
