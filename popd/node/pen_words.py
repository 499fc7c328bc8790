"""What devices of one user say to each other about the pen: asked for, given, stale, refused."""

from dataclasses import dataclass
from typing import ClassVar

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId
from consensus.parameters import MAX_ENTRY_SIZE
from consensus.rejections import RejectionReason
from consensus.signing import SIGNATURE_SIZE

MAX_WHY_BYTES = 400


@dataclass(frozen=True, slots=True)
class PenAsked:
    """A companion asks for the next entry of the chain to be this one."""

    TAG: ClassVar[str] = "pen?"
    entry: bytes
    """Its canonical bytes, without a signature."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.entry,)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenAsked":
        """Raises RejectionError when `body` is none."""
        return cls(Fields(cls.TAG, body, 1).binary(1, MAX_ENTRY_SIZE))


@dataclass(frozen=True, slots=True)
class PenGiven:
    """The entry that was asked for is written."""

    TAG: ClassVar[str] = "pen!"
    wire: bytes
    """Signature and canonical bytes."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.wire,)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenGiven":
        """Raises RejectionError when `body` is none."""
        return cls(Fields(cls.TAG, body, 1).binary(1, SIGNATURE_SIZE + MAX_ENTRY_SIZE))


@dataclass(frozen=True, slots=True)
class PenStale:
    """The entry that was asked for does not continue the chain: it came further meanwhile."""

    TAG: ClassVar[str] = "pen stale"
    asked: EntryId
    """The entry."""
    head: EntryId
    """What it would have to follow."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.asked, self.head)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenStale":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(EntryId(fields.exactly(32)), EntryId(fields.exactly(32)))


@dataclass(frozen=True, slots=True)
class PenRefused:
    """The entry that was asked for is not written, and won't be."""

    TAG: ClassVar[str] = "pen no"
    asked: EntryId
    """The entry."""
    reason: RejectionReason
    """Why."""
    why: str
    """The same in words."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.asked, self.reason.value, self.why)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenRefused":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        asked, name = EntryId(fields.exactly(32)), fields.text(64)
        try:
            reason = RejectionReason(name)
        except ValueError:
            reason = RejectionReason.BROKEN_DEPENDENCY
        return cls(asked, reason, fields.text(MAX_WHY_BYTES))


@dataclass(frozen=True, slots=True)
class PenUnasked:
    """A companion does not want the entry any more that it asked for."""

    TAG: ClassVar[str] = "pen not"
    asked: EntryId
    """The entry."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.asked,)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenUnasked":
        """Raises RejectionError when `body` is none."""
        return cls(EntryId(Fields(cls.TAG, body, 1).exactly(32)))


@dataclass(frozen=True, slots=True)
class PenLeft:
    """The entry that a companion did not want any more is not written, and won't be."""

    TAG: ClassVar[str] = "pen left"
    asked: EntryId
    """The entry."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.asked,)

    @classmethod
    def from_body(cls, body: Canonical) -> "PenLeft":
        """Raises RejectionError when `body` is none."""
        return cls(EntryId(Fields(cls.TAG, body, 1).exactly(32)))


PenWord = PenAsked | PenUnasked | PenGiven | PenStale | PenRefused | PenLeft
"""What the nodes themselves say and hear; the edge takes care of the rest."""
