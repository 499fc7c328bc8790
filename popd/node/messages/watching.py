"""What is said by those who watch a performance, and by those who pass it on to them."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId, NodeKey

MAX_DEPTH: Final = 6
"""Hops between a performer and a watcher: eight watchers each would be a crowd of 250,000."""
MAX_NAMED: Final = 16
"""Other nodes that a full one names."""


@dataclass(frozen=True, slots=True)
class Tune:
    """Somebody wants to see a performance as it happens."""

    TAG: ClassVar[str] = "tune"
    session: EntryId
    """Which."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Tune":
        """Raises RejectionError when `body` is none."""
        return cls(EntryId(Fields(cls.TAG, body, 1).exactly(32)))


@dataclass(frozen=True, slots=True)
class Untune:
    """Somebody does not want to see a performance any more."""

    TAG: ClassVar[str] = "untune"
    session: EntryId
    """Which."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Untune":
        """Raises RejectionError when `body` is none."""
        return cls(EntryId(Fields(cls.TAG, body, 1).exactly(32)))


@dataclass(frozen=True, slots=True)
class Tuned:
    """A node passes a performance on to the one that asked."""

    TAG: ClassVar[str] = "tuned"
    session: EntryId
    """Which."""
    depth: int
    """How many hops it is from the performer to the one that asked."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session, self.depth)

    @classmethod
    def from_body(cls, body: Canonical) -> "Tuned":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(EntryId(fields.exactly(32)), fields.integer(1, MAX_DEPTH))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A node does not pass a performance on (any more); others may."""

    TAG: ClassVar[str] = "elsewhere"
    session: EntryId
    """Which."""
    nodes: tuple[NodeKey, ...]
    """Those to whom it passes it on; may be none."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session, self.nodes)

    @classmethod
    def from_body(cls, body: Canonical) -> "Elsewhere":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(
            EntryId(fields.exactly(32)),
            tuple(
                NodeKey(Fields("node", (node,), 1).exactly(32))
                for node in fields.array(0, MAX_NAMED)
            ),
        )


@dataclass(frozen=True, slots=True)
class Over:
    """A performance ended before its time."""

    TAG: ClassVar[str] = "over"
    session: EntryId
    """Which."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.session,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Over":
        """Raises RejectionError when `body` is none."""
        return cls(EntryId(Fields(cls.TAG, body, 1).exactly(32)))
