"""Holdings: what is in purses and at stake, and the digest by which two nodes compare it."""

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from consensus.chain import ChainState
from consensus.encoding import digest, encode
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey
from consensus.units import MicroJam

Tips = Mapping[IdentityId, Mapping[EntryId, ChainState]]
"""The heads of authors' branches, with what each has come to."""


class Holding(NamedTuple):
    """Part of a lot in somebody's purse or at stake, on one branch of their chain."""

    key: LotKey
    """Which lot, and who holds it."""
    amount_ujam: MicroJam
    """How much."""
    is_contested: bool
    """Whether it derives from a lot that a fork moved twice."""
    stake: EntryId | None = None
    """The stake in which it is locked; None for what is in the purse."""
    is_slashed: bool = False
    """Whether that stake burnt."""

    @property
    def marks(self) -> int:
        """1 for contested, 2 for staked, 4 for slashed, summed."""
        return self.is_contested + 2 * (self.stake is not None) + 4 * self.is_slashed


class Marks(NamedTuple):
    """What the whole set of entries says of single things; only ever switches on."""

    contested: Set[LotKey]
    """Lots that a fork moved twice, and what came from them."""
    slashed: Set[EntryId]
    """Stakes that burnt for it."""


def holdings(tips: Tips, marks: Marks, authors: Iterable[IdentityId]) -> list[Holding]:
    """What the authors hold and have at stake, in order of (lot, path); forked authors' by
    branch."""
    held: list[Holding] = []
    for author in authors:
        for state in tips.get(author, {}).values():
            for key, amount in state.purse.items():
                held.append(Holding(key, amount, key in marks.contested))
            for stake, (key, amount, _) in state.stakes.items():
                is_slashed = stake in marks.slashed
                held.append(Holding(key, amount, key in marks.contested, stake, is_slashed))
    return sorted(held, key=_order)


def _order(holding: Holding) -> tuple[LotKey, int, int, bytes]:
    return (holding.key, holding.amount_ujam, holding.marks, holding.stake or b"")


def digest_of(tips: Tips, marks: Marks, authors: Iterable[IdentityId]) -> bytes:
    """32 bytes over all heads of the authors, and over all they hold with its marks."""
    authors = sorted(authors)
    heads = sorted(
        (author, state.number, head)
        for author in authors
        for head, state in tips.get(author, {}).items()
    )
    lots = tuple(
        (holding.key.origin, holding.key.path, holding.amount_ujam, holding.marks)
        for holding in holdings(tips, marks, authors)
    )
    return digest(encode((tuple(heads), lots)))
