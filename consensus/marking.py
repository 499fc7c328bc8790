"""Marking: what only the whole set of entries shows of lots and stakes, found entry by entry.

The clear forms are `contested_lots` and `slashed_stakes` of `consensus.forks`.
"""

from collections.abc import Callable, Collection, Iterable

from consensus.forks import Move, lots_moved_twice, stakes_at_risk
from consensus.identifiers import EntryId
from consensus.lots import LotKey
from consensus.movements import Movements

Chain = Callable[[EntryId], Iterable[EntryId]]
"""The entries from number 0 to one of them."""


class Marking:
    """The marks, with the movements that they follow from. They only ever switch on."""

    __slots__ = ("contested", "movements", "slashed")

    def __init__(self) -> None:
        """Nothing has moved."""
        self.movements = Movements()
        """What applied entries moved."""
        self.contested: frozenset[LotKey] = frozenset()
        """The mark contested(lot)."""
        self.slashed: frozenset[EntryId] = frozenset()
        """The mark slashed(stake)."""

    def take(self, fresh: Iterable[tuple[EntryId, Collection[EntryId]]], chain: Chain) -> None:
        """Marks what entries moved twice, what burns for it, and all that flowed from it.

        `fresh` are entries that were applied, each with the heads of its author where there are
        several of them.
        """
        found: set[LotKey] = set()
        for entry, heads in fresh:
            move = self.movements.get(entry)
            if move is None:
                continue
            if heads:
                found |= self._moved_twice(entry, heads, chain)
            flows_on = self.movements.origin(move) in self.contested
            if flows_on or self.movements.stake_behind(move) in self.slashed:
                found.add(move.key)
        if not found <= self.contested:
            self.contested = frozenset(self.movements.reached_from(found, self.contested))

    def _moved_twice(self, entry: EntryId, heads: Collection[EntryId], chain: Chain) -> set[LotKey]:
        """What the branch up to `entry` and any other branch both moved, and what came back from
        the stakes that burn for it."""
        branch = self._moves(chain(entry))
        found: set[LotKey] = set()
        at_risk: set[EntryId] = set()
        for head in heads:
            other = self._moves(chain(head))
            twice = lots_moved_twice(branch, other)
            if twice:
                found |= twice
                at_risk |= stakes_at_risk(branch, other)
        return found | self._slash(at_risk - self.slashed, heads, chain)

    def _slash(self, stakes: set[EntryId], heads: Collection[EntryId], chain: Chain) -> set[LotKey]:
        """Marks stakes; returns the lots that came back from them."""
        self.slashed |= stakes
        return {
            move.key
            for head in (heads if stakes else ())
            for move in self._moves(chain(head))
            if self.movements.stake_behind(move) in stakes
        }

    def _moves(self, entries: Iterable[EntryId]) -> list[Move]:
        moves = map(self.movements.get, entries)
        return [move for move in moves if move is not None]
