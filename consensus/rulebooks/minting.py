"""Rules of minting: which verdicts count, whether they suffice, and how much they make."""

from typing import NamedTuple

from consensus.chain import BlockRecord
from consensus.entries.attestation import Attestation, Decision, Verdict
from consensus.entries.performance import Mint
from consensus.identifiers import IdentityId, LotId
from consensus.lots import Claim, LotKey
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.rejections import RejectionError, RejectionReason
from consensus.reward import (
    AgreedMetrics,
    Circumstances,
    Contribution,
    Word,
    agreed_metrics,
    agreed_quality_ppm,
    contribution,
    shares,
    tier_ppm,
)
from consensus.rulebooks.case import Case
from consensus.units import Milliseconds


class GivenVerdict(NamedTuple):
    """A verdict as a mint builds on it."""

    verifier: IdentityId
    """Who gave it."""
    given_ms: Milliseconds
    """When, by the attestation."""
    verdict: Verdict
    """What it says."""
    presence: Presence
    """How near the performer says that the verifier was."""


def check_block_is_open(case: Case[Mint]) -> None:
    """The block is the author's own, not yet minted, and at most seven days old."""
    record = case.state.blocks.get(case.body.block)
    if record is None:
        raise RejectionError(RejectionReason.UNKNOWN_BLOCK, "it mints a block not in this chain")
    if case.body.block in case.state.mints:
        raise RejectionError(RejectionReason.ALREADY_MINTED, "the block was minted before")
    if case.entry.time_ms - record.end_ms > case.params.mint_deadline_ms:
        raise RejectionError(RejectionReason.TOO_LATE, "the block ended more than seven days ago")


def check_verdicts(case: Case[Mint]) -> None:
    """Each verdict is about the block, by a drawn verifier, each once, and given within a day."""
    record = case.state.blocks[case.body.block]
    for named in case.body.verdicts:
        attestation = case.named_body(named.attestation, Attestation)
        if named.position >= len(attestation.verdicts):
            raise RejectionError(RejectionReason.WRONG_VERDICT, "there is no such verdict")
    given = case.worked_out["given"] = given_verdicts(case)
    if any(item.verdict.block != case.body.block for item in given):
        raise RejectionError(RejectionReason.WRONG_VERDICT, "a verdict is about another block")
    verifiers = [item.verifier for item in given]
    if len(set(verifiers)) != len(verifiers):
        raise RejectionError(RejectionReason.DUPLICATE, "two verdicts of one verifier")
    if not set(verifiers) <= set(record.drawn):
        raise RejectionError(RejectionReason.NOT_DRAWN, "a verdict by somebody who wasn't drawn")
    if any(item.given_ms - record.end_ms > case.params.verdict_deadline_ms for item in given):
        raise RejectionError(RejectionReason.TOO_LATE, "a verdict given more than a day later")


def check_reward(case: Case[Mint]) -> None:
    """The verdicts make a quorum above all floors, and exactly this amount."""
    amount = sum(part.amount_ujam for part in _contributions(case))
    if amount != case.body.amount_ujam:
        raise RejectionError(
            RejectionReason.WRONG_AMOUNT, f"it mints {case.body.amount_ujam}, law says {amount}"
        )


def _contributions(case: Case[Mint]) -> tuple[Contribution, ...]:
    """What each word adds, computed once for the check and for the shares."""
    if "contributions" not in case.worked_out:
        record = case.state.blocks[case.body.block]
        duration_ms = Milliseconds(record.end_ms - record.start_ms)
        given = case.worked_out.get("given") or given_verdicts(case)
        parts = contributions(case.params, record, duration_ms, given)
        case.worked_out["contributions"] = parts
    found: tuple[Contribution, ...] = case.worked_out["contributions"]
    return found


def given_verdicts(case: Case[Mint]) -> tuple[GivenVerdict, ...]:
    """The named verdicts; call it only once they are known to exist."""
    found: list[GivenVerdict] = []
    for named in case.body.verdicts:
        statement = case.named.statement(named.attestation)
        attestation = case.named_body(named.attestation, Attestation)
        found.append(
            GivenVerdict(
                statement.entry.author,
                statement.entry.time_ms,
                attestation.verdicts[named.position],
                named.presence,
            )
        )
    return tuple(found)


