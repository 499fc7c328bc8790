"""Movements: which entry moved which lot, and which lot flowed into which."""

from collections.abc import Iterable, Iterator, Mapping

from consensus.entries import Body
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.forks import Manner, Move
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import Claim, LotKey

Claims = Mapping[EntryId, Mapping[IdentityId, Claim]]
"""What applied entries hand over, by entry and taker."""


def move_of(entry: EntryId, author: IdentityId, body: Body, claims: Claims) -> Move | None:
    """What an applied entry moved; None for one that moves nothing."""
    match body:
        case Transfer(lot=lot):
            return Move(entry, lot, Manner.TRANSFERRED)
        case Stake(lot=lot):
            return Move(entry, lot, Manner.STAKED)
        case Unstake(stake=stake):
            return Move(entry, claims[entry][author].key, Manner.UNSTAKED, stake)
        case Receive(source=source):
            return Move(entry, claims[source][author].key, Manner.RECEIVED, source)
        case Decline(transfer=source):
            return Move(entry, claims[source][author].key, Manner.DECLINED, source)
        case _:
            return None


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
        given = self._given(move)
        return None if given is None or given.manner is not Manner.TRANSFERRED else given.key

    def stake_behind(self, move: Move) -> EntryId | None:
        """The stake from which a receive took coins back; None for everything else."""
        given = self._given(move)
        return None if given is None or given.manner is not Manner.UNSTAKED else given.source

    def _given(self, move: Move) -> Move | None:
        """What a receive took, where that was moved before; None for everything else."""
        if move.manner is not Manner.RECEIVED or move.source is None:
            return None
        return self._moves.get(move.source)

    def __iter__(self) -> Iterator[Move]:
        """All moves, in the order in which they were applied."""
        return iter(self._moves.values())

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
