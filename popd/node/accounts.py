"""Accounts: what is kept of whom, in which tier, and who delivered it.

A settled entry is its author's; one that is only kept because a settled entry names it is charged
to the author who names it, first come. Of strangers it is also known which peer and which subnet
delivered them first: these share a budget. That is lost with a restart; what was there before it
then belongs to nobody in particular, as if one peer of its own had brought it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.ledger import Ledger
from consensus.statement import Statement
from popd.node.budgets import MAX_STRANGER_ENTRIES, size_of
from popd.node.tiers import Tier, Tiers


@dataclass(slots=True)
class Sum:
    """What several payers are charged together."""

    bytes: int = 0
    """How much."""
    payers: int = 0
    """How many of them there are now."""


@dataclass(slots=True, eq=False)
class Payer:
    """A peer, as it came from one subnet, and the strangers that it delivered first."""

    subnet: str
    """Where the peer comes from; empty where that isn't known."""
    peer: NodeKey | None
    """Which; None for what the store held at the start."""
    of_peer: Sum
    """What the peer is charged, wherever it came from."""
    of_subnet: Sum
    """What all peers of the subnet are charged."""
    bytes: int = 0
    """What is charged here: these strangers' entries, and what is kept because they name it."""
    authors: dict[IdentityId, None] = field(default_factory=dict)
    """The strangers that may go, youngest last."""
    stuck: dict[IdentityId, None] = field(default_factory=dict)
    """Those of whom nothing more can go by itself, for now."""
    strangers: int = 0
    """How many there are in all."""


