"""Evicting: lets go of strangers by whole suffix when their share is over its bound.

First what exceeds 256 entries of one stranger, the longest chains first; then whole chains of
the peer that delivered most, in the subnet that did, the youngest arrivals first. What something
kept is built upon stays: as a statement where it is only named, with its chain where coins were
taken from it. Where a peer's strangers stay only because other strangers took coins from them,
these lose what they built on it: nobody fills the share for good by paying themselves. Each event
does a little, so that nobody waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import Final

from consensus.identifiers import EntryId, IdentityId
from consensus.statement import Statement
from popd.node.accounts import Accounts
from popd.node.budgets import MAX_STRANGER_ENTRIES, low_water_bytes, strangers_bytes
from popd.node.context import Context
from popd.node.declined import Declined, Refusal
from popd.node.effects import Forget

STEP_ENTRIES: Final = 512
"""Entries that one event lets go, but for a chain that is cut in one piece: a few ms of work."""
STEP_PAUSE_MS: Final = 20
"""Between two steps other events have their turn."""
STUCK_MS: Final = 60_000
"""When nothing can go, it is tried again after this."""
MAX_PULLED: Final = 4_096
"""Entries that go along with one chain; what builds on more stays, and so does the chain."""
VICTIMS: Final = 32
"""Strangers that are looked at before it is asked again who takes up most."""


@dataclass(slots=True)
class Evicting:
    """What is being let go."""

    context: Context
    """The node."""
    accounts: Accounts
    """What is kept of each, and who delivered it."""
    declined: Declined
    """Who is not kept whole at present."""
    on_forgotten: Callable[[Sequence[Statement]], None]
    """Lets the other parts know which entries were let go."""
    is_on: bool = False
    """The strangers' share was over its bound, and is being emptied to below it."""
    entries: int = 0
    """How many were let go since the start."""
    aside: set[IdentityId] = field(default_factory=set)
    """Of whom nothing more can go in this round."""

    @property
    def share_bytes(self) -> int:
        """What all strangers may take now."""
        return strangers_bytes(self.context.settings.store_bytes, self.accounts.others_bytes)

    def watch(self) -> None:
        """Begins when strangers are over their bound."""
        if not self.is_on and self.accounts.strangers_bytes > self.share_bytes:
            self.is_on = True
            self.context.call_after(0, self._evict)

    def _evict(self) -> None:
        """Lets go of some of what is over the bound; the rest follows after other events."""
        left = STEP_ENTRIES
        while left > 0 and self._is_over():
            victims, is_pulling = self._victims()
            if not victims:
                self._finish()
                self.context.call_after(STUCK_MS, self._evict)
                return
            for author in victims:
                if left > 0 and self._is_over() and author in self.accounts.authors:
                    left -= self._cut(author, is_pulling)
        if self._is_over():
            self.context.call_after(STEP_PAUSE_MS, self._evict)
        else:
            self._finish()
            self.is_on = False

    def _is_over(self) -> bool:
        return self.accounts.strangers_bytes > low_water_bytes(self.share_bytes)

    def _finish(self) -> None:
        """What could not go in this round is looked at again in the next."""
        for author in self.aside:
            self.accounts.take_back(author)
        self.aside.clear()

    def _victims(self) -> tuple[list[IdentityId], bool]:
        """Who goes next: the longest chains, else the youngest of those who delivered most.

        And whether what other strangers build on it goes along: where nothing else of these can.
        """
        accounts = self.accounts
        long = accounts.long - self.aside
        if long:
            authors = accounts.authors
            return nsmallest(VICTIMS, long, key=lambda a: (-len(authors[a].entries), a)), False
        payers = (payer for payer in accounts.payers.values() if payer.authors or payer.stuck)
        heaviest = max(payers, key=lambda payer: (payer.of_subnet.bytes, payer.bytes), default=None)
        if heaviest is None:
            return [], False
        if heaviest.authors:
            return list(islice(reversed(heaviest.authors), VICTIMS)), False
        author, _ = heaviest.stuck.popitem()
        return [author], True

    def _cut(self, author: IdentityId, is_pulling: bool) -> int:
        """Lets go of what can go of a stranger; returns how much work that was, in entries."""
        account = self.accounts.authors[author]
        is_long = len(account.entries) > MAX_STRANGER_ENTRIES
        first = MAX_STRANGER_ENTRIES if is_long and not is_pulling else 0
        suffix = account.entries[first:]
        going = self.forget(self._with_builders(suffix) if is_pulling else suffix)
        self._decline(author, Refusal.CHAIN_IS_LONG if first else Refusal.EVICTED)
        if author in self.accounts.authors and not (first and going):
            self.aside.add(author)
            self.accounts.set_aside(author)
        return max(1, going, len(suffix) // 2)

    def _with_builders(self, suffix: Sequence[EntryId]) -> list[EntryId]:
        """A chain's end, and those of strangers that can't stay settled without it."""
        ledger, accounts = self.context.ledger, self.accounts
        found, queue = dict.fromkeys(suffix), list(suffix)
        while queue and len(found) < MAX_PULLED:
            entry = queue.pop()
            for builder in accounts.namers.get(entry, ()):
                author = ledger.statements[builder].entry.author
                account = accounts.authors[author]
                is_settled_on = entry in ledger.needs(builder).settled
                if builder not in found and account.payer is not None and is_settled_on:
                    tail = account.entries[account.entries.index(builder) :]
                    found.update(dict.fromkeys(tail))
                    queue += tail
                    self._decline(author, Refusal.EVICTED)
        return list(found)

    def _decline(self, author: IdentityId, refusal: Refusal) -> None:
        self.declined.note(author, refusal, self.context.now_ms)

    def forget(self, suffix: Sequence[EntryId]) -> int:
        """Lets go of what can go of a chain's end, and of what is kept only for it."""
        ledger = self.context.ledger
        statements = ledger.statements
        named = {
            ref for e in suffix for ref in statements[e].entry.refs if ref in self.accounts.named
        }
        going = [statements[entry] for entry in ledger.forgettable({*suffix, *named})]
        stranded = ledger.forget([statement.id for statement in going])
        self.accounts.forget(going)
        self.accounts.strand(stranded)
        self.entries += len(going)
        if going:
            self.context.do(Forget(tuple(statement.id for statement in going)))
            self.on_forgotten(going)
        return len(going)
