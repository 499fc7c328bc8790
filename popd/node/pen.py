"""The pen: writes the node's own chain, one entry at a time, in the order in which it was asked.

One device holds it. There the keystore signs; a companion asks that device instead, and its entry
is written when it is in the ledger. Where another entry took its place, it is drafted once more.
What the user asked for can be taken back until it is written.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from consensus.entries import Body
from consensus.entry import Entry, sealed
from consensus.identifiers import NO_ENTRY, EntryId
from consensus.parameters import RULES_VERSION
from consensus.rejections import RejectionError
from consensus.signing import Domain
from consensus.statement import Statement, stated
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.effects import Sign
from popd.node.notices import OwnEntryRejected, OwnEntryTakenBack, OwnEntryWritten
from popd.node.own_effects import Unsign
from popd.node.purposes import ForEntry

MAX_DRAFTS: Final = 1_024
"""What a busy node may owe its chain; beyond, the newest is refused."""

Draft = Callable[[Milliseconds], Body | None]
"""Makes a body at the time of writing, or None when there is nothing to write any more.

May raise RejectionError when law would not have it. It may be called again where another entry was
written first."""

OnRejected = Callable[[RejectionError], None]


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that is to be written."""

    draft: Draft
    """Makes it."""
    on_rejected: OnRejected | None
    """Whom to tell when law would not have it."""
    is_command: bool
    """The user asked for it, waits, and may take it back."""


@dataclass(slots=True)
class Asked:
    """An entry that another device is asked to sign."""

    entry: Entry
    """The entry."""
    id: EntryId
    """Its id, which does not depend on the signature."""
    due: Due
    """What it was made from."""
    is_taken_back: bool = False
    """The user does not want it any more; the other device has not said yet that it won't be."""


@dataclass(slots=True)
class Pen:
    """Drafts waiting to be written."""

    context: Context
    """The node."""
    admit: Callable[[Statement], None]
    """Takes the written entry into the ledger."""
    drafts: deque[Due]
    """In order."""
    is_held: bool = False
    """Nothing is written until it is known how far the chain came."""
    is_busy: bool = False
    """An entry is being signed."""
    signing: EntryId | None = None
    """Which, where it is signed here."""
    is_commanded: bool = False
    """The user wants it."""
    asked: Asked | None = None
    """On a companion: what the device that holds the pen is asked for."""
    ask: Callable[[], None] | None = None
    """On a companion: asks it."""
    lend: Callable[[], None] | None = None
    """On the device that holds it: lets companions write, when it is free."""

    def write(
        self, draft: Draft, on_rejected: OnRejected | None = None, *, is_command: bool = False
    ) -> None:
        """Writes an entry as soon as those before it are written."""
        if len(self.drafts) < MAX_DRAFTS:
            self.drafts.append(Due(draft, on_rejected, is_command))
        self._write_next()

    def take_back(self) -> None:
        """Nothing of what the user asked for and is not written yet is to be written.

        Tells so as soon as it is certain; what another device was asked for it may have signed.
        """
        waiting = [due for due in self.drafts if not due.is_command]
        if len(waiting) < len(self.drafts):
            self.drafts = deque(waiting)
            self.context.tell(OwnEntryTakenBack())
        if self.asked is not None and self.asked.due.is_command:
            self.asked.is_taken_back = True
            self._ask()
        elif self.signing is not None and self.is_commanded:
            self.context.tell(OwnEntryTakenBack())
            self.withdraw()

    @property
    def is_taking_back(self) -> bool:
        """Whether it is not certain yet if what the user took back was written."""
        return self.asked is not None and self.asked.is_taken_back

    def release(self) -> None:
        """From now on drafts are written, those that wait first."""
        self.is_held = False
        self._write_next()

    def sign(self, entry: Entry) -> None:
        """Has an entry signed; the pen must be free."""
        assert not self.is_busy, "one entry at a time"
        assert not self.is_held, "nothing before the chain is known"
        self.is_busy, self.is_commanded = True, False
        self.signing = sealed(entry, b"").id
        self.context.do(Sign(ForEntry(entry), Domain.ENTRY, self.signing, None))

    def signed(self, entry: Entry, signature: bytes) -> None:
        """An entry is signed: it goes into the ledger, to the store, and spreads."""
        statement = stated(sealed(entry, signature))
        if statement.id != self.signing:
            return  # it was withdrawn meanwhile
        self.signing, self.is_busy = None, False
        self.admit(statement)
        self.context.tell(OwnEntryWritten(statement.id, entry.kind))
        self._write_next()

    def withdraw(self) -> None:
        """What is being signed here is not wanted any more; what waits has its turn."""
        if self.signing is not None:
            self.context.do(Unsign(self.signing))
            self.signing, self.is_busy = None, False
            self._write_next()

    def on_own(self, statement: Statement) -> None:
        """An own entry is in the chain: on a companion the one that was asked for, or another."""
        asked = self.asked
        if asked is None or statement.entry.number < asked.entry.number:
            return
        if statement.id == asked.id:
            self._settle()
            self.context.tell(OwnEntryWritten(statement.id, statement.entry.kind))
            self._write_next()
        else:
            self.redraft()

    def redraft(self) -> None:
        """What was asked for can't be written any more: it is drafted anew, and comes first.

        Unless the user has taken it back.
        """
        asked = self.asked
        if asked is not None:
            self._settle()
            if asked.is_taken_back:
                self.context.tell(OwnEntryTakenBack())
            else:
                self.drafts.appendleft(asked.due)
            self._write_next()

    def refused(self, error: RejectionError) -> None:
        """What was asked for is against a rule, by the device that holds the pen."""
        asked = self.asked
        if asked is not None:
            self._settle()
            self._reject(error, asked.due.on_rejected)
            self._write_next()

    def _settle(self) -> None:
        self.asked, self.is_busy = None, False

    def _write_next(self) -> None:
        if self.lend is not None and not (self.is_busy or self.is_held):
            self.lend()
        while self.drafts and not (self.is_busy or self.is_held):
            due = self.drafts.popleft()
            entry = self._entry(due.draft, due.on_rejected)
            if entry is None:
                continue
            if self.ask is None:
                self.sign(entry)
                self.is_commanded = due.is_command
            else:
                self.is_busy = True
                self.asked = Asked(entry, sealed(entry, b"").id, due)
                self._ask()

    def _ask(self) -> None:
        assert self.ask is not None, "another device holds the pen"
        self.ask()

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
            self._reject(error, on_rejected)
            return None
        return entry

    def _reject(self, error: RejectionError, on_rejected: OnRejected | None) -> None:
        self.context.tell(OwnEntryRejected(error.reason, error.message))
        if on_rejected is not None:
            on_rejected(error)