def quorum(drawn: int) -> int:
    """How many of the drawn must accept: two thirds, rounded up."""
    return -(-2 * drawn // 3)


def contributions(
    params: NetworkParams,
    record: BlockRecord,
    duration_ms: Milliseconds,
    given: tuple[GivenVerdict, ...],
) -> tuple[Contribution, ...]:
    """What each accepting verifier's word adds, in the order of the draw.

    Raises RejectionError: NO_QUORUM, BELOW_FLOOR or NOT_BELIEVED when the block mints nothing.
    """
    accepting = [item for item in given if item.verdict.decision is Decision.ACCEPT]
    needed = quorum(len(record.drawn))
    if not record.drawn or len(accepting) < needed:
        raise RejectionError(
            RejectionReason.NO_QUORUM,
            f"{len(accepting)} of {len(record.drawn)} witnesses accepted it, {needed} are needed",
        )
    agreed = agreed_metrics([item.verdict.metrics for item in accepting])
    check_floors(params, agreed)
    tier = tier_ppm(params, [item.verdict.anomaly_ppm for item in given], len(record.drawn))
    about = Circumstances(
        quality_ppm=agreed_quality_ppm(params, agreed, duration_ms),
        day_index=record.day_index,
        tier_ppm=tier,
        revealed=record.revealed,
        opened=record.opened,
        duration_ms=duration_ms,
    )
    if not about.tier_ppm:
        raise RejectionError(
            RejectionReason.NOT_BELIEVED, "the witnesses' detectors do not believe it"
        )
    parts = tuple(contribution(params, about, word) for word in words(record, accepting))
    if not any(part.amount_ujam for part in parts):
        raise RejectionError(
            RejectionReason.BELOW_FLOOR,
            "it is worth less than the smallest coin: nothing in it varied or locked to the "
            "beat, or too much was played that day",
        )
    return parts


def words(record: BlockRecord, accepting: list[GivenVerdict]) -> list[Word]:
    """The accepting verifiers' words, in the order of the draw."""
    by_verifier = {item.verifier: item for item in accepting}
    return [
        Word(verifier, familiarity, verdict.budget_ppm, min(presence, verdict.presence))
        for verifier, familiarity in zip(record.drawn, record.familiarity_days, strict=True)
        if verifier in by_verifier
        for _, _, verdict, presence in (by_verifier[verifier],)
    ]


def check_floors(params: NetworkParams, agreed: AgreedMetrics) -> None:
    """Raises RejectionError(BELOW_FLOOR) when a window is too thin, too wrong or unanswered."""
    if agreed.events < params.min_events:
        raise RejectionError(
            RejectionReason.BELOW_FLOOR,
            f"{agreed.events} notes were hit, {params.min_events} are needed",
        )
    if agreed.accuracy_ppm < params.accuracy_floor_ppm:
        raise RejectionError(
            RejectionReason.BELOW_FLOOR,
            f"accuracy was {agreed.accuracy_ppm / 10_000:.0f} %, "
            f"{params.accuracy_floor_ppm / 10_000:.0f} % are needed",
        )
    if agreed.liveness_ppm < params.liveness_floor_ppm:
        raise RejectionError(
            RejectionReason.BELOW_FLOOR,
            f"{agreed.liveness_ppm / 10_000:.0f} % of the riffs were answered in time, "
            f"{params.liveness_floor_ppm / 10_000:.0f} % are needed",
        )


def apply_mint(case: Case[Mint]) -> tuple[Claim, ...]:
    """The performer's share is in the purse, and each verifier may receive theirs."""
    parts = _contributions(case)
    case.state.mints[case.body.block] = case.id
    case.state.contributions[case.id] = parts
    session = case.state.blocks[case.body.block].session
    minted = case.state.minted_ujam.get(session, 0)
    case.state.minted_ujam[session] = minted + case.body.amount_ujam
    claims: list[Claim] = []
    for holder, amount_ujam in shares(case.params, case.entry.author, parts):
        key = LotKey(LotId(case.id), (holder,))
        if holder == case.entry.author:
            case.state.purse[key] = amount_ujam
        else:
            claims.append(Claim(case.id, key, amount_ujam))
    return tuple(claims)


MINT_RULES = (check_block_is_open, check_verdicts, check_reward)
