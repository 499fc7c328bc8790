"""What a mint should pay, worked out from the bare entries and the page of the specification.

Nothing of the chain's own state is used: acquaintance and budgets are counted from entries.
"""

from collections.abc import Iterator
from fractions import Fraction

from consensus.draw import Ticket, draw
from consensus.entries.attestation import Attestation, Decision, Verdict
from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.quality import density_ppm, quality_ppm
from consensus.statement import Statement
from consensus.units import Milliseconds

DAY_MS = 86_400_000
DECAY = [Fraction(round(900_000**i / 1_000_000 ** (i - 1)), 1_000_000) for i in range(60)]


def chain_of(ledger: Ledger, author: IdentityId) -> list[Statement]:
    state = ledger.state(author)
    assert state is not None
    return ledger.chain(state.head)


def blocks_of(ledger: Ledger, author: IdentityId) -> Iterator[tuple[Statement, Block, Session]]:
    for statement in chain_of(ledger, author):
        if isinstance(statement.body, Block):
            session = ledger.statements[statement.body.session].body
            assert isinstance(session, Session)
            yield statement, statement.body, session


def day_of_block(ledger: Ledger, block: Block, session: Session) -> int:
    return (session.start_ms + block.window * ledger.params.window_ms) // DAY_MS


def drawn_for(block: Block, session: Session, count: int) -> tuple[IdentityId, ...]:
    tickets = [Ticket(session.openings[p].candidate, value) for p, value in block.tickets]
    return draw(block.session, block.window, tickets, count)


def met_days(
    ledger: Ledger, performer: IdentityId, verifier: IdentityId, before: EntryId, day: int
) -> int:
    """On how many of the 30 days before it was drawn for the performer's earlier blocks."""
    days = set()
    for statement, block, session in blocks_of(ledger, performer):
        if statement.id == before:
            break
        if verifier in drawn_for(block, session, ledger.params.verifiers_drawn):
            days.add(day_of_block(ledger, block, session))
    return len([met for met in days if day - 30 <= met < day])


def words_before(
    ledger: Ledger, verifier: IdentityId, attestation: EntryId, position: int
) -> Iterator[Verdict]:
    for statement in chain_of(ledger, verifier):
        if isinstance(statement.body, Attestation):
            is_it = statement.id == attestation
            yield from statement.body.verdicts[: position if is_it else None]
            if is_it:
                return


def accepted_weight(
    ledger: Ledger, verifier: IdentityId, attestation: EntryId, position: int, day: int
) -> Fraction:
    """j: d of all that the verifier accepted in the last seven days before this word."""
    total = Fraction(0)
    for verdict in words_before(ledger, verifier, attestation, position):
        block = ledger.statements[verdict.block].body
        assert isinstance(block, Block)
        if verdict.decision is Decision.ACCEPT and day - 7 < verdict.day <= day:
            total += DECAY[block.day_index]
    return total


def lower(values: list[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]


def upper(values: list[int]) -> int:
    return sorted(values)[len(values) // 2]


def contributions_by_hand(ledger: Ledger, minted: Statement) -> dict[IdentityId, int]:
    """What each accepting word adds, in uJAM."""
    params, mint = ledger.params, minted.body
    assert isinstance(mint, Mint)
    statement = ledger.statements[mint.block]
    block = statement.body
    assert isinstance(block, Block)
    session = ledger.statements[block.session].body
    assert isinstance(session, Session)
    drawn = drawn_for(block, session, params.verifiers_drawn)
    day = day_of_block(ledger, block, session)
    named = [(ledger.statements[n.attestation], n.position, n.presence) for n in mint.verdicts]
    said = {}
    for attestation, position, presence in named:
        assert isinstance(attestation.body, Attestation)
        verdict = attestation.body.verdicts[position]
        said[attestation.entry.author] = (attestation, position, presence, verdict)
    anomalies = [said[v][3].anomaly_ppm if v in said else 1_000_000 for v in drawn]
    worst = upper(anomalies)
    tier = Fraction(0) if worst >= 900_000 else Fraction(1, 2) if worst >= 500_000 else Fraction(1)
    accepting = {v: word for v, word in said.items() if word[3].decision is Decision.ACCEPT}
    metrics = [word[3].metrics for word in accepting.values()]
    duration_ms = Milliseconds(block.duration_ms)
    quality = quality_ppm(
        lower([m.accuracy_ppm for m in metrics]),
        lower([m.diversity_ppm for m in metrics]),
        lower([m.harmony_ppm for m in metrics]),
        lower([m.liveness_ppm for m in metrics]),
        density_ppm(lower([m.events for m in metrics]), duration_ms, params.full_density_per_s),
    )
    found = {}
    for verifier, (attestation, position, presence, verdict) in accepting.items():
        m = met_days(ledger, statement.entry.author, verifier, statement.id, day)
        j = accepted_weight(ledger, verifier, attestation.id, position, verdict.day)
        nearness = (Fraction(2, 5), Fraction(7, 10), Fraction(1))[min(presence, verdict.presence)]
        found[verifier] = int(
            3_000_000
            * DECAY[block.day_index]
            * Fraction(quality, 1_000_000)
            * Fraction(params.familiarity_decay_ppm[m], 1_000_000)
            * Fraction(100)
            / (100 + j)
            * nearness
            / 8
            * tier
            * Fraction(len(block.tickets), len(session.openings))
            * Fraction(block.duration_ms, params.window_ms)
        )
    return found


def shares_by_hand(ledger: Ledger, minted: Statement) -> dict[IdentityId, int]:
    """80 % for the performer, 20 % for the verifiers by contribution, roundings up front."""
    parts = contributions_by_hand(ledger, minted)
    paid = {verifier: amount * 200_000 // 1_000_000 for verifier, amount in parts.items()}
    paid = {verifier: amount for verifier, amount in paid.items() if amount}
    return {minted.entry.author: sum(parts.values()) - sum(paid.values()), **paid}
