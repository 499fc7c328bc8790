"""Holdings: what is in purses, and the digest by which two nodes compare it."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from consensus.chain import ChainState
from consensus.encoding import digest, encode
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey
from consensus.units import MicroJam

Tips = Mapping[IdentityId, Mapping[EntryId, ChainState]]
"""The heads of authors' branches, with what each has come to."""


class Holding(NamedTuple):
    """Part of a lot in somebody's purse, on one branch of their chain."""

    key: LotKey
    """Which lot, and who holds it."""
    amount_ujam: MicroJam
    """How much."""
    is_contested: bool
    """Whether it derives from a lot that a fork moved twice."""


def holdings(
    tips: Tips, contested: Set[LotKey], authors: Iterable[IdentityId]
) -> Iterator[Holding]:
    """What the authors hold, in order of (lot, path); forked authors' by branch."""
    held = [
        (key, amount)
        for author in authors
        for state in tips.get(author, {}).values()
        for key, amount in state.purse.items()
    ]
    for key, amount in sorted(held):
        yield Holding(key, amount, key in contested)


def digest_of(tips: Tips, contested: Set[LotKey], authors: Iterable[IdentityId]) -> bytes:
    """32 bytes over all heads of the authors, and over all they hold with its marks."""
    authors = sorted(authors)
    heads = sorted(
        (author, state.number, head)
        for author in authors
        for head, state in tips.get(author, {}).items()
    )
    lots = tuple(
        (key.origin, key.path, amount, int(is_contested))
        for key, amount, is_contested in holdings(tips, contested, authors)
    )
    return digest(encode((tuple(heads), lots)))
