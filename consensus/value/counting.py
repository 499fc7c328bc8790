"""Which branch of a fork an observer counts, and what that makes of contested lots.

Law keeps all branches. An observer counts the one whose later mints carry more of the words of
people that it trusts (the sum of contribution x proximity), ties by the lower id where they part.
Contested coins that came over the branch that counts keep their value; those that came over
another have none, and neither have those that came back from a stake which burnt.
"""

from collections.abc import Iterable, Mapping
from math import fsum

from consensus.entries.performance import Mint
from consensus.forks import Manner, Move
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey


def counted_head(
    ledger: Ledger, author: IdentityId, proximity: Mapping[IdentityId, float]
) -> EntryId | None:
    """The head of the branch that the observer counts; None for whoever has no chain here."""
    heads = ledger.tips.get(author, {})
    if len(heads) < 2:
        return next(iter(heads), None)
    chains = {head: [item.id for item in ledger.chain(head)] for head in heads}
    shared = set.intersection(*(set(chain) for chain in chains.values()))
    return min(
        heads,
        key=lambda head: (
            -later_weight_ujam(ledger, chains[head], shared, proximity),
            next(entry for entry in (*chains[head], head) if entry not in shared or entry == head),
            head,
        ),
    )


def later_weight_ujam(
    ledger: Ledger,
    chain: Iterable[EntryId],
    shared: Iterable[EntryId],
    proximity: Mapping[IdentityId, float],
) -> float:
    """What the mints of a branch that not all branches share are worth by their words."""
    before = set(shared)
    later = [
        entry
        for entry in chain
        if entry not in before and isinstance(ledger.statements[entry].body, Mint)
    ]
    if not later:
        return 0.0
    author = ledger.statements[later[0]].entry.author
    known = {
        entry: parts
        for state in ledger.tips[author].values()
        for entry, parts in state.contributions.items()
    }
    return fsum(
        part.amount_ujam * proximity.get(part.verifier, 0.0)
        for entry in later
        for part in known[entry]
    )


def counted_lots(ledger: Ledger, proximity: Mapping[IdentityId, float]) -> frozenset[LotKey]:
    """The contested lots that came to their holders only over branches that the observer counts."""
    if not ledger.contested:
        return frozenset()
    moves = {move.entry: move for move in ledger.moves}
    passed_over = _passed_over(ledger, proximity)
    flows: dict[LotKey, set[LotKey]] = {}
    spurned: set[LotKey] = set()
    for move in moves.values():
        given = moves.get(move.source) if move.source and _is_received(move) else None
        if given is None:
            continue
        if given.manner is Manner.TRANSFERRED:
            flows.setdefault(given.key, set()).add(move.key)
        is_burnt = given.manner is Manner.UNSTAKED and given.source in ledger.slashed
        if is_burnt or not passed_over.isdisjoint((move.entry, given.entry)):
            spurned.add(move.key)
    return ledger.contested - _reached(spurned, flows)


def _is_received(move: Move) -> bool:
    return move.manner is Manner.RECEIVED


def _passed_over(ledger: Ledger, proximity: Mapping[IdentityId, float]) -> set[EntryId]:
    """The entries of all branches that the observer does not count."""
    found: set[EntryId] = set()
    for author, heads in ledger.tips.items():
        if len(heads) > 1:
            counted = counted_head(ledger, author, proximity)
            entries = {item.id for head in heads for item in ledger.chain(head)}
            kept = {item.id for item in ledger.chain(counted)} if counted else set()
            found |= entries - kept
    return found


def _reached(keys: Iterable[LotKey], flows: Mapping[LotKey, Iterable[LotKey]]) -> set[LotKey]:
    found, fresh = set(keys), list(keys)
    while fresh:
        for key in flows.get(fresh.pop(), ()):
            if key not in found:
                found.add(key)
                fresh.append(key)
    return found
