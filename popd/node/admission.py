"""Admission: which entries are taken in, which have to wait, and who answers for bad ones."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from consensus.encoding import digest
from consensus.identifiers import EntryId, NodeKey
from consensus.ledger import Applied
from consensus.rejections import RejectionError
from consensus.signing import SIGNATURE_SIZE
from consensus.statement import Statement, read_statement
from popd.node.context import Context
from popd.node.effects import Store
from popd.node.standing import Offence, Standings

MAX_WAITING: Final = 4_096
"""Entries that wait for others; what falls out is fetched again by comparing."""
MAX_DEFERRED: Final = 1_024
"""Entries ahead of our clock."""
DEFERRED_CHECK_MS: Final = 100
"""How often it is looked at whether their time has come."""


@dataclass(slots=True)
class Admission:
    """Entries on their way into the ledger."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who delivered what is wrong."""
    on_applied: Callable[[Statement], None]
    """Lets the other parts react to an entry that took its place."""
    waiting: dict[EntryId, None] = field(default_factory=dict)
    """What the ledger keeps waiting, oldest first."""
    deferred: dict[EntryId, Statement] = field(default_factory=dict)
    """What is ahead of our clock, oldest first."""
    is_watching_clock: bool = False
    """An alarm is set for the deferred."""

    def take(self, peer: NodeKey, wires: Iterable[bytes]) -> list[EntryId]:
        """Takes in what a peer delivered; returns which of it was new, and is here now.

        What the bytes alone show to be wrong costs the peer, and the rest of its message.
        """
        new: list[EntryId] = []
        for wire in wires:
            if self.holds(EntryId(digest(wire[SIGNATURE_SIZE:]))):
                continue
            try:
                statement = read_statement(wire, self.context.params.name)
            except RejectionError as error:
                self.standings.note(peer, Offence.FORGED, error.message)
                break
            new.append(statement.id)
            if statement.entry.time_ms > self.context.now_ms:
                self._defer(statement)
            else:
                self.admit(statement)
        return new

    def holds(self, entry: EntryId) -> bool:
        """Whether an entry is here, settled or not."""
        return entry in self.context.ledger.statements or entry in self.deferred

    def admit(self, statement: Statement) -> None:
        """Adds an entry to the ledger and keeps for good whatever was settled by it."""
        ledger = self.context.ledger
        changes = ledger.add(statement)
        if ledger.is_waiting(statement.id):
            self.waiting[statement.id] = None
            self._bound_waiting()
        for change in changes:
            self.waiting.pop(change.statement.id, None)
        if changes:
            self.context.do(Store(tuple(change.statement for change in changes)))
        for change in changes:
            if isinstance(change, Applied):
                self.on_applied(change.statement)

    def _defer(self, statement: Statement) -> None:
        self.deferred[statement.id] = statement
        if len(self.deferred) > MAX_DEFERRED:
            del self.deferred[next(iter(self.deferred))]
        if not self.is_watching_clock:
            self.is_watching_clock = True
            self.context.call_after(DEFERRED_CHECK_MS, self._take_deferred)

    def _take_deferred(self) -> None:
        """Admits what our clock has come up with; one alarm watches over the whole pool."""
        now_ms = self.context.now_ms
        due = [item for item in self.deferred.values() if item.entry.time_ms <= now_ms]
        for statement in due:
            del self.deferred[statement.id]
            self.admit(statement)
        self.is_watching_clock = bool(self.deferred)
        if self.deferred:
            self.context.call_after(DEFERRED_CHECK_MS, self._take_deferred)

    def _bound_waiting(self) -> None:
        while len(self.waiting) > MAX_WAITING:
            oldest = next(iter(self.waiting))
            del self.waiting[oldest]
            if self.context.ledger.can_drop(oldest):
                self.context.ledger.drop(oldest)
