"""What is in the boxes between a user's own devices: canonical bytes, bounded, one tag a kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Final, get_args

from consensus.encoding import Canonical, decode, encode
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import NodeKey
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE, Domain
from consensus.units import Milliseconds
from popd.node.pen_words import PenWord

MAX_WORD_BYTES: Final = 127 * 1024
MAX_PIECE_BYTES: Final = 120 * 1024
"""Of what is told of the own document; the whole has at most `MAX_PIECES` of them."""
MAX_PIECES: Final = 40
MAX_VECTOR_BYTES: Final = 100 * 1024
MAX_NAME_BYTES: Final = 128
MAX_ADDRESSES: Final = 8
MAX_ADDRESS_BYTES: Final = 400
MAX_OTHERS: Final = 16


@dataclass(frozen=True, slots=True)
class PairAsked:
    """A new device, which was shown the link, asks to be known; sealed with the link's secret."""

    TAG: ClassVar[str] = "pair?"
    name: str
    """What it is called."""
    addresses: tuple[str, ...]
    """Where it is reached."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.name, self.addresses)

    @classmethod
    def from_body(cls, body: Canonical) -> "PairAsked":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(fields.text(MAX_NAME_BYTES), _addresses(fields))


@dataclass(frozen=True, slots=True)
class Grouped:
    """The key of all devices, and who they are: to a new one, and whenever that changes."""

    TAG: ClassVar[str] = "group"
    group_key: bytes = field(repr=False)
    """32 bytes."""
    pair_key: bytes = field(repr=False)
    """32 bytes, for the two alone."""
    others: tuple[NodeKey, ...]
    """The companions."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.group_key, self.pair_key, self.others)

    @classmethod
    def from_body(cls, body: Canonical) -> "Grouped":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        keys = fields.exactly(32), fields.exactly(32)
        others = fields.array(0, MAX_OTHERS)
        return cls(*keys, tuple(NodeKey(Fields("device", (o,), 1).exactly(32)) for o in others))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The device that holds the pen has forgotten this one."""

    TAG: ClassVar[str] = "forgotten"

    def to_body(self) -> Canonical:
        """The canonical form."""
        return ()

    @classmethod
    def from_body(cls, body: Canonical) -> "Forgotten":
        """Raises RejectionError when `body` is none."""
        Fields(cls.TAG, body, 0)
        return cls()


@dataclass(frozen=True, slots=True)
class Here:
    """A device is there."""

    TAG: ClassVar[str] = "here"
    addresses: tuple[str, ...]
    """Where it is reached."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.addresses,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Here":
        """Raises RejectionError when `body` is none."""
        return cls(_addresses(Fields(cls.TAG, body, 1)))


@dataclass(frozen=True, slots=True)
class NotesKnown:
    """How far a device knows the own document."""

    TAG: ClassVar[str] = "notes?"
    vector: bytes
    """How far each writer's words are known."""
    digest: bytes
    """Of what the document says, 32 bytes."""
    is_answer: bool
    """It is not answered with the same."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.vector, self.digest, int(self.is_answer))

    @classmethod
    def from_body(cls, body: Canonical) -> "NotesKnown":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        vector, digest = fields.binary(1, MAX_VECTOR_BYTES), fields.exactly(32)
        return cls(vector, digest, bool(fields.integer(0, 1)))


@dataclass(frozen=True, slots=True)
class NotesTold:
    """A piece of what the own document says beyond what a device knew."""

    TAG: ClassVar[str] = "notes!"
    digest: bytes
    """Of the whole, 32 bytes."""
    number: int
    """Which piece, from 0."""
    pieces: int
    """How many there are."""
    piece: bytes
    """Its bytes."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.digest, self.number, self.pieces, self.piece)

    @classmethod
    def from_body(cls, body: Canonical) -> "NotesTold":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        digest, number = fields.exactly(32), fields.integer(0, MAX_PIECES - 1)
        pieces = fields.integer(number + 1, MAX_PIECES)
        return cls(digest, number, pieces, fields.binary(0, MAX_PIECE_BYTES))


@dataclass(frozen=True, slots=True)
class SignAsked:
    """A companion asks the pen's device to sign something that is no entry."""

    TAG: ClassVar[str] = "sign?"
    domain: Domain
    """What the signature is good for."""
    subject: bytes
    """The digest, 32 bytes."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.domain.value, self.subject)

    @classmethod
    def from_body(cls, body: Canonical) -> "SignAsked":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(_domain(fields), fields.exactly(32))


@dataclass(frozen=True, slots=True)
class HelloAsked:
    """A companion asks the pen's device to sign that its node is the user's, at a time."""

    TAG: ClassVar[str] = "hello?"
    time_ms: Milliseconds
    """When."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.time_ms,)

    @classmethod
    def from_body(cls, body: Canonical) -> "HelloAsked":
        """Raises RejectionError when `body` is none."""
        return cls(Milliseconds(Fields(cls.TAG, body, 1).integer(0, MAX_TIME_MS)))


@dataclass(frozen=True, slots=True)
class SignGiven:
    """The signature that a companion asked for."""

    TAG: ClassVar[str] = "sign!"
    domain: Domain
    """What it is good for."""
    subject: bytes
    """The digest, 32 bytes."""
    signature: bytes
    """64 bytes."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.domain.value, self.subject, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "SignGiven":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        return cls(_domain(fields), fields.exactly(32), fields.exactly(SIGNATURE_SIZE))


@dataclass(frozen=True, slots=True)
class PenLocked:
    """Whether the keys are locked on the device that holds the pen."""

    TAG: ClassVar[str] = "pen locked"
    is_locked: bool
    """Nothing is signed until they are unlocked there."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (int(self.is_locked),)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenLocked":
        """Raises RejectionError when `body` is none."""
        return cls(bool(Fields(cls.TAG, body, 1).integer(0, 1)))


OwnWord = (
    PairAsked
    | Grouped
    | Forgotten
    | Here
    | PenLocked
    | NotesKnown
    | NotesTold
    | HelloAsked
    | SignAsked
    | SignGiven
    | PenWord
)

_READERS: Final[dict[str, Callable[[Canonical], OwnWord]]] = {
    kind.TAG: kind.from_body for kind in get_args(OwnWord)
}


def word_bytes(word: OwnWord) -> bytes:
    """The word as it is sealed."""
    return encode((word.TAG, word.to_body()))


def read_word(data: bytes) -> OwnWord:
    """The word in `data`; raises RejectionError when there is none."""
    fields = Fields("word", decode(data, MAX_WORD_BYTES), 2)
    reader = _READERS.get(fields.text(32))
    if reader is None:
        raise RejectionError(RejectionReason.MALFORMED, "a word of an unknown kind")
    return reader(fields.any())


def _addresses(fields: Fields) -> tuple[str, ...]:
    items = fields.array(0, MAX_ADDRESSES)
    return tuple(Fields("address", (item,), 1).text(MAX_ADDRESS_BYTES) for item in items)


def _domain(fields: Fields) -> Domain:
    name = fields.text(32)
    try:
        return Domain(name)
    except ValueError:
        raise RejectionError(RejectionReason.MALFORMED, f"nothing is signed for {name!r}") from None
