"""Admission: which entries are taken in, which have to wait, and who answers for bad ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from consensus.encoding import digest
from consensus.identifiers import EntryId, NodeKey
from consensus.ledger import Applied, Change
from consensus.rejections import RejectionError
from consensus.signing import SIGNATURE_SIZE
from consensus.statement import Statement, read_statement
from popd.node.context import Context
from popd.node.effects import Store
from popd.node.keeping import Keeping
from popd.node.offences import Offence
from popd.node.standing import Standings

MAX_WAITING: Final = 4_096
"""Entries that wait for others; what falls out is fetched again by comparing."""
MAX_DEFERRED: Final = 1_024
"""Entries ahead of our clock."""
FRESH_MS: Final = 60_000
"""What is older spreads by comparing alone."""
FOLD_COST_US: Final = 2
"""What folding one entry of a chain anew is charged with, where a branch begins."""
DEFERRED_CHECK_MS: Final = 100
"""How often it is looked at whether their time has come."""


class Taken(NamedTuple):
    """What came of a delivery."""

    new: list[EntryId]
    """What was not here before and is now."""
    beginnings: int
    """Chains that began in what was not here, whether or not they are kept."""
    old: int
    """Entries of what was new that are too old to spread by themselves."""


@dataclass(slots=True)
class Admission:
    """Entries on their way into the ledger."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who delivered what is wrong."""
    keeping: Keeping
    """What of it is kept."""
    on_applied: Callable[[Statement], None]
    """Lets the other parts react to an entry that took its place."""
    waiting: dict[EntryId, NodeKey | None] = field(default_factory=dict)
    """What the ledger keeps waiting, oldest first, and who delivered it."""
    deferred: dict[EntryId, tuple[Statement, NodeKey]] = field(default_factory=dict)
    """What is ahead of our clock, oldest first, and who delivered it."""
    is_watching_clock: bool = False
    """An alarm is set for the deferred."""
    read: Callable[[bytes, str], Statement] = read_statement
    """Reads what was delivered; where many nodes live in one process, once for all of them."""

    def __post_init__(self) -> None:
        """What the store held and still waits is bounded as well."""
        self.waiting.update(dict.fromkeys(self.context.ledger.waiting))

    def take(self, peer: NodeKey, wires: Iterable[bytes]) -> Taken:
        """Takes in what a peer delivered.

        What the bytes alone show to be wrong costs the peer, and the rest of its message.
        """
        new: list[EntryId] = []
        beginnings = old = 0
        fresh_ms = self.context.now_ms - FRESH_MS
        for wire in wires:
            if self.holds(EntryId(digest(wire[SIGNATURE_SIZE:]))):
                continue
            try:
                statement = self.read(wire, self.context.params.name)
            except RejectionError as error:
                self.standings.note(peer, Offence.FORGED, error.message)
                break
            if self._begins_branch(statement):
                if self.standings.is_spent(peer):
                    break
                self.standings.spend(peer, FOLD_COST_US * statement.entry.number)
            beginnings += statement.entry.number == 0
            if statement.entry.time_ms > self.context.now_ms:
                self._defer(statement, peer)
            elif self.keeping.admits(statement, peer):
                self.admit(statement, peer)
            else:
                continue
            new.append(statement.id)
            old += statement.entry.time_ms < fresh_ms
        return Taken(new, beginnings, old)

    def _begins_branch(self, statement: Statement) -> bool:
        """Whether a chain forks here, which takes folding it anew from its beginning."""
        entry, ledger = statement.entry, self.context.ledger
        return entry.prev in ledger.applied and entry.prev not in ledger.tips.get(entry.author, ())

    def holds(self, entry: EntryId) -> bool:
        """Whether an entry is here, settled or not."""
        return entry in self.context.ledger.statements or entry in self.deferred

    def admit(self, statement: Statement, deliverer: NodeKey | None = None) -> None:
        """Adds an entry to the ledger and keeps whatever was settled by it, and what that names.

        Without a deliverer it is one's own.
        """
        ledger = self.context.ledger
        changes = ledger.add(statement)
        if changes:
            self._keep(changes, deliverer)
        elif ledger.can_drop(statement.id):
            self.waiting[statement.id] = deliverer
            self._bound_waiting()
        for change in changes:
            if isinstance(change, Applied):
                self.on_applied(change.statement)

    def _keep(self, changes: Sequence[Change], deliverer: NodeKey | None) -> None:
        """Settled entries are kept, and those that are only there because these name them."""
        payers = [self.waiting.pop(change.statement.id, deliverer) for change in changes]
        named = self.keeping.note(changes, payers)
        for statement in named:
            self.waiting.pop(statement.id, None)
        self.context.do(Store((*(change.statement for change in changes), *named)))

    def _defer(self, statement: Statement, peer: NodeKey) -> None:
        self.deferred[statement.id] = statement, peer
        if len(self.deferred) > MAX_DEFERRED:
            del self.deferred[next(iter(self.deferred))]
        if not self.is_watching_clock:
            self.is_watching_clock = True
            self.context.call_after(DEFERRED_CHECK_MS, self._take_deferred)

    def _take_deferred(self) -> None:
        """Admits what our clock has come up with; one alarm watches over the whole pool."""
        now_ms = self.context.now_ms
        due = [item for item in self.deferred.values() if item[0].entry.time_ms <= now_ms]
        for statement, peer in due:
            del self.deferred[statement.id]
            if self.keeping.admits(statement, peer):
                self.admit(statement, peer)
        self.is_watching_clock = bool(self.deferred)
        if self.deferred:
            self.context.call_after(DEFERRED_CHECK_MS, self._take_deferred)

    def _bound_waiting(self) -> None:
        while len(self.waiting) > MAX_WAITING:
            oldest = next(iter(self.waiting))
            del self.waiting[oldest]
            if self.context.ledger.can_drop(oldest):
                self.context.ledger.drop(oldest)

    def lacking(self) -> Iterator[EntryId]:
        """What the waiting lack: all that they name, or the entry before them in a kept chain.

        What it yields will be admitted, whoever wrote it.
        """
        ledger = self.context.ledger
        for entry in self.waiting:
            blocker, header = ledger.blocker(entry), ledger.statements[entry].entry
            if blocker is None:
                continue
            if blocker in ledger.statements:
                if blocker != header.prev:
                    self.keeping.need_giver(header.author, ledger.statements[blocker].entry.author)
                continue
            if blocker == header.prev:
                lacking = [blocker] if self.keeping.is_whole(header.author) else []
            else:
                lacking = [ref for ref in header.refs if ref not in ledger.statements]
                self.keeping.want(header.author, lacking)
            yield from (item for item in lacking if item not in self.deferred)
