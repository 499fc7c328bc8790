"""Accounts: what is kept of whom, in which tier, and who delivered it.

A settled entry is its author's; one that is only kept because a settled entry names it is charged
to the author who names it, first come. Of strangers it is also known which peer and which subnet
delivered them first: these share a budget. That is lost with a restart; what was there before it
then belongs to nobody in particular, as if one peer of its own had brought it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.ledger import Ledger
from consensus.statement import Statement
from popd.node.budgets import MAX_STRANGER_ENTRIES, size_of
from popd.node.tiers import Tier, Tiers

K = TypeVar("K")


class Payer(NamedTuple):
    """Who delivered something."""

    subnet: str
    """Where the peer comes from; empty where that isn't known."""
    peer: NodeKey | None
    """Which; None for what the store held at the start."""


BEFORE: Final = Payer("", None)
"""Whatever was here before the node started."""


@dataclass(slots=True)
class Account:
    """What is kept of one author."""

    tier: Tier
    """How much the author concerns the user."""
    payer: Payer
    """Who delivered the author's first entry."""
    entries: list[EntryId] = field(default_factory=list)
    """Settled entries in the order in which they settled: a tail of it is a suffix of the chain."""
    bytes: int = 0
    """Size of these."""
    named_bytes: int = 0
    """Size of entries of others that are kept only because this author names them."""


@dataclass(slots=True)
class Total:
    """What a tier comes to."""

    authors: int = 0
    """How many; of `NAMED`, none."""
    entries: int = 0
    """How many."""
    bytes: int = 0
    """Their size."""


