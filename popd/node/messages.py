"""What nodes say to each other besides entries: canonical bytes, bounded, one tag a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical, decode, encode, tagged_digest
from consensus.evidence import NONCE_SIZE, KeyEvent
from consensus.fields import Fields
from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId, NodeKey
from consensus.parameters import (
    MAX_ENTRY_SIZE,
    MAX_EVIDENCE_SIZE,
    MAX_WINDOW_EVENTS,
    MAX_WINDOWS,
)
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE

MAX_MESSAGE_SIZE: Final = 512 * 1024
"""Bytes of any message; the largest is a batch of entries or one blob."""
MAX_BATCH: Final = 512
"""Entries in one message."""
MAX_RANGES: Final = 64
MAX_ITEMS: Final = 256
MAX_WANTED: Final = 256
MAX_NAME_BYTES: Final = 64
MAX_FRAME_EVENTS: Final = 512
MAX_SLOT: Final = 63


@dataclass(frozen=True, slots=True)
class Hello:
    """Who is behind a node; the first message on every connection."""

    TAG: ClassVar[str] = "hello"
    identity: IdentityId
    """The identity that uses the node."""
    name: str
    """What it would like to be called; only a suggestion."""
    is_automated: bool
    """No person plays here."""
    signature: bytes
    """By the identity, over `hello_digest`: the node is theirs."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.identity, self.name, int(self.is_automated), self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Hello":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            IdentityId(fields.exactly(32)),
            fields.text(MAX_NAME_BYTES),
            bool(fields.integer(0, 1)),
            fields.exactly(SIGNATURE_SIZE),
        )


