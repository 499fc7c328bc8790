"""Serving: sends peers the entries that they ask for, oldest first, within a budget."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from consensus.identifiers import NO_ENTRY, EntryId, NodeKey
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.messages.fresh import MAX_BATCH
from popd.node.messages.pulling import Served, WantChains, WantedChain, WantEntries
from popd.node.standing import Standings

MAX_ANSWER_BYTES: Final = 8_000_000
"""What one request may fetch; the asker asks again for the rest."""
MAX_PORTION_BYTES: Final = 64_000
"""Bytes of entries in one message: a receiver takes some tens of milliseconds over it."""
WALK_COST_US: Final = 1
"""What looking at one entry of a chain is charged with."""

BY_TIME: Final = attrgetter("entry.time_ms", "entry.number")
"""Law lets nothing name what is younger, so that in this order little has to wait."""


@dataclass(slots=True)
class Serving:
    """Answers to what peers ask for."""

    context: Context
    """The node."""
    standings: Standings
    """What each peer may still ask for."""

    def serve_chains(self, peer: NodeKey, message: WantChains) -> None:
        """Sends the entries up to heads that are not below the heads that the peer knows."""
        ledger = self.context.ledger
        lacking: dict[EntryId, Statement] = {}
        for chain in message.chains:
            if chain.head in ledger.applied:
                for statement in self._beyond(chain):
                    lacking[statement.id] = statement
        self.standings.spend(peer, WALK_COST_US * len(lacking))
        self._send(peer, message.request, sorted(lacking.values(), key=BY_TIME))

    def serve_entries(self, peer: NodeKey, message: WantEntries) -> None:
        """Sends the entries that are asked for by id."""
        statements = self.context.ledger.statements
        held = [statements[entry] for entry in message.ids if entry in statements]
        self._send(peer, message.request, sorted(held, key=BY_TIME))

    def _send(self, peer: NodeKey, request: int, statements: Iterable[Statement]) -> None:
        """An answer in portions; where the budget ends it says that there is more."""
        portion: list[bytes] = []
        size = total = 0
        has_more = False
        for statement in statements:
            wire = statement.wire
            if total + len(wire) > MAX_ANSWER_BYTES or not self.standings.may_send(peer, len(wire)):
                has_more = True
                break
            if portion and (size + len(wire) > MAX_PORTION_BYTES or len(portion) == MAX_BATCH):
                self.context.send(peer, Served(request, tuple(portion), False, False))
                portion, size = [], 0
            portion.append(wire)
            size += len(wire)
            total += len(wire)
        self.context.send(peer, Served(request, tuple(portion), True, has_more))

    def _beyond(self, chain: WantedChain) -> Iterator[Statement]:
        """The entries from a head down to where its branch leaves what is known."""
        statements = self.context.ledger.statements
        cursors = {statements[head] for head in chain.known if head in statements}
        entry = chain.head
        while entry != NO_ENTRY and entry in statements:
            statement = statements[entry]
            cursors = {self._down_to(cursor, statement.entry.number) for cursor in cursors}
            if statement in cursors:
                return
            yield statement
            entry = statement.entry.prev

    def _down_to(self, statement: Statement, number: int) -> Statement:
        """The ancestor of an entry at a number, or the entry where it is not above that."""
        while statement.entry.number > number:
            statement = self.context.ledger.statements[statement.entry.prev]
        return statement
