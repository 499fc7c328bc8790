"""Keeping: what is taken in, what is let go when room gets scarce, and who is not kept whole.

Not admitted means "not now": nobody is blamed for it. Whoever is not kept whole is left out when
ledgers are compared, for a while; then it is tried again. See `popd.node.budgets` for the policy.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.ledger import Change
from consensus.statement import Statement
from popd.node.accounts import Accounts, Sum
from popd.node.budgets import (
    MAX_STRANGER_ENTRIES,
    hard_bound_bytes,
    is_roomy,
    peer_bytes,
    size_of,
    subnet_bytes,
)
from popd.node.context import Context
from popd.node.declined import Declined, Refusal
from popd.node.evicting import Evicting
from popd.node.tiers import Tier, Tiers

MAX_WANTED_ENTRIES: Final = 16_384
"""Entries that kept ones name and that are asked for; what falls out is asked for again."""
TRUST_WAIT_MS: Final = 120_000
"""After a restart nothing goes for so long, unless it is known sooner who is trusted."""


@dataclass(slots=True)
class Keeping:
    """What this node keeps of whom."""

    context: Context
    """The node."""
    on_forgotten: Callable[[Sequence[Statement]], None]
    """Lets the other parts know which entries were let go."""
    tiers: Tiers = field(init=False)
    """Who is in which tier."""
    accounts: Accounts = field(init=False)
    """What is kept of each, and who delivered it."""
    declined: Declined = field(default_factory=Declined)
    """Who is not kept whole at present."""
    evicting: Evicting = field(init=False)
    """Lets go of strangers who are over their share."""
    wanted: dict[EntryId, None] = field(default_factory=dict)
    """Entries that kept ones name and lack, oldest first."""
    is_trust_unknown: bool = False
    """The store held people of whom it isn't known yet whether they are trusted."""

    def __post_init__(self) -> None:
        """Takes stock of what the ledger holds."""
        ledger, settings = self.context.ledger, self.context.settings
        self.tiers = Tiers(ledger, self.context.identity)
        self.tiers.pin(settings.pinned)
        self.tiers.resume()
        self.accounts = Accounts(ledger, self.tiers)
        self.evicting = Evicting(self.context, self.accounts, self.declined, self.on_forgotten)
        for statement in ledger.statements.values():
            if not ledger.is_waiting(statement.id):
                self.accounts.settle(statement, "", None)
        self.is_trust_unknown = self.accounts.strangers_bytes > 0

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
            is_full = (
                self.accounts.others_bytes + size_of(statement) > self.context.settings.store_bytes
            )
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
        if not self.is_trust_unknown:
            self.evicting.watch()
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
        if not self.is_trust_unknown:
            self.evicting.watch()

    def _subnet(self, deliverer: NodeKey | None) -> str:
        peer = None if deliverer is None else self.context.peers.get(deliverer)
        return "" if peer is None else peer.subnet

    def _refusal(self, statement: Statement, deliverer: NodeKey) -> Refusal | None:
        """Why a stranger's entry does not come in now."""
        accounts, share, size = self.accounts, self.evicting.share_bytes, size_of(statement)
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
