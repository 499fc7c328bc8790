"""Entries of disputes: report says that a block is not what it seems, diverge parts from a person.

Neither has an effect in law: three fresh keys could convict anybody. What they mean is opinion.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.rejections import RejectionError, RejectionReason


class ReportReason(IntEnum):
    """What a reporter holds against a block."""

    NOT_PLAYED_LIVE = 0
    COPIED = 1
    FALSE_WITNESS = 2
    STOLEN = 3
    OTHER = 4


class DivergeReason(IntEnum):
    """Why somebody parts from a person."""

    UNFAIR_PLAY = 0
    FALSE_WITNESS = 1
    MOVED_TWICE = 2
    STOLEN = 3
    OTHER = 4


MAX_REPORT_REASON: Final = max(ReportReason)
MAX_DIVERGE_REASON: Final = max(DivergeReason)


@dataclass(frozen=True, slots=True)
class Report:
    """Says that a block is not what it seems. No effect in law."""

    KIND: ClassVar[str] = "report"
    block: EntryId
    """The block."""
    reason: ReportReason
    """What is wrong with it."""
    words: ContentId | None
    """The salted blob with more words; None for no more."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.block, int(self.reason), self.words or b"")

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.block,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Report":
        """Raises RejectionError when `body` is no report."""
        fields = Fields("report", body, 3)
        block = EntryId(fields.exactly(32))
        reason = ReportReason(fields.integer(0, MAX_REPORT_REASON))
        words = fields.binary(0, 32)
        if len(words) not in (0, 32):
            raise RejectionError(RejectionReason.OUT_OF_RANGE, "report: words are 0 or 32 bytes")
        return cls(block, reason, ContentId(words) if words else None)


@dataclass(frozen=True, slots=True)
class Diverge:
    """Parts from somebody, until a reconcile takes it back. No effect in law."""

    KIND: ClassVar[str] = "diverge"
    identity: IdentityId
    """From whom."""
    reason: DivergeReason
    """Why."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.identity, int(self.reason))

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return ()

    @classmethod
    def from_body(cls, body: Canonical) -> "Diverge":
        """Raises RejectionError when `body` is no diverge."""
        fields = Fields("diverge", body, 2)
        identity = IdentityId(fields.exactly(32))
        return cls(identity, DivergeReason(fields.integer(0, MAX_DIVERGE_REASON)))
