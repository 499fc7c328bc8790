"""Reported blocks, read from the ledger: who reported each, and who had vouched for it."""

from collections.abc import Iterable

from consensus.entries.attestation import Attestation, Decision
from consensus.entries.dispute import Report
from consensus.entries.performance import Mint
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.trust.acknowledged import BY_HAND, BY_ITSELF
from consensus.trust.reports import ReportedBlock


def reported_blocks(
    ledger: Ledger, entries: Iterable[EntryId]
) -> dict[EntryId, ReportedBlock[IdentityId]]:
    """What reports among the applied `entries` are about, with who vouched for it."""
    reporters: dict[EntryId, set[IdentityId]] = {}
    for entry in entries:
        statement = ledger.statements[entry]
        if isinstance(statement.body, Report):
            reporters.setdefault(statement.body.block, set()).add(statement.entry.author)
    return {
        block: ReportedBlock(frozenset(people), vouchers_of(ledger, block))
        for block, people in sorted(reporters.items())
    }


def vouchers_of(ledger: Ledger, block: EntryId) -> dict[IdentityId, float]:
    """Who accepted a block in a verdict that its mint names: 1 by hand, a tenth by itself."""
    performer = ledger.statements[block].entry.author
    found: dict[IdentityId, float] = {}
    for state in ledger.tips.get(performer, {}).values():
        mint = state.mints.get(block)
        body = None if mint is None else ledger.statements[mint].body
        for named in body.verdicts if isinstance(body, Mint) else ():
            word = ledger.statements[named.attestation]
            if isinstance(word.body, Attestation):
                verdict = word.body.verdicts[named.position]
                if verdict.decision is Decision.ACCEPT:
                    weight = BY_HAND if verdict.is_by_hand else BY_ITSELF
                    found[word.entry.author] = max(weight, found.get(word.entry.author, 0.0))
    return found
