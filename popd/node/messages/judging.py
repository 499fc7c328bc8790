"""What a performer and the witnesses drawn say to each other before the word is given."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId

MAX_PONDERING_MS: Final = 1_200_000


@dataclass(frozen=True, slots=True)
class Pondering:
    """A witness has a person look at a block; their word may take a while."""

    TAG: ClassVar[str] = "pondering"
    block: EntryId
    """Which."""
    wait_ms: int
    """How long it may take; 0 when no word will come."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.block, self.wait_ms)

    @classmethod
    def from_body(cls, body: Canonical) -> "Pondering":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(EntryId(fields.exactly(32)), fields.integer(0, MAX_PONDERING_MS))


@dataclass(frozen=True, slots=True)
class Appeal:
    """A performer asks a witness that has not given its word for a human look."""

    TAG: ClassVar[str] = "appeal"
    block: EntryId
    """At which block."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.block,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Appeal":
        """Raises RejectionError when `body` is none."""
        return cls(EntryId(Fields(cls.TAG, body, 1).exactly(32)))
