"""Forks: two entries of one author with one number, and what both branches moved, or burn."""

from collections.abc import Mapping, Sequence, Set
from enum import Enum
from itertools import combinations
from typing import Final, NamedTuple

from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey


class ForkProof(NamedTuple):
    """Why an author counts as forked; of several, the one with the lowest number is kept."""

    number: int
    """Where in the chain."""
    entries: tuple[EntryId, ...]
    """The two lowest ids with that number, or the one entry that declared something false."""


class Manner(Enum):
    """How an entry moves a lot."""

    TRANSFERRED = "transferred"
    """It went to somebody."""
    STAKED = "staked"
    """It was locked."""
    RECEIVED = "received"
    """It came into a purse."""
    DECLINED = "declined"
    """It was let go back to its giver."""
    UNSTAKED = "unstaked"
    """It may come back from a stake."""


SPENDING: Final = (Manner.TRANSFERRED, Manner.STAKED)


class Move(NamedTuple):
    """An entry that moved a lot."""

    entry: EntryId
    """The transfer, stake, receive, decline or unstake."""
    key: LotKey
    """The lot in the author's purse; of a decline, where it would have stood."""
    manner: Manner
    """What became of it."""
    source: EntryId | None = None
    """Of a receive or decline, the entry that handed it over; of an unstake, the stake."""


def worse_proof(first: ForkProof | None, second: ForkProof) -> ForkProof:
    """The proof that is kept: the lower number, then two entries before one, then lower ids."""
    if first is None:
        return second
    return min(first, second, key=lambda proof: (proof.number, -len(proof.entries), proof.entries))


def lots_moved_twice(one: Sequence[Move], other: Sequence[Move]) -> frozenset[LotKey]:
    """The lots that two branches of one author both moved.

    Either transfers or stakes on both took from the same lot, or one received what the other
    declined, so that the giver has it too: then it is what was received that counts as moved twice.
    Each branch is all moves of a head's chain; what they share is no double move.
    """
    mine, theirs = set(one).difference(other), set(other).difference(one)
    return frozenset(
        (_spent(mine) & _spent(theirs))
        | _received_though_declined(mine, theirs)
        | _received_though_declined(theirs, mine)
    )


def _spent(moves: Set[Move]) -> set[LotKey]:
    return {move.key for move in moves if move.manner in SPENDING}


def _received_though_declined(received: Set[Move], declined: Set[Move]) -> set[LotKey]:
    sources = {move.source for move in declined if move.manner is Manner.DECLINED}
    return {
        move.key for move in received if move.manner is Manner.RECEIVED and move.source in sources
    }


def stakes_at_risk(one: Sequence[Move], other: Sequence[Move]) -> frozenset[EntryId]:
    """The stakes that stood when two branches of one author parted."""
    shared = set(one).intersection(other)
    staked = {move.entry for move in shared if move.manner is Manner.STAKED}
    return frozenset(staked - {move.source for move in shared if move.manner is Manner.UNSTAKED})


def slashed_stakes(
    moves_of: Mapping[IdentityId, Sequence[Sequence[Move]]],
) -> frozenset[EntryId]:
    """All slashed stakes: those that stood where branches parted that moved a lot twice.

    `moves_of` as in `contested_lots`, of which this is a part.
    """
    slashed: set[EntryId] = set()
    for branches in moves_of.values():
        for one, other in combinations(branches, 2):
            if lots_moved_twice(one, other):
                slashed |= stakes_at_risk(one, other)
    return frozenset(slashed)


def contested_lots(
    moves_of: Mapping[IdentityId, Sequence[Sequence[Move]]],
) -> frozenset[LotKey]:
    """All contested lots: those that a fork moved twice, or that came back from a stake which is
    slashed, and whatever came from them.

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
    slashed = slashed_stakes(moves_of)
    received = [
        (every_move[move.source], move.key)
        for move in every_move.values()
        if move.manner is Manner.RECEIVED and move.source in every_move
    ]
    contested |= {key for given, key in received if given.source in slashed}
    grows = bool(contested)
    while grows:
        spread = {
            key
            for given, key in received
            if given.manner is Manner.TRANSFERRED and given.key in contested
        }
        grows = not spread <= contested
        contested |= spread
    return frozenset(contested)
