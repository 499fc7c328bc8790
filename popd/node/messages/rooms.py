"""Rooms: who opened one, what its members say, and echoes to compare clocks by."""

from dataclasses import dataclass
from typing import ClassVar, Final, NewType

from consensus.encoding import Canonical, tagged_digest
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import ChartId, ContentId, IdentityId
from consensus.signing import SIGNATURE_SIZE
from consensus.units import Microseconds
from popd.node.sheets import MAX_MEMBERS, MAX_SHEET_SIZE, MAX_TITLE_BYTES, ROOM_ID_SIZE

RoomId = NewType("RoomId", bytes)
"""16 bytes of chance."""

MAX_TIME_US: Final = MAX_TIME_MS * 1_000
MAX_KNOWN: Final = 2 * MAX_MEMBERS
"""Sheets that a member may name as known: the host may have let others in meanwhile."""


@dataclass(frozen=True, slots=True)
class RoomOpen:
    """The sender has a room that others may join."""

    TAG: ClassVar[str] = "room"
    room: RoomId
    """Which."""
    title: str
    """What it plays."""
    chart: ChartId
    """What its host plays."""
    members: int
    """How many are in."""
    is_playing: bool
    """They have begun, or are about to."""
    is_over: bool
    """It is closed."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        flags = int(self.is_playing), int(self.is_over)
        return (self.room, self.title, self.chart, self.members, *flags)

    @classmethod
    def from_body(cls, body: Canonical) -> "RoomOpen":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 6)
        return cls(
            RoomId(fields.exactly(ROOM_ID_SIZE)),
            fields.text(MAX_TITLE_BYTES),
            ChartId(ContentId(fields.exactly(32))),
            fields.integer(1, MAX_MEMBERS),
            bool(fields.integer(0, 1)),
            bool(fields.integer(0, 1)),
        )


@dataclass(frozen=True, slots=True)
class RoomSheet:
    """A member's whole sheet, signed, so that any member may pass it on."""

    TAG: ClassVar[str] = "sheet"
    room: RoomId
    """Which room."""
    author: IdentityId
    """Whose sheet."""
    number: int
    """Grows with every change; the latest counts."""
    document: bytes
    """The sheet as a document that stands by itself."""
    signature: bytes
    """By the author, over `sheet_digest`."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.room, self.author, self.number, self.document, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "RoomSheet":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 5)
        return cls(
            RoomId(fields.exactly(ROOM_ID_SIZE)),
            IdentityId(fields.exactly(32)),
            fields.integer(1, MAX_TIME_MS),
            fields.binary(1, MAX_SHEET_SIZE),
            fields.exactly(SIGNATURE_SIZE),
        )


def sheet_digest(room: RoomId, author: IdentityId, number: int, document: bytes) -> bytes:
    """What a member signs to say something in a room."""
    return tagged_digest("sheet", room, author, number, document)


@dataclass(frozen=True, slots=True)
class RoomWant:
    """Asks for the sheets of a room that the sender lacks."""

    TAG: ClassVar[str] = "want sheets"
    room: RoomId
    """Which room."""
    known: tuple[tuple[IdentityId, int], ...]
    """Whose sheets the sender has, and their numbers."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.room, self.known)

    @classmethod
    def from_body(cls, body: Canonical) -> "RoomWant":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        room = RoomId(fields.exactly(ROOM_ID_SIZE))
        return cls(room, tuple(_known(item) for item in fields.array(0, MAX_KNOWN)))


@dataclass(frozen=True, slots=True)
class EchoAsked:
    """What time is it there?"""

    TAG: ClassVar[str] = "echo?"
    room: RoomId
    """The room that both are in."""
    asked_us: Microseconds
    """The sender's clock; comes back unchanged."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.room, self.asked_us)

    @classmethod
    def from_body(cls, body: Canonical) -> "EchoAsked":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        room = RoomId(fields.exactly(ROOM_ID_SIZE))
        return cls(room, Microseconds(fields.integer(0, MAX_TIME_US)))


@dataclass(frozen=True, slots=True)
class EchoGiven:
    """The time here."""

    TAG: ClassVar[str] = "echo"
    room: RoomId
    """The room that both are in."""
    asked_us: Microseconds
    """What the question said."""
    now_us: Microseconds
    """The sender's clock."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.room, self.asked_us, self.now_us)

    @classmethod
    def from_body(cls, body: Canonical) -> "EchoGiven":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        room = RoomId(fields.exactly(ROOM_ID_SIZE))
        asked_us = Microseconds(fields.integer(0, MAX_TIME_US))
        return cls(room, asked_us, Microseconds(fields.integer(0, MAX_TIME_US)))


RoomMessage = RoomOpen | RoomSheet | RoomWant | EchoAsked | EchoGiven


def _known(body: Canonical) -> tuple[IdentityId, int]:
    fields = Fields("known sheet", body, 2)
    return IdentityId(fields.exactly(32)), fields.integer(1, MAX_TIME_MS)
