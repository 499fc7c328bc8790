"""What an observer makes of somebody whose chain forked.

A fork that moved no lot twice is a blemish, as after a restored backup: its author mends it by
naming all heads in a `reconcile`. Until then what they mint later counts by the observer's
policy, by default for nothing; after a lot was moved twice, or something false declared, for
good.
"""

from consensus.entries.chains import Reconcile
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.statement import Statement


def is_after_fork(ledger: Ledger, mint: Statement) -> bool:
    """Whether the mint's author had forked before it, and the fork is not mended."""
    proof = ledger.forks.get(mint.entry.author)
    if proof is None or mint.entry.number < proof.number:
        return False
    return not is_mended(ledger, mint.entry.author)


def is_mended(ledger: Ledger, author: IdentityId) -> bool:
    """Whether a fork moved no lot twice, and one head reconciles all the others."""
    proof = ledger.forks.get(author)
    is_false_declaration = proof is not None and len(proof.entries) == 1
    if is_false_declaration or any(key.holder == author for key in ledger.contested):
        return False
    heads = set(ledger.tips.get(author, {}))
    return any(heads <= _named_below(ledger, head) | {head} for head in heads)


def _named_below(ledger: Ledger, head: EntryId) -> set[EntryId]:
    """All heads that reconciles of one branch name."""
    named: set[EntryId] = set()
    for statement in ledger.chain(head):
        if isinstance(statement.body, Reconcile):
            named.update(statement.body.heads)
    return named
