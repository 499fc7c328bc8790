"""Entries about the chain itself: who the author is, and how what parted comes
together: heads after a fork, or people after a divergence."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import ContentId, EntryId
from consensus.rejections import RejectionError, RejectionReason

MAX_HEADS: Final = 16


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the author says to be; entry number 0 of every chain. No effect in law."""

    KIND: ClassVar[str] = "profile"
    name: ContentId | None
    """The salted blob with the name that people read; None for nobody in particular."""
    is_automated: bool
    """Declared by those that no person plays: practice neighbours, bots."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.name or b"", int(self.is_automated))

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return ()

    @classmethod
    def from_body(cls, body: Canonical) -> "Profile":
        """Raises RejectionError when `body` is no profile."""
        fields = Fields("profile", body, 2)
        name = fields.binary(0, 32)
        if len(name) not in (0, 32):
            raise RejectionError(RejectionReason.OUT_OF_RANGE, "profile: a name is 0 or 32 bytes")
        return cls(ContentId(name) if name else None, bool(fields.integer(0, 1)))


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Which heads a forked author knows of, and that this chain is the one that goes on.

    Or, with one name alone: that the author takes this divergence of theirs back.
    """

    KIND: ClassVar[str] = "reconcile"
    heads: tuple[EntryId, ...]
    """All heads of the author's own chains, `prev` first; or one `diverge` entry."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.heads,)

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return self.heads

    @classmethod
    def from_body(cls, body: Canonical) -> "Reconcile":
        """Raises RejectionError when `body` is no reconcile."""
        fields = Fields("reconcile", body, 1)
        return cls(
            tuple(
                EntryId(Fields("reconcile head", (head,), 1).exactly(32))
                for head in fields.array(1, MAX_HEADS)
            )
        )
