"""Entries that put coins at stake: stake locks part of a lot, unstake hands it back later."""

from dataclasses import dataclass
from typing import ClassVar

from consensus.encoding import Canonical
from consensus.entries.transfer import MAX_PATH
from consensus.fields import Fields
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.lots import LotKey
from consensus.units import MicroJam


@dataclass(frozen=True, slots=True)
class Stake:
    """Locks part of a lot: whoever forks and moves a lot twice loses it."""

    KIND: ClassVar[str] = "stake"
    lot: LotKey
    """Which of the author's lots; its path ends with the author."""
    amount_ujam: MicroJam
    """How much of it."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.lot.origin, self.lot.path, self.amount_ujam)

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (EntryId(self.lot.origin),)

    @classmethod
    def from_body(cls, body: Canonical) -> "Stake":
        """Raises RejectionError when `body` is no stake."""
        fields = Fields("stake", body, 3)
        origin = LotId(fields.exactly(32))
        path = tuple(
            IdentityId(Fields("holder", (holder,), 1).exactly(32))
            for holder in fields.array(1, MAX_PATH)
        )
        return cls(LotKey(origin, path), MicroJam(fields.integer(1)))


@dataclass(frozen=True, slots=True)
class Unstake:
    """Takes a stake of the author's own back; its coins are received under the path they had."""

    KIND: ClassVar[str] = "unstake"
    stake: EntryId
    """The stake."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.stake,)

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.stake,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Unstake":
        """Raises RejectionError when `body` is no unstake."""
        return cls(EntryId(Fields("unstake", body, 1).exactly(32)))
