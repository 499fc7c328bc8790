"""The pen: writes the node's own chain, one entry at a time, in the order in which it was asked."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from consensus.entries import Body
from consensus.entry import Entry, sealed
from consensus.identifiers import NO_ENTRY
from consensus.parameters import RULES_VERSION
from consensus.rejections import RejectionError
from consensus.signing import Domain
from consensus.statement import Statement, stated
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.effects import Sign
from popd.node.notices import OwnEntryRejected, OwnEntryWritten
from popd.node.purposes import ForEntry

MAX_DRAFTS: Final = 1_024
"""What a busy node may owe its chain; beyond, the newest is refused."""

Draft = Callable[[Milliseconds], Body | None]
"""Makes a body at the time of writing, or None when there is nothing to write any more.

May raise RejectionError when law would not have it."""

OnRejected = Callable[[RejectionError], None]


@dataclass(slots=True)
class Pen:
    """Drafts waiting to be written."""

    context: Context
    """The node."""
    admit: Callable[[Statement], None]
    """Takes the written entry into the ledger."""
    drafts: deque[tuple[Draft, OnRejected | None]]
    """In order, each with whom to tell when law would not have it."""
    is_held: bool = False
    """Nothing is written until it is known how far the chain came."""
    is_busy: bool = False
    """An entry is being signed."""

    def write(self, draft: Draft, on_rejected: OnRejected | None = None) -> None:
        """Writes an entry as soon as those before it are written."""
        if len(self.drafts) < MAX_DRAFTS:
            self.drafts.append((draft, on_rejected))
        self._write_next()

    def release(self) -> None:
        """From now on drafts are written, those that wait first."""
        self.is_held = False
        self._write_next()

    def signed(self, entry: Entry, signature: bytes) -> None:
        """An entry is signed: it goes into the ledger, to the store, and spreads."""
        self.is_busy = False
        statement = stated(sealed(entry, signature))
        self.admit(statement)
        self.context.tell(OwnEntryWritten(statement.id, entry.kind))
        self._write_next()

    def _write_next(self) -> None:
        while self.drafts and not (self.is_busy or self.is_held):
            entry = self._entry(*self.drafts.popleft())
            if entry is not None:
                self.is_busy = True
                subject = sealed(entry, b"").id
                self.context.do(Sign(ForEntry(entry), Domain.ENTRY, subject, None))

    def _entry(self, draft: Draft, on_rejected: OnRejected | None) -> Entry | None:
        ledger = self.context.ledger
        state = ledger.state(self.context.identity)
        number, prev, time_ms = -1, NO_ENTRY, self.context.now_ms
        if state is not None:
            number, prev, time_ms = state.number, state.head, max(time_ms, state.time_ms)
        try:
            body = draft(time_ms)
            if body is None:
                return None
            entry = Entry(
                version=RULES_VERSION,
                network=self.context.params.name,
                author=self.context.identity,
                number=number + 1,
                prev=prev,
                refs=body.named(),
                time_ms=time_ms,
                kind=body.KIND,
                body=body.to_body(),
            )
            ledger.check(stated(sealed(entry, b"")))
        except RejectionError as error:
            self.context.tell(OwnEntryRejected(error.reason, error.message))
            if on_rejected is not None:
                on_rejected(error)
            return None
        return entry
