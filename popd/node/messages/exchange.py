"""What nodes say to become one ledger: who they are, entries, blobs, and what each lacks."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final

from consensus.encoding import Canonical, tagged_digest
from consensus.fields import Fields
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.parameters import MAX_ENTRY_SIZE, MAX_EVIDENCE_SIZE
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE

MAX_BATCH: Final = 512
"""Entries in one message."""
MAX_RANGES: Final = 64
MAX_ITEMS: Final = 256
MAX_WANTED: Final = 256
MAX_NAME_BYTES: Final = 64


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
        if any(not one.high or other.low < one.high for one, other in pairwise(ranges)):
            raise RejectionError(RejectionReason.MALFORMED, "ranges overlap")
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


def _entry_ids(items: tuple[Canonical, ...]) -> tuple[EntryId, ...]:
    return tuple(EntryId(Fields("entry id", (item,), 1).exactly(32)) for item in items)