@dataclass(slots=True)
class Account:
    """What is kept of one author."""

    tier: Tier
    """How much the author concerns the user."""
    subnet: str
    """Where the peer came from that delivered the author's first entry."""
    peer: NodeKey | None
    """Which peer that was; None for what the store held at the start, and for one's own."""
    payer: Payer | None = None
    """Of a stranger, who is charged."""
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
    bytes: int = 0
    """Everything that is kept."""
    strangers_bytes: int = 0
    """What all strangers are charged."""
    payers: dict[tuple[str, NodeKey | None], Payer] = field(default_factory=dict)
    """Everybody who delivered a stranger that is kept."""
    peers: dict[NodeKey | None, Sum] = field(default_factory=dict)
    """Their sums by peer."""
    subnets: dict[str, Sum] = field(default_factory=dict)
    """Their sums by subnet."""
    long: set[IdentityId] = field(default_factory=set)
    """Strangers of whom more is kept than they may have when room is scarce."""
    named: dict[EntryId, IdentityId] = field(default_factory=dict)
    """Entries that are kept only because they are named, and who is charged for them."""
    namers: dict[EntryId, dict[EntryId, None]] = field(default_factory=dict)
    """The settled entries that name an entry, the first of them first."""

    @property
    def others_bytes(self) -> int:
        """What everybody but strangers takes, with what they name."""
        return self.bytes - self.strangers_bytes

    def settle(self, statement: Statement, subnet: str, peer: NodeKey | None) -> list[Statement]:
        """An entry was applied or rejected; returns what is now kept because it names it.

        Whoever first brings more of somebody who was here at the start is charged from then on.
        """
        author, size = statement.entry.author, size_of(statement)
        account = self.authors.get(author)
        if account is None:
            account = self._open(author, subnet, peer)
        elif account.peer is None and peer is not None:
            self._hand_over(author, account, subnet, peer)
        if statement.id in self.named:
            self._release(statement)
        account.entries.append(statement.id)
        account.bytes += size
        self._count(account.tier, 1, size)
        if account.payer is not None:
            self._charge(account.payer, size)
            if len(account.entries) > MAX_STRANGER_ENTRIES:
                self.long.add(author)
        is_building = statement.entry.refs or statement.id not in self.ledger.applied
        return self._name(statement) if is_building else []

    def forget(self, going: Iterable[Statement]) -> None:
        """Settled and named entries were let go; those that were named by them may stay."""
        by_author: dict[IdentityId, set[EntryId]] = {}
        named: set[EntryId] = set()
        for statement in going:
            if statement.id in self.named:
                self._release(statement)
            else:
                by_author.setdefault(statement.entry.author, set()).add(statement.id)
                self._take(statement)
                named.update(statement.entry.refs)
        for ref in named & self.named.keys():
            self._charge_another(ref)
        for author, entries in by_author.items():
            account = self.authors[author]
            account.entries = [entry for entry in account.entries if entry not in entries]
            self._tidy(author, account)

    def strand(self, stranded: Iterable[Statement]) -> None:
        """Entries stay only because others name them: their chain went."""
        stranded = list(stranded)
        self.forget(stranded)
        for statement in stranded:
            namer = self._namer(statement.id)
            assert namer is not None, "it stays because it is named"
            self._keep_named(statement, namer)

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
        """Of a stranger nothing more can go by itself."""
        payer = self.authors[author].payer
        if payer is not None and author in payer.authors:
            del payer.authors[author]
            payer.stuck[author] = None

    def take_back(self, author: IdentityId) -> None:
        """Somebody who was set aside may go again, if still a stranger here."""
        account = self.authors.get(author)
        if account is not None and account.payer is not None:
            account.payer.stuck.pop(author, None)
            account.payer.authors[author] = None

    def _open(self, author: IdentityId, subnet: str, peer: NodeKey | None) -> Account:
        account = Account(self.tiers.tier(author), subnet, peer)
        self.authors[author] = account
        self._enter_tier(author, account)
        return account

    def _hand_over(self, author: IdentityId, account: Account, subnet: str, peer: NodeKey) -> None:
        self._leave_tier(author, account)
        account.subnet, account.peer = subnet, peer
        self._enter_tier(author, account)

    def _payer(self, subnet: str, peer: NodeKey | None) -> Payer:
        payer = self.payers.get((subnet, peer))
        if payer is None:
            of_peer = self.peers.setdefault(peer, Sum())
            of_subnet = self.subnets.setdefault(subnet, Sum())
            payer = self.payers[subnet, peer] = Payer(subnet, peer, of_peer, of_subnet)
            of_peer.payers += 1
            of_subnet.payers += 1
        return payer

    def _close(self, payer: Payer) -> None:
        """Lets go of a payer who is charged for nothing any more."""
        del self.payers[payer.subnet, payer.peer]
        payer.of_peer.payers -= 1
        payer.of_subnet.payers -= 1
        if not payer.of_peer.payers:
            del self.peers[payer.peer]
        if not payer.of_subnet.payers:
            del self.subnets[payer.subnet]

    def _enter_tier(self, author: IdentityId, account: Account) -> None:
        self._count(account.tier, len(account.entries), account.bytes, 1)
        if account.tier is Tier.STRANGER:
            payer = account.payer = self._payer(account.subnet, account.peer)
            payer.authors[author] = None
            payer.strangers += 1
            self._charge(payer, account.bytes + account.named_bytes)
            if len(account.entries) > MAX_STRANGER_ENTRIES:
                self.long.add(author)

    def _leave_tier(self, author: IdentityId, account: Account) -> None:
        self._count(account.tier, -len(account.entries), -account.bytes, -1)
        payer, account.payer = account.payer, None
        if payer is not None:
            self._charge(payer, -account.bytes - account.named_bytes)
            self.long.discard(author)
            payer.authors.pop(author, None)
            payer.stuck.pop(author, None)
            payer.strangers -= 1
            if not payer.strangers:
                self._close(payer)

    def _count(self, tier: Tier, entries: int, size: int, authors: int = 0) -> None:
        total = self.totals[tier]
        total.authors += authors
        total.entries += entries
        total.bytes += size
        self.bytes += size

    def _charge(self, payer: Payer, size: int) -> None:
        self.strangers_bytes += size
        payer.bytes += size
        payer.of_peer.bytes += size
        payer.of_subnet.bytes += size

    def _take(self, statement: Statement) -> None:
        """A settled entry is its author's no more."""
        account, size = self.authors[statement.entry.author], size_of(statement)
        account.bytes -= size
        self._count(account.tier, -1, -size)
        if account.payer is not None:
            self._charge(account.payer, -size)
        for ref in statement.entry.refs:
            namers = self.namers.get(ref, {})
            if statement.id in namers:
                del namers[statement.id]
                if not namers:
                    del self.namers[ref]

    def _tidy(self, author: IdentityId, account: Account) -> None:
        if len(account.entries) <= MAX_STRANGER_ENTRIES:
            self.long.discard(author)
        if not account.entries and not account.named_bytes:
            self._leave_tier(author, account)
            del self.authors[author]

    def _name(self, statement: Statement) -> list[Statement]:
        """Notes what a settled entry names; returns what is kept only for that, and new."""
        fresh: list[Statement] = []
        entry, applied, namers = statement.id, self.ledger.applied, self.namers
        for ref in statement.entry.refs if entry in applied else self.ledger.needs(entry).held:
            known = namers.get(ref)
            if known is None:
                namers[ref] = {entry: None}
            else:
                known[entry] = None
            if ref not in applied and ref not in self.named and self.ledger.is_waiting(ref):
                named = self.ledger.statements[ref]
                self._keep_named(named, statement.entry.author)
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
        """Whoever was charged for a named entry may name it no more: the first who does is."""
        statement, namer = self.ledger.statements.get(ref), self._namer(ref)
        if statement is not None and namer is not None and namer != self.named[ref]:
            self._release(statement)
            self._keep_named(statement, namer)

    def _charge_namer(self, namer: IdentityId, size: int) -> None:
        account = self.authors.get(namer)
        if account is not None:
            account.named_bytes += size
            if account.payer is not None:
                self._charge(account.payer, size)

    def _namer(self, entry: EntryId) -> IdentityId | None:
        """The author of the first settled entry that names one."""
        first = next(iter(self.namers.get(entry, ())), None)
        return None if first is None else self.ledger.statements[first].entry.author
