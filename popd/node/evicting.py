"""Evicting: lets go of strangers by whole suffix when their share is over its bound.

First what exceeds 256 entries of one stranger, the longest chains first; then whole chains of
the peer that delivered most, in the subnet that did, the youngest arrivals first. What something
kept is built upon stays: as a statement where it is only named, with its chain where coins were
taken from it. Each event does a little, so that nobody waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import Final

from consensus.identifiers import EntryId, IdentityId
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
            victims = self._victims()
            if not victims:
                self._finish()
                self.context.call_after(STUCK_MS, self._evict)
                return
            for author in victims:
                if left > 0 and self._is_over():
                    left -= self._cut(author)
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

    def _victims(self) -> list[IdentityId]:
        """Who goes next: the longest chains, else the youngest of those who delivered most."""
        accounts = self.accounts
        long = accounts.long - self.aside
        if long:
            authors = accounts.authors
            return nsmallest(VICTIMS, long, key=lambda a: (-len(authors[a].entries), a))
        payers = (payer for payer in accounts.payers.values() if payer.authors)
        heaviest = max(payers, key=lambda payer: (payer.of_subnet.bytes, payer.bytes), default=None)
        return [] if heaviest is None else list(islice(reversed(heaviest.authors), VICTIMS))

    def _cut(self, author: IdentityId) -> int:
        """Lets go of what can go of a stranger; returns how much work that was, in entries."""
        account = self.accounts.authors[author]
        is_long = len(account.entries) > MAX_STRANGER_ENTRIES
        suffix = account.entries[MAX_STRANGER_ENTRIES if is_long else 0 :]
        going = self.forget(suffix)
        refusal = Refusal.CHAIN_IS_LONG if is_long else Refusal.EVICTED
        self.declined.note(author, refusal, self.context.now_ms)
        self.entries += going
        if author in self.accounts.authors and not (is_long and going):
            self.aside.add(author)
            self.accounts.set_aside(author)
        return max(1, going, len(suffix) // 2)

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
        if going:
            self.context.do(Forget(tuple(statement.id for statement in going)))
        return len(going)
