"""Forks: two entries of one author with one number, and the lots that both branches moved."""

from collections.abc import Mapping, Sequence, Set
from itertools import combinations
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
    """A transfer that took from a lot, a receive that put into one, or a decline that didn't."""

    entry: EntryId
    """The transfer, receive or decline."""
    key: LotKey
    """The lot in the author's purse; of a decline, where it would have stood."""
    source: EntryId | None
    """Of a receive or decline, the entry that handed it over; None for a transfer."""
    is_declined: bool = False
    """Whether it let the lot go back to its giver."""


def worse_proof(first: ForkProof | None, second: ForkProof) -> ForkProof:
    """The proof that is kept: the lower number, then two entries before one, then lower ids."""
    if first is None:
        return second
    return min(first, second, key=lambda proof: (proof.number, -len(proof.entries), proof.entries))


def lots_moved_twice(one: Sequence[Move], other: Sequence[Move]) -> frozenset[LotKey]:
    """The lots that two branches of one author both moved.

    Either transfers on both took from the same lot, or one received what the other declined, so
    that the giver has it too: then it is what was received that counts as moved twice.
    Each branch is all moves of a head's chain; what they share is no double move.
    """
    mine, theirs = set(one).difference(other), set(other).difference(one)
    return frozenset(
        (_spent(mine) & _spent(theirs))
        | _received_though_declined(mine, theirs)
        | _received_though_declined(theirs, mine)
    )


def _spent(moves: Set[Move]) -> set[LotKey]:
    return {move.key for move in moves if move.source is None}


def _received_though_declined(received: Set[Move], declined: Set[Move]) -> set[LotKey]:
    sources = {move.source for move in declined if move.is_declined}
    return {move.key for move in received if not move.is_declined and move.source in sources}


def contested_lots(
    moves_of: Mapping[IdentityId, Sequence[Sequence[Move]]],
) -> frozenset[LotKey]:
    """All contested lots: those that a fork moved twice, and whatever came from them.

    What is declined never stood in the lot it was for, so it comes back uncontested.

    `moves_of` has, for each author, the moves of each head's chain. Coins that came from a
    contested lot contest the lot that received them, whichever way they went. This is the clear
    form of what the ledger does entry by entry.
    """
    contested: set[LotKey] = set()
    for branches in moves_of.values():
        for one, other in combinations(branches, 2):
            contested |= lots_moved_twice(one, other)
    every_move = {
        move.entry: move for branches in moves_of.values() for branch in branches for move in branch
    }
    grows = bool(contested)
    while grows:
        spread = {
            move.key
            for move in every_move.values()
            if not move.is_declined
            and move.source in every_move
            and not every_move[move.source].is_declined
            and every_move[move.source].key in contested
        }
        grows = not spread <= contested
        contested |= spread
    return frozenset(contested)
