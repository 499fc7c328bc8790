"""What was said of a block, found in the chains of those who were drawn for it."""

from typing import Final

from consensus.chain import BlockRecord
from consensus.entries.attestation import Attestation, Verdict
from consensus.entries.performance import Mint
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.statement import Statement

MAX_WALK: Final = 4_096
"""Entries of a witness's chain that are looked through for a verdict: months of witnessing."""

Said = tuple[Statement, int]
"""An attestation, and the position of a verdict in it."""


def said_of(ledger: Ledger, block: EntryId, record: BlockRecord) -> dict[IdentityId, Said]:
    """By drawn verifier, the first word that each gave."""
    found: dict[IdentityId, Said] = {}
    for verifier in record.drawn:
        words = words_of(ledger, verifier, block)
        if words:
            found[verifier] = words[-1]
    return found


def verdicts_on(
    ledger: Ledger, block: EntryId, record: BlockRecord, mint: EntryId | None
) -> dict[IdentityId, Verdict]:
    """By drawn verifier; of two, the one that the mint names, otherwise the first."""
    found = {
        verifier: verdict_at(said) for verifier, said in said_of(ledger, block, record).items()
    }
    statement = None if mint is None else ledger.statements[mint]
    if statement is not None and isinstance(statement.body, Mint):
        for named in statement.body.verdicts:
            attestation = ledger.statements[named.attestation]
            if isinstance(attestation.body, Attestation):
                found[attestation.entry.author] = attestation.body.verdicts[named.position]
    return found


def verdict_at(said: Said) -> Verdict:
    """The verdict itself."""
    statement, position = said
    assert isinstance(statement.body, Attestation)
    return statement.body.verdicts[position]


def words_of(ledger: Ledger, verifier: IdentityId, block: EntryId) -> list[Said]:
    """A verifier's verdicts on a block, the first one last; their chain is read backwards."""
    since_ms = ledger.statements[block].entry.time_ms
    found: list[Said] = []
    for tip in ledger.tips.get(verifier, {}):
        head: EntryId = tip
        for _ in range(MAX_WALK):
            statement = None if head == NO_ENTRY else ledger.statements[head]
            if statement is None or statement.entry.time_ms < since_ms:
                break
            if isinstance(statement.body, Attestation):
                found += [
                    (statement, position)
                    for position, verdict in enumerate(statement.body.verdicts)
                    if verdict.block == block
                ]
            head = statement.entry.prev
    return found
