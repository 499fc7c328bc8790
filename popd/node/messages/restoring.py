"""How far somebody's chain has come: asked by whoever has its keys again, and nothing else."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId, IdentityId

MAX_TOLD_HEADS: Final = 16
"""Branches that are named; more than anybody forks by mistake."""


@dataclass(frozen=True, slots=True)
class HeadsAsked:
    """How far has this chain come?"""

    TAG: ClassVar[str] = "heads?"
    author: IdentityId
    """Whose."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.author,)

    @classmethod
    def from_body(cls, body: Canonical) -> "HeadsAsked":
        """Raises RejectionError when `body` is none."""
        return cls(IdentityId(Fields(cls.TAG, body, 1).exactly(32)))


@dataclass(frozen=True, slots=True)
class HeadsTold:
    """So far, as the sender knows; it can be asked for the entries."""

    TAG: ClassVar[str] = "heads!"
    author: IdentityId
    """Whose."""
    heads: tuple[EntryId, ...]
    """The last entry of each branch; none where nothing is known."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.author, self.heads)

    @classmethod
    def from_body(cls, body: Canonical) -> "HeadsTold":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        author = IdentityId(fields.exactly(32))
        heads = fields.array(0, MAX_TOLD_HEADS)
        return cls(author, tuple(EntryId(Fields("head", (head,), 1).exactly(32)) for head in heads))