@dataclass(slots=True)
class Accounts:
    """All accounts, with sums that are kept entry by entry."""

    ledger: Ledger
    """All entries and what they come to."""
    tiers: Tiers
    """Who is in which tier."""
    authors: dict[IdentityId, Account] = field(default_factory=dict)
    """By author."""
    totals: tuple[Total, ...] = field(default_factory=lambda: tuple(Total() for _ in Tier))
    """By tier."""
    payers: dict[Payer, dict[IdentityId, None]] = field(default_factory=dict)
    """The strangers that each peer delivered, youngest last."""
    payer_bytes: dict[Payer, int] = field(default_factory=dict)
    """What these take up, with what they name."""
    peer_bytes: dict[NodeKey | None, int] = field(default_factory=dict)
    """The same by peer, wherever it comes from."""
    subnet_bytes: dict[str, int] = field(default_factory=dict)
    """The same by subnet."""
    strangers_bytes: int = 0
    """The same of all strangers."""
    long: set[IdentityId] = field(default_factory=set)
    """Strangers of whom more is kept than they may have when room is scarce."""
    named: dict[EntryId, IdentityId] = field(default_factory=dict)
    """Entries that are kept only because they are named, and who is charged for them."""
    namers: dict[EntryId, dict[EntryId, None]] = field(default_factory=dict)
    """The settled entries that name an entry, the first of them first."""

    @property
    def bytes(self) -> int:
        """Everything that is kept."""
        return sum(total.bytes for total in self.totals)

    def settle(self, statement: Statement, payer: Payer) -> list[Statement]:
        """An entry was applied or rejected; returns what is now kept because it names it."""
        author, size = statement.entry.author, size_of(statement)
        account = self.authors.get(author)
        if account is None:
            account = self._open(author, payer)
        elif account.payer is BEFORE and payer is not BEFORE:
            self._hand_over(author, account, payer)
        if statement.id in self.named:
            self._release(statement)
        account.entries.append(statement.id)
        account.bytes += size
        self._count(account.tier, 1, size)
        if account.tier is Tier.STRANGER:
            self._charge(account.payer, size)
            if len(account.entries) > MAX_STRANGER_ENTRIES:
                self.long.add(author)
        return self._name(statement) if statement.entry.refs else []

    def forget(self, going: Iterable[Statement]) -> None:
        """Settled and named entries were let go; those that were named by them may stay."""
        by_author: dict[IdentityId, set[EntryId]] = {}
        for statement in going:
            if statement.id in self.named:
                self._release(statement)
            else:
                by_author.setdefault(statement.entry.author, set()).add(statement.id)
                self._take(statement)
        for author, entries in by_author.items():
            account = self.authors[author]
            account.entries = [entry for entry in account.entries if entry not in entries]
            self._tidy(author, account)

    def strand(self, stranded: Iterable[Statement]) -> None:
        """Entries stay only because others name them: their chain went."""
        stranded = list(stranded)
        self.forget(stranded)
        for statement in stranded:
            self._keep_named(statement, self._namer(statement.id))

    def move(self, people: Iterable[IdentityId]) -> None:
        """The tiers of these people changed."""
        for author in people:
            account = self.authors.get(author)
            if account is None or account.tier is self.tiers.tier(author):
                continue
            self._leave_tier(author, account)
            account.tier = self.tiers.tier(author)
            self._enter_tier(author, account)

    def set_aside(self, author: IdentityId) -> None:
        """A stranger is not to be found by its payer any more."""
        payer = self.authors[author].payer
        others = self.payers.get(payer, {})
        others.pop(author, None)
        if not others:
            self.payers.pop(payer, None)

    def take_back(self, author: IdentityId) -> None:
        """Somebody who was set aside is found again, if still a stranger here."""
        account = self.authors.get(author)
        if account is not None and account.tier is Tier.STRANGER:
            self.payers.setdefault(account.payer, {})[author] = None

    def _open(self, author: IdentityId, payer: Payer) -> Account:
        account = self.authors[author] = Account(self.tiers.tier(author), payer)
        self._enter_tier(author, account)
        return account

    def _hand_over(self, author: IdentityId, account: Account, payer: Payer) -> None:
        """Whoever first brings more of somebody who was here before is charged from now on."""
        self._leave_tier(author, account)
        account.payer = payer
        self._enter_tier(author, account)

    def _enter_tier(self, author: IdentityId, account: Account) -> None:
        self._count(account.tier, len(account.entries), account.bytes, 1)
        if account.tier is Tier.STRANGER:
            self.payers.setdefault(account.payer, {})[author] = None
            self._charge(account.payer, account.bytes + account.named_bytes)
            if len(account.entries) > MAX_STRANGER_ENTRIES:
                self.long.add(author)

    def _leave_tier(self, author: IdentityId, account: Account) -> None:
        self._count(account.tier, -len(account.entries), -account.bytes, -1)
        if account.tier is Tier.STRANGER:
            self._charge(account.payer, -account.bytes - account.named_bytes)
            self.long.discard(author)
            self.set_aside(author)

    def _count(self, tier: Tier, entries: int, size: int, authors: int = 0) -> None:
        total = self.totals[tier]
        total.authors += authors
        total.entries += entries
        total.bytes += size

    def _charge(self, payer: Payer, size: int) -> None:
        self.strangers_bytes += size
        _add(self.payer_bytes, payer, size)
        _add(self.peer_bytes, payer.peer, size)
        _add(self.subnet_bytes, payer.subnet, size)

    def _take(self, statement: Statement) -> None:
        """A settled entry is its author's no more."""
        account, size = self.authors[statement.entry.author], size_of(statement)
        account.bytes -= size
        self._count(account.tier, -1, -size)
        if account.tier is Tier.STRANGER:
            self._charge(account.payer, -size)
        for ref in statement.entry.refs:
            namers = self.namers.get(ref, {})
            if statement.id in namers:
                del namers[statement.id]
                if not namers:
                    del self.namers[ref]
                if self.named.get(ref) == statement.entry.author:
                    self._charge_another(ref)

    def _tidy(self, author: IdentityId, account: Account) -> None:
        if len(account.entries) <= MAX_STRANGER_ENTRIES:
            self.long.discard(author)
        if not account.entries and not account.named_bytes:
            self._leave_tier(author, account)
            del self.authors[author]

    def _name(self, statement: Statement) -> list[Statement]:
        """Notes what a settled entry names; returns what is kept only for that, and new."""
        fresh: list[Statement] = []
        author = statement.entry.author
        for ref in statement.entry.refs:
            self.namers.setdefault(ref, {})[statement.id] = None
            if ref not in self.named and self.ledger.is_waiting(ref):
                named = self.ledger.statements[ref]
                self._keep_named(named, author)
                fresh.append(named)
        return fresh

    def _keep_named(self, statement: Statement, namer: IdentityId) -> None:
        self.named[statement.id] = namer
        self._count(Tier.NAMED, 1, size_of(statement))
        self._charge_namer(namer, size_of(statement))

    def _release(self, statement: Statement) -> None:
        """A named entry is settled, or gone."""
        namer = self.named.pop(statement.id)
        self._count(Tier.NAMED, -1, -size_of(statement))
        self._charge_namer(namer, -size_of(statement))

    def _charge_another(self, ref: EntryId) -> None:
        """Whoever was charged for a named entry names it no more."""
        statement = self.ledger.statements.get(ref)
        if statement is not None and ref in self.namers:
            self._release(statement)
            self._keep_named(statement, self._namer(ref))

    def _charge_namer(self, namer: IdentityId, size: int) -> None:
        account = self.authors.get(namer)
        if account is not None:
            account.named_bytes += size
            if account.tier is Tier.STRANGER:
                self._charge(account.payer, size)

    def _namer(self, entry: EntryId) -> IdentityId:
        first = next(iter(self.namers[entry]))
        return self.ledger.statements[first].entry.author


def _add(sums: dict[K, int], key: K, size: int) -> None:
    """Adds to one of several sums; what is nothing is not there."""
    total = sums.get(key, 0) + size
    if total:
        sums[key] = total
    else:
        sums.pop(key, None)