def hello_digest(identity: IdentityId, node: NodeKey) -> bytes:
    """What an identity signs to say that a node is theirs."""
    return tagged_digest("hello", identity, node)


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries, fresh ones by gossip or wanted ones directly."""

    TAG: ClassVar[str] = "entries"
    wires: tuple[bytes, ...]
    """Signed entries, ancestors first."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.wires,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Entries":
        """Raises RejectionError when `body` is none."""
        wires = Fields(cls.TAG, body, 1).array(1, MAX_BATCH)
        return cls(
            tuple(
                Fields("entry", (wire,), 1).binary(SIGNATURE_SIZE, MAX_ENTRY_SIZE + SIGNATURE_SIZE)
                for wire in wires
            )
        )


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
            ChartId(fields.exactly(32)),
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
    root: bytes
    """In the closing frame, the evidence's Merkle root; empty before."""
    signature: bytes
    """By the session key, over `frame_digest`."""

    def content(self) -> tuple[Canonical, ...]:
        """Everything but the signature."""
        keys = tuple((event.time_us, event.lane, int(event.is_press)) for event in self.keys)
        return (self.session, self.window, self.number, self.previous, keys, self.root)

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (*self.content(), self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Frame":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 7)
        return cls(
            EntryId(fields.exactly(32)),
            fields.integer(0, MAX_WINDOWS - 1),
            fields.integer(0, MAX_WINDOW_EVENTS),
            fields.exactly(32),
            tuple(_key_event(event) for event in fields.array(0, MAX_FRAME_EVENTS)),
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


@dataclass(frozen=True, slots=True)
class WantBlob:
    """Asks for a chart or evidence by its digest."""

    TAG: ClassVar[str] = "want-blob"
    id: ContentId
    """Its digest."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.id,)

    @classmethod
    def from_body(cls, body: Canonical) -> "WantBlob":
        """Raises RejectionError when `body` is none."""
        return cls(ContentId(Fields(cls.TAG, body, 1).exactly(32)))


@dataclass(frozen=True, slots=True)
class Blob:
    """A chart or evidence; its digest says which."""

    TAG: ClassVar[str] = "blob"
    data: bytes
    """Its bytes."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.data,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Blob":
        """Raises RejectionError when `body` is none."""
        return cls(Fields(cls.TAG, body, 1).binary(1, MAX_EVIDENCE_SIZE))


@dataclass(frozen=True, slots=True)
class WantEntries:
    """Asks for entries by id."""

    TAG: ClassVar[str] = "want-entries"
    ids: tuple[EntryId, ...]
    """Which."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.ids,)

    @classmethod
    def from_body(cls, body: Canonical) -> "WantEntries":
        """Raises RejectionError when `body` is none."""
        return cls(_entry_ids(Fields(cls.TAG, body, 1).array(1, MAX_WANTED)))


@dataclass(frozen=True, slots=True)
class WantChain:
    """Asks for the part of a chain that the asker lacks."""

    TAG: ClassVar[str] = "want-chain"
    head: EntryId
    """The head to reach."""
    known: tuple[EntryId, ...]
    """The asker's own heads of the same author."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.head, self.known)

    @classmethod
    def from_body(cls, body: Canonical) -> "WantChain":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(EntryId(fields.exactly(32)), _entry_ids(fields.array(0, MAX_WANTED)))


@dataclass(frozen=True, slots=True)
class HeadRange:
    """A range of authors, and what the sender holds of it in one number."""

    low: bytes
    """First author in it, 32 bytes."""
    high: bytes
    """First author beyond it; empty for the end."""
    fingerprint: bytes
    """Keyed digest over the heads of the authors in it."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Compares what two nodes hold, range by range."""

    TAG: ClassVar[str] = "ranges"
    key: bytes
    """Chosen at random by whoever began; fingerprints can't be prepared against it."""
    ranges: tuple[HeadRange, ...]
    """What the sender holds."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.key, tuple((r.low, r.high, r.fingerprint) for r in self.ranges))

    @classmethod
    def from_body(cls, body: Canonical) -> "Ranges":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        key = fields.exactly(16)
        ranges: list[HeadRange] = []
        for item in fields.array(1, MAX_RANGES):
            parts = Fields("range", item, 3)
            ranges.append(HeadRange(parts.binary(0, 32), parts.binary(0, 32), parts.exactly(32)))
        return cls(key, tuple(ranges))


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads that the sender holds in a range, where ranges are small enough to list."""

    TAG: ClassVar[str] = "heads"
    low: bytes
    """First author in the range."""
    high: bytes
    """First author beyond it; empty for the end."""
    heads: tuple[tuple[IdentityId, EntryId], ...]
    """Author and head, in order."""
    is_answer: bool
    """Whether the other side listed its heads already."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.low, self.high, self.heads, int(self.is_answer))

    @classmethod
    def from_body(cls, body: Canonical) -> "Heads":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        low, high = fields.binary(0, 32), fields.binary(0, 32)
        heads: list[tuple[IdentityId, EntryId]] = []
        for item in fields.array(0, MAX_ITEMS):
            parts = Fields("head", item, 2)
            heads.append((IdentityId(parts.exactly(32)), EntryId(parts.exactly(32))))
        return cls(low, high, tuple(heads), bool(fields.integer(0, 1)))


Message = (
    Hello
    | Entries
    | Invite
    | Offer
    | Frame
    | Nonce
    | Reveal
    | WantBlob
    | Blob
    | WantEntries
    | WantChain
    | Ranges
    | Heads
)

_READERS: Final[dict[str, Callable[[Canonical], Message]]] = {
    kind.TAG: kind.from_body
    for kind in (
        Hello,
        Entries,
        Invite,
        Offer,
        Frame,
        Nonce,
        Reveal,
        WantBlob,
        Blob,
        WantEntries,
        WantChain,
        Ranges,
        Heads,
    )
}


def to_bytes(message: Message) -> bytes:
    """The message as it travels."""
    return encode((message.TAG, message.to_body()))


def from_bytes(data: bytes) -> Message:
    """The message in `data`; raises RejectionError, in the bytes, when there is none."""
    fields = Fields("message", decode(data, MAX_MESSAGE_SIZE), 2)
    reader = _READERS.get(fields.text(MAX_NAME_BYTES))
    if reader is None:
        raise RejectionError(RejectionReason.MALFORMED, "a message of an unknown kind")
    return reader(fields.any())


def _key_event(body: Canonical) -> KeyEvent:
    fields = Fields("key event", body, 3)
    return KeyEvent(fields.integer(0, 2**40), fields.integer(0, 255), bool(fields.integer(0, 1)))


def _entry_ids(items: tuple[Canonical, ...]) -> tuple[EntryId, ...]:
    return tuple(EntryId(Fields("entry id", (item,), 1).exactly(32)) for item in items)
