"""Which branch of a fork an observer counts, and what that makes of contested lots.

Law keeps all branches. An observer counts the one whose later mints carry more of the words of
people that it trusts (the sum of contribution x proximity), ties by the lower id where they part.
Contested coins that came over the branch that counts keep their value; those that came over
another have none, and neither have those that came back from a stake which burnt.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.forks import Manner
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.reward import Contribution
from consensus.value.given_words import given_words


class Branch(NamedTuple):
    """What one branch of an author has that not all of them share."""

    head: EntryId
    """Its last entry."""
    first: EntryId
    """Its first entry of its own; its head, where it has none."""
    own: frozenset[EntryId]
    """All of these entries."""
    words: tuple[Contribution, ...]
    """What verifiers added to their mints."""

    def weight_ujam(self, proximity: Mapping[IdentityId, float]) -> float:
        """What these mints are worth by the words of people near."""
        return fsum(part.amount_ujam * proximity.get(part.verifier, 0.0) for part in self.words)


class Receipt(NamedTuple):
    """How contested coins came to a holder."""

    key: LotKey
    """Where they came."""
    entry: EntryId
    """The receive."""
    source: EntryId
    """What handed them over."""
    origin: LotKey | None
    """From which lot; None for what came back from a stake."""
    is_burnt: bool
    """The stake that they came back from is slashed."""


@dataclass(frozen=True, slots=True)
class Contests:
    """All forks and contested lots of a ledger, read once for any number of observers."""

    contested: frozenset[LotKey]
    """All contested lots."""
    branches: Mapping[IdentityId, tuple[Branch, ...]]
    """Of everybody with more than one head."""
    receipts: tuple[Receipt, ...]
    """How contested coins came to where they are."""

    def counted_branch(
        self, author: IdentityId, proximity: Mapping[IdentityId, float]
    ) -> Branch | None:
        """The branch that the observer counts; None for whoever has one at most."""
        return min(
            self.branches.get(author, ()),
            key=lambda branch: (-branch.weight_ujam(proximity), branch.first, branch.head),
            default=None,
        )

    def counted(self, proximity: Mapping[IdentityId, float]) -> frozenset[LotKey]:
        """The contested lots that came to their holders only over branches that count."""
        passed_over: set[EntryId] = set()
        for author, branches in self.branches.items():
            chosen = self.counted_branch(author, proximity)
            for branch in branches if chosen else ():
                passed_over |= branch.own - (chosen.own if chosen else frozenset())
        flows: dict[LotKey, set[LotKey]] = {}
        spurned: set[LotKey] = set()
        for receipt in self.receipts:
            if receipt.origin is not None:
                flows.setdefault(receipt.origin, set()).add(receipt.key)
            if receipt.is_burnt or not passed_over.isdisjoint((receipt.entry, receipt.source)):
                spurned.add(receipt.key)
        return self.contested - _reached(spurned, flows)

    def roots(self, key: LotKey) -> frozenset[LotKey]:
        """A contested lot, and the contested lots that it came from."""
        came_from: dict[LotKey, set[LotKey]] = {}
        for receipt in self.receipts:
            if receipt.origin in self.contested and receipt.origin is not None:
                came_from.setdefault(receipt.key, set()).add(receipt.origin)
        return frozenset(_reached([key], came_from))


def contests_of(ledger: Ledger) -> Contests:
    """What there is to count; nothing is read where nothing is contested."""
    if not ledger.contested:
        return Contests(frozenset(), {}, ())
    branches = {
        author: _branches(ledger, author) for author, tips in ledger.tips.items() if len(tips) > 1
    }
    return Contests(ledger.contested, branches, tuple(_receipts(ledger)))


def _branches(ledger: Ledger, author: IdentityId) -> tuple[Branch, ...]:
    tips = ledger.tips[author]
    chains = {head: [item.id for item in ledger.chain(head)] for head in tips}
    shared = set.intersection(*(set(chain) for chain in chains.values()))
    found = []
    for head, chain in sorted(chains.items()):
        own = [entry for entry in chain if entry not in shared]
        words = tuple(
            part
            for entry in own
            if isinstance(ledger.statements[entry].body, Mint | Concert)
            for part in given_words(ledger, tips[head], entry)
        )
        found.append(Branch(head, own[0] if own else head, frozenset(own), words))
    return tuple(found)


def _receipts(ledger: Ledger) -> Iterable[Receipt]:
    for move in ledger.moves:
        if move.manner is Manner.RECEIVED and move.source and move.key in ledger.contested:
            given = ledger.move(move.source)
            if given is not None and given.manner is Manner.TRANSFERRED:
                yield Receipt(move.key, move.entry, move.source, given.key, is_burnt=False)
            elif given is not None and given.manner is Manner.UNSTAKED:
                is_burnt = given.source in ledger.slashed
                yield Receipt(move.key, move.entry, move.source, None, is_burnt)


def _reached(keys: Iterable[LotKey], flows: Mapping[LotKey, Iterable[LotKey]]) -> set[LotKey]:
    found, fresh = set(keys), list(keys)
    while fresh:
        for key in flows.get(fresh.pop(), ()):
            if key not in found:
                found.add(key)
                fresh.append(key)
    return found
