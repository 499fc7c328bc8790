"""Lots: coins with their history, and what one entry hands to another."""

from typing import NamedTuple

from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.units import MicroJam


class LotKey(NamedTuple):
    """Which part of a lot: born in one mint, come along one path. Its holder is the path's last."""

    origin: LotId
    """The mint."""
    path: tuple[IdentityId, ...]
    """The holders in turn, from whoever the mint paid to the one who holds it."""

    @property
    def holder(self) -> IdentityId:
        """Who holds it."""
        return self.path[-1]


class Claim(NamedTuple):
    """What an entry hands to somebody; it enters their chain when they receive it."""

    source: EntryId
    """The entry that hands it over."""
    key: LotKey
    """Where it will stand."""
    amount_ujam: MicroJam
    """How much."""


def extended_path(path: tuple[IdentityId, ...], recipient: IdentityId) -> tuple[IdentityId, ...]:
    """The path after the lot went to `recipient`; a loop is cut out where it closes."""
    if recipient in path:
        return path[: path.index(recipient) + 1]
    return (*path, recipient)
