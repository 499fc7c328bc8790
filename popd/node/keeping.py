"""Keeping: what is taken in, what is let go when room gets scarce, and who is not kept whole.

Not admitted means "not now": nobody is blamed for it. Whoever is not kept whole is left out when
ledgers are compared, for a while; then it is tried again. See `popd.node.budgets` for the policy.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import Final

from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.ledger import Change
from consensus.statement import Statement
from popd.node.accounts import Accounts, Sum
from popd.node.budgets import (
    MAX_STRANGER_ENTRIES,
    hard_bound_bytes,
    is_roomy,
    low_water_bytes,
    peer_bytes,
    size_of,
    strangers_bytes,
    subnet_bytes,
)
from popd.node.context import Context
from popd.node.declined import Declined, Refusal
from popd.node.effects import Forget
from popd.node.tiers import Tier, Tiers

MAX_WANTED_ENTRIES: Final = 16_384
"""Entries that kept ones name and that are asked for; what falls out is asked for again."""
STEP_ENTRIES: Final = 512
"""Entries that one event lets go, but for a chain that is cut in one piece: a few ms of work."""
STEP_PAUSE_MS: Final = 20
"""Between two steps other events have their turn."""
STUCK_MS: Final = 60_000
"""When nothing can go, it is tried again after this."""
VICTIMS: Final = 32
"""Strangers that are looked at before it is asked again who takes up most."""
TRUST_WAIT_MS: Final = 120_000
"""After a restart nothing goes for so long, unless it is known sooner who is trusted."""


@dataclass(slots=True)
class Keeping:
    """What this node keeps of whom."""

    context: Context
    """The node."""
    on_forgotten: Callable[[Iterable[IdentityId]], None]
    """Lets the other parts know whose entries were let go."""
    tiers: Tiers = field(init=False)
    """Who is in which tier."""
    accounts: Accounts = field(init=False)
    """What is kept of each, and who delivered it."""
    declined: Declined = field(default_factory=Declined)
    """Who is not kept whole at present."""
    wanted: dict[EntryId, None] = field(default_factory=dict)
    """Entries that kept ones name and lack, oldest first."""
    is_evicting: bool = False
    """The strangers' share was over its bound, and is being emptied to below it."""
    evicted_entries: int = 0
    """How many were let go since the start."""
    is_trust_unknown: bool = False
    """The store held people of whom it isn't known yet whether they are trusted."""
    _aside: set[IdentityId] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Takes stock of what the ledger holds."""
        ledger, settings = self.context.ledger, self.context.settings
        self.tiers = Tiers(ledger, self.context.identity)
        self.tiers.pin(settings.pinned)
        self.tiers.resume()
        self.accounts = Accounts(ledger, self.tiers)
        for statement in ledger.statements.values():
            if not ledger.is_waiting(statement.id):
                self.accounts.settle(statement, "", None)
        self.is_trust_unknown = self.accounts.strangers_bytes > 0

    @property
    def share_bytes(self) -> int:
        """What all strangers may take now."""
        return strangers_bytes(self.context.settings.store_bytes, self.others_bytes)

    @property
    def others_bytes(self) -> int:
        """What everybody else takes."""
        return self.accounts.bytes - self.accounts.strangers_bytes

    def start(self) -> None:
        """The node runs: soon begins to let go of what the store holds beyond its budget."""
        if self.is_trust_unknown:
            self.context.call_after(TRUST_WAIT_MS, lambda: self.trust(self.tiers.trusted))

    def admits(self, statement: Statement, deliverer: NodeKey) -> bool:
        """Whether an entry is to go into the ledger; where not, its author is declined for now."""
        author = statement.entry.author
        tier = self.tiers.tier(author)
        if tier is Tier.OWN_AND_PATH or statement.id in self.wanted:
            return True
        if tier is Tier.TRUSTED:
            is_full = self.others_bytes + size_of(statement) > self.context.settings.store_bytes
            refusal = Refusal.STORE_IS_FULL if is_full else None
        else:
            refusal = self._refusal(statement, deliverer)
        if refusal is None or self.context.ledger.is_lacking(statement.id):
            return True
        self.declined.note(author, refusal, self.context.now_ms)
        return False

    def note(
        self, changes: Sequence[Change], deliverers: Sequence[NodeKey | None]
    ) -> list[Statement]:
        """Entries were settled; returns what they name and is kept for that alone from now on.

        `deliverers` has for each the peer that brought it; None for one's own.
        """
        named: list[Statement] = []
        applied = self.context.ledger.applied
        for change, deliverer in zip(changes, deliverers, strict=True):
            statement = change.statement
            self.wanted.pop(statement.id, None)
            named += self.accounts.settle(statement, self._subnet(deliverer), deliverer)
            if statement.id in applied:
                moved = self.tiers.note(statement)
                if moved:
                    self._moved(moved)
        self._watch_bounds()
        return named

    def want(self, author: IdentityId, entries: Iterable[EntryId]) -> None:
        """What an author names is on its way: if near, it will be admitted whoever wrote it."""
        if self.tiers.tier(author) is Tier.STRANGER:
            return
        for entry in entries:
            self.wanted[entry] = None
            if len(self.wanted) > MAX_WANTED_ENTRIES:
                del self.wanted[next(iter(self.wanted))]

    def need_giver(self, author: IdentityId, giver: IdentityId) -> None:
        """An author takes coins from a giver: if near, the giver's chain is needed for that."""
        if self.tiers.tier(author) is not Tier.STRANGER:
            moved = self.tiers.note_giver(giver)
            if moved:
                self._moved(moved)

    def trust(self, trusted: frozenset[IdentityId]) -> None:
        """Other people are trusted now."""
        self.is_trust_unknown = False
        self._moved(self.tiers.trust(trusted))

    def pin(self, pinned: frozenset[IdentityId]) -> None:
        """The user pinned these people, and nobody else."""
        self._moved(self.tiers.pin(pinned))

    def is_whole(self, author: IdentityId) -> bool:
        """Whether everything of an author is taken in at present."""
        return not self.declined.has(author, self.context.now_ms)

    @property
    def declined_authors(self) -> frozenset[IdentityId]:
        """Who is not kept whole at present: no part of comparisons."""
        return self.declined.authors(self.context.now_ms)

    def _moved(self, people: set[IdentityId]) -> None:
        """People came nearer, or went away: who came nearer is wanted whole at once."""
        self.accounts.move(people)
        for author in people:
            if self.tiers.tier(author) is not Tier.STRANGER:
                self.declined.forgive(author)
        self._watch_bounds()

    def _subnet(self, deliverer: NodeKey | None) -> str:
        peer = None if deliverer is None else self.context.peers.get(deliverer)
        return "" if peer is None else peer.subnet

    def _refusal(self, statement: Statement, deliverer: NodeKey) -> Refusal | None:
        """Why a stranger's entry does not come in now."""
        accounts, share, size = self.accounts, self.share_bytes, size_of(statement)
        if is_roomy(accounts.strangers_bytes + size, share):
            return None
        if accounts.strangers_bytes + size > hard_bound_bytes(share):
            return Refusal.STRANGERS_ARE_FULL
        mark = self.declined.mark(statement.entry.author, self.context.now_ms)
        if mark is not None:
            return mark.refusal
        account = accounts.authors.get(statement.entry.author)
        held = 0 if account is None else len(account.entries)
        if max(held, statement.entry.number) >= MAX_STRANGER_ENTRIES:
            return Refusal.CHAIN_IS_LONG
        if account is not None and account.payer is not None and account.peer is not None:
            of_peer, of_subnet = account.payer.of_peer, account.payer.of_subnet
        else:
            of_peer = accounts.peers.get(deliverer, Sum())
            of_subnet = accounts.subnets.get(self._subnet(deliverer), Sum())
        if of_peer.bytes + size > peer_bytes(share):
            return Refusal.PEER_IS_FULL
        if of_subnet.bytes + size > subnet_bytes(share):
            return Refusal.SUBNET_IS_FULL
        return None

    def _watch_bounds(self) -> None:
        if self.is_evicting or self.is_trust_unknown:
            return
        if self.accounts.strangers_bytes > self.share_bytes:
            self.is_evicting = True
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
            self.is_evicting = False

    def _is_over(self) -> bool:
        return self.accounts.strangers_bytes > low_water_bytes(self.share_bytes)

    def _finish(self) -> None:
        """What could not go in this round is looked at again in the next."""
        for author in self._aside:
            self.accounts.take_back(author)
        self._aside.clear()

    def _victims(self) -> list[IdentityId]:
        """Who goes next: the longest chains, else the youngest of those who delivered most."""
        accounts = self.accounts
        long = accounts.long - self._aside
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
        going = self._forget(suffix)
        refusal = Refusal.CHAIN_IS_LONG if is_long else Refusal.EVICTED
        self.declined.note(author, refusal, self.context.now_ms)
        self.evicted_entries += going
        if author in self.accounts.authors and not (is_long and going):
            self._aside.add(author)
            self.accounts.set_aside(author)
        return max(1, going, len(suffix) // 2)

    def _forget(self, suffix: Sequence[EntryId]) -> int:
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
            self.on_forgotten({statement.entry.author for statement in going})
        return len(going)
