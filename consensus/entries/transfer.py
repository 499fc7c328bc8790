"""Entries that move coins: transfer, receive, decline."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.lots import LotKey, extended_path
from consensus.rejections import RejectionError, RejectionReason
from consensus.units import MicroJam

MAX_PATH: Final = 256


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hands part of a lot to somebody. It leaves at once and can't be taken back."""

    KIND: ClassVar[str] = "transfer"
    lot: LotKey
    """Which of the author's lots; its path ends with the author."""
    amount_ujam: MicroJam
    """How much of it."""
    recipient: IdentityId
    """To whom."""
    valuation_ujam: MicroJam | None
    """What it is worth to the giver, if they say so; no effect in law."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        valuation = () if self.valuation_ujam is None else (self.valuation_ujam,)
        return (self.lot.origin, self.lot.path, self.amount_ujam, self.recipient, valuation)

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (EntryId(self.lot.origin),)

    @classmethod
    def from_body(cls, body: Canonical) -> "Transfer":
        """Raises RejectionError when `body` is no transfer."""
        fields = Fields("transfer", body, 5)
        origin = LotId(fields.exactly(32))
        path = tuple(
            IdentityId(Fields("holder", (holder,), 1).exactly(32))
            for holder in fields.array(1, MAX_PATH)
        )
        amount = MicroJam(fields.integer(1))
        recipient = IdentityId(fields.exactly(32))
        valuation = fields.array(0, 1)
        stated = (
            MicroJam(Fields("valuation", valuation, 1).integer(0, 2**63)) if valuation else None
        )
        if len(extended_path(path, recipient)) > MAX_PATH:
            raise RejectionError(RejectionReason.OUT_OF_RANGE, "transfer: too long a path")
        return cls(LotKey(origin, path), amount, recipient, stated)


@dataclass(frozen=True, slots=True)
class Receive:
    """Takes into the author's purse what another entry hands to them."""

    KIND: ClassVar[str] = "receive"
    source: EntryId
    """A mint that owes the author a share, a transfer to them, or a decline of theirs."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.source,)

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.source,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Receive":
        """Raises RejectionError when `body` is no receive."""
        return cls(EntryId(Fields("receive", body, 1).exactly(32)))


class DeclineReason(IntEnum):
    """Why somebody turns coins down."""

    UNSAID = 0
    NOT_WORTH = 1
    UNKNOWN_GIVER = 2
    DISPUTED = 3
    NOT_MEANT = 4


MAX_DECLINE_REASON: Final = max(DeclineReason)


@dataclass(frozen=True, slots=True)
class Decline:
    """Turns down a transfer to the author; its giver may receive it back."""

    KIND: ClassVar[str] = "decline"
    transfer: EntryId
    """The transfer."""
    reason: DeclineReason = DeclineReason.UNSAID
    """Why; no effect in law."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.transfer, int(self.reason))

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.transfer,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Decline":
        """Raises RejectionError when `body` is no decline."""
        fields = Fields("decline", body, 2)
        transfer = EntryId(fields.exactly(32))
        return cls(transfer, DeclineReason(fields.integer(0, MAX_DECLINE_REASON)))
