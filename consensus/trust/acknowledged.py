"""Who acknowledged whom, read from the ledger: what the trust graph is made of.

A verdict acknowledges the performer, and a mint acknowledges the witnesses it names: they were
there. A rating acknowledges the performer by its score, in the name of whoever signs it. Whoever
announces a jam acknowledges those who play along. What a person did by hand counts in full, what a
node did by itself a tenth. Receiving money acknowledges nobody. A report speaks against the
performer, and a divergence against whom it is from, both in full; a divergence that was taken back
says nothing any more.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from consensus.entries.appreciation import Modality, Rating
from consensus.entries.attestation import Attestation, Decision, Verdict
from consensus.entries.dispute import Diverge, Report
from consensus.entries.performance import Mint, Session
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.statement import Statement
from consensus.trust.graph import Acknowledgement
from consensus.units import MILLION

BY_HAND: Final = 1.0
BY_ITSELF: Final = 0.1
DECISION_WEIGHTS: Final = {Decision.ACCEPT: 1.0, Decision.FLAG: 0.0, Decision.REJECT: -1.0}


def acknowledgements(ledger: Ledger) -> Iterator[Acknowledgement[IdentityId]]:
    """All acknowledgements that applied entries make, in no particular order."""
    for entry in ledger.applied:
        yield from acknowledged_by(ledger, ledger.statements[entry])
    yield from parting_words(ledger, ledger.applied)


def acknowledged_by(ledger: Ledger, statement: Statement) -> Iterator[Acknowledgement[IdentityId]]:
    """What one applied entry acknowledges for good; what it names is in the ledger."""
    author, time_ms = statement.entry.author, statement.entry.time_ms
    if isinstance(statement.body, Attestation):
        for verdict in statement.body.verdicts:
            performer = ledger.statements[verdict.block].entry.author
            weight = verdict_weight(verdict)
            if weight:
                yield Acknowledgement(author, performer, weight, time_ms)
    elif isinstance(statement.body, Report):
        performer = ledger.statements[statement.body.block].entry.author
        yield Acknowledgement(author, performer, -BY_HAND, time_ms)
    elif isinstance(statement.body, Session):
        for performer, _ in statement.body.performers:
            if performer != author:
                yield Acknowledgement(author, performer, BY_HAND, time_ms)
    elif isinstance(statement.body, Rating):
        weight = rating_weight(statement.body)
        if weight:
            yield Acknowledgement(author, statement.body.performer, weight, time_ms)
    elif isinstance(statement.body, Mint):
        for named in statement.body.verdicts:
            witness = ledger.statements[named.attestation].entry.author
            yield Acknowledgement(author, witness, BY_ITSELF, time_ms)


def stands(ledger: Ledger, diverge: Statement) -> bool:
    """Whether a divergence was taken back on no branch of its author."""
    states = ledger.tips.get(diverge.entry.author, {}).values()
    return not any(diverge.id in state.reconciled for state in states)


def parting_words(
    ledger: Ledger, divergences: Iterable[EntryId]
) -> Iterator[Acknowledgement[IdentityId]]:
    """What those of some applied divergences say that stand.

    They are laid over a graph rather than folded into it: they can be taken back, words can't.
    """
    for entry in divergences:
        statement = ledger.statements[entry]
        if isinstance(statement.body, Diverge) and stands(ledger, statement):
            author, time_ms = statement.entry.author, statement.entry.time_ms
            yield Acknowledgement(author, statement.body.identity, -BY_HAND, time_ms)


def verdict_weight(verdict: Verdict) -> float:
    """How much a verdict says for its performer, or against."""
    return DECISION_WEIGHTS[verdict.decision] * (BY_HAND if verdict.is_by_hand else BY_ITSELF)


def rating_weight(rating: Rating) -> float:
    """How much a rating says for its performer: what a guest or a measure said, a tenth.

    A host who lets guests in has not judged the performer; a low score speaks against nobody.
    """
    is_own_word = rating.guest is None and rating.opinion.modality in (
        Modality.MANUAL,
        Modality.COMMENT,
    )
    return rating.opinion.score_ppm / MILLION * (BY_HAND if is_own_word else BY_ITSELF)
