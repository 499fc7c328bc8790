"""Movements: which entry moved which lot, and which lot flowed into which."""

from collections.abc import Iterable

from consensus.forks import Move
from consensus.identifiers import EntryId
from consensus.lots import LotKey


class Movements:
    """The moves of applied entries. What flowed is counted, so that it can be taken back."""

    __slots__ = ("_flows", "_moves")

    def __init__(self) -> None:
        """Nothing has moved."""
        self._moves: dict[EntryId, Move] = {}
        self._flows: dict[LotKey, dict[LotKey, int]] = {}

    def get(self, entry: EntryId) -> Move | None:
        """What an entry moved; None for one that moves nothing."""
        return self._moves.get(entry)

    def note(self, move: Move) -> None:
        """An entry was applied that moves something; what it takes from is noted already."""
        self._moves[move.entry] = move
        origin = self.origin(move)
        if origin is not None:
            flows = self._flows.setdefault(origin, {})
            flows[move.key] = flows.get(move.key, 0) + 1

    def forget(self, entries: Iterable[EntryId]) -> None:
        """Entries are not applied any more."""
        going = [move for entry in entries if (move := self._moves.get(entry)) is not None]
        for move in going:
            origin = self.origin(move)
            if origin is not None:
                self._ebb(origin, move.key)
        for move in going:
            del self._moves[move.entry]

    def origin(self, move: Move) -> LotKey | None:
        """The lot whose coins a receive put elsewhere; None for mints, declines and the rest."""
        if move.source is None or move.is_declined:
            return None
        given = self._moves.get(move.source)
        return None if given is None or given.is_declined else given.key

    def reached_from(self, keys: Iterable[LotKey], reached: Iterable[LotKey]) -> set[LotKey]:
        """`reached`, and `keys` with everything that flowed from them."""
        found, fresh = set(reached), set(keys)
        while fresh:
            key = fresh.pop()
            found.add(key)
            fresh |= self._flows.get(key, {}).keys() - found
        return found

    def _ebb(self, origin: LotKey, key: LotKey) -> None:
        flows = self._flows[origin]
        flows[key] -= 1
        if not flows[key]:
            del flows[key]
            if not flows:
                del self._flows[origin]
