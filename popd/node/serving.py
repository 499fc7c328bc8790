"""Serving: sends peers the entries that they ask for, oldest first, within a budget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from consensus.identifiers import NO_ENTRY, EntryId, NodeKey
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.messages.fresh import MAX_BATCH
from popd.node.messages.pulling import (
    MAX_ANSWER_BYTES,
    Served,
    WantChains,
    WantedChain,
    WantEntries,
)
from popd.node.standing import Standings

MAX_PORTION_BYTES: Final = 64_000
"""Bytes of entries in one message: a receiver takes some tens of milliseconds over it."""
WALK_COST_US: Final = 1
"""What looking at one entry of a chain is charged with."""
MAX_STEPS: Final = 50_000
"""After looking at so many entries for one request, no other chain is begun."""
BYTES_PER_COST_US: Final = 50
"""How many bytes of entries are sent in a microsecond of our time, about."""

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
        walk = Walk(self.context.ledger.statements)
        has_more = False
        for chain in message.chains:
            if walk.steps > MAX_STEPS or self.standings.is_spent(peer):
                has_more = True
                break
            before = walk.steps
            if chain.head in self.context.ledger.applied:
                walk.take(chain)
            self.standings.spend(peer, WALK_COST_US * (walk.steps - before))
        self._send(peer, message.request, sorted(walk.lacking.values(), key=BY_TIME), has_more)

    def serve_entries(self, peer: NodeKey, message: WantEntries) -> None:
        """Sends the entries that are asked for by id."""
        statements = self.context.ledger.statements
        held = [statements[entry] for entry in dict.fromkeys(message.ids) if entry in statements]
        self._send(peer, message.request, sorted(held, key=BY_TIME), has_more=False)

    def _send(
        self, peer: NodeKey, request: int, statements: Iterable[Statement], has_more: bool
    ) -> None:
        """An answer in portions; where the budget ends it says that there is more."""
        portion: list[bytes] = []
        size = total = 0
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
        self.standings.spend(peer, total // BYTES_PER_COST_US)


@dataclass(slots=True)
class Walk:
    """What one request lacks, found by walking down chains; no entry is walked over twice."""

    statements: Mapping[EntryId, Statement]
    """Everything that is here."""
    lacking: dict[EntryId, Statement] = field(default_factory=dict)
    """What was found so far."""
    steps: int = 0
    """Entries looked at."""

    def take(self, chain: WantedChain) -> None:
        """Adds the entries from a head down to where its branch leaves what is known."""
        statements = self.statements
        author = statements[chain.head].entry.author
        cursors = {statements[head] for head in chain.known if head in statements}
        cursors = {cursor for cursor in cursors if cursor.entry.author == author}
        entry = chain.head
        while entry != NO_ENTRY and entry in statements and entry not in self.lacking:
            self.steps += 1
            statement = statements[entry]
            cursors = {self._down_to(cursor, statement.entry.number) for cursor in cursors}
            if statement in cursors:
                return
            self.lacking[entry] = statement
            entry = statement.entry.prev

    def _down_to(self, statement: Statement, number: int) -> Statement:
        """The ancestor of an entry at a number, or the entry where it is not above that.

        Of an entry that waits for those before it, the lowest that is here.
        """
        while statement.entry.number > number and statement.entry.prev in self.statements:
            self.steps += 1
            statement = self.statements[statement.entry.prev]
        return statement
