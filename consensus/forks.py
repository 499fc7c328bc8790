"""Forks: two entries of one author with one number, and the lots that both branches moved."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey


class ForkProof(NamedTuple):
    """Why an author counts as forked; of several, the one with the lowest number is kept."""

    number: int
    """Where in the chain."""
    entries: tuple[EntryId, ...]
    """The two lowest ids with that number, or the one entry that declared something false."""


class Move(NamedTuple):
    """A transfer that took from a lot, or a receive that put into one."""

    entry: EntryId
    """The transfer or receive."""
    key: LotKey
    """The lot in the author's purse."""
    source: EntryId | None
    """Of a receive, the entry that handed it over; None for a transfer."""


def worse_proof(first: ForkProof | None, second: ForkProof) -> ForkProof:
    """The proof that is kept: the lower number, then two entries before one, then lower ids."""
    if first is None:
        return second
    return min(first, second, key=lambda proof: (proof.number, -len(proof.entries), proof.entries))


def lots_moved_twice(branches: Sequence[Sequence[Move]]) -> frozenset[LotKey]:
    """The lots that transfers on two branches of one author both took from.

    `branches` are the moves of each head's whole chain; what they share is no double move.
    """
    spends = [
        {move.entry: move.key for move in branch if move.source is None} for branch in branches
    ]
    twice: set[LotKey] = set()
    for index, one in enumerate(spends):
        for other in spends[:index]:
            mine = {key for entry, key in one.items() if entry not in other}
            theirs = {key for entry, key in other.items() if entry not in one}
            twice |= mine & theirs
    return frozenset(twice)


def contested_lots(
    moves_of: Mapping[IdentityId, Sequence[Sequence[Move]]],
) -> frozenset[LotKey]:
    """All contested lots: those that a fork moved twice, and whatever came from them.

    `moves_of` has, for each author, the moves of each head's chain. Coins that came from a
    contested lot contest the lot that received them, whichever way they went.
    """
    contested: set[LotKey] = set()
    for branches in moves_of.values():
        if len(branches) > 1:
            contested |= lots_moved_twice(branches)
    every_move = {
        move.entry: move for branches in moves_of.values() for branch in branches for move in branch
    }
    grows = bool(contested)
    while grows:
        spread = {
            move.key
            for move in every_move.values()
            if move.source in every_move and every_move[move.source].key in contested
        }
        grows = not spread <= contested
        contested |= spread
    return frozenset(contested)
