"""Rules of witnessing: attestations, and what a verifier may not say falsely."""

from collections.abc import Iterator

from consensus.entries.attestation import Attestation, Decision, Verdict
from consensus.entries.performance import Block
from consensus.lots import Claim
from consensus.rejections import RejectionError, RejectionReason
from consensus.reward import daily_decay_ppm
from consensus.rulebooks.case import Case
from consensus.units import day_of


def check_blocks(case: Case[Attestation]) -> None:
    """Every verdict is about a block, each block once, none of them the verifier's own."""
    if len(set(case.entry.refs)) != len(case.entry.refs):
        raise RejectionError(RejectionReason.DUPLICATE, "two verdicts on one block")
    for block in case.entry.refs:
        case.named_body(block, Block)
        if case.named.statement(block).entry.author == case.entry.author:
            raise RejectionError(RejectionReason.OWN_BLOCK, "nobody witnesses their own block")


def check_day(case: Case[Attestation]) -> None:
    """The day that each verdict states is the day of the entry."""
    if any(verdict.day != day_of(case.entry.time_ms) for verdict in case.body.verdicts):
        raise RejectionError(RejectionReason.WRONG_DAY, "a verdict states another day")


def has_false_declaration(case: Case[Attestation]) -> bool:
    """Whether a verdict's budget is not what the chain says, or is a second one on its block.

    It does not invalidate the attestation, since others build on it without this chain; it sets
    the mark forked(author, number).
    """
    if not case.state.judged.isdisjoint(case.entry.refs):
        return True
    return any(verdict.budget_ppm != spent for verdict, spent in budgets(case))


def budgets(case: Case[Attestation]) -> Iterator[tuple[Verdict, int]]:
    """Each verdict with the budget that was truly spent before it, in ppm of full day weight."""
    day = day_of(case.entry.time_ms)
    spent = case.state.budget_spent_ppm(day, case.params.budget_days)
    for verdict in case.body.verdicts:
        yield verdict, spent
        spent += _accepted_weight_ppm(case, verdict)


def _accepted_weight_ppm(case: Case[Attestation], verdict: Verdict) -> int:
    """d of the block, if the verdict accepts it."""
    if verdict.decision is not Decision.ACCEPT:
        return 0
    return daily_decay_ppm(case.params, case.named_body(verdict.block, Block).day_index)


def apply_attestation(case: Case[Attestation]) -> tuple[Claim, ...]:
    """The verifier's budget shrinks by what it accepted."""
    state = case.state
    day = day_of(case.entry.time_ms)
    state.judged.update(case.entry.refs)
    spent = sum(_accepted_weight_ppm(case, verdict) for verdict in case.body.verdicts)
    if state.accepted and state.accepted[-1][0] == day:
        spent += state.accepted.pop()[1]
    state.accepted.append((day, spent))
    while state.accepted[0][0] <= day - case.params.budget_days:
        del state.accepted[0]
    return ()


ATTESTATION_RULES = (check_blocks, check_day)
