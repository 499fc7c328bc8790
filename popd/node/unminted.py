"""Why a block of one's own did not mint: one sentence, and the next step."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from consensus.chain import BlockRecord, ChainState
from consensus.entries.attestation import Decision, Verdict
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.minting import GivenVerdict, contributions, quorum
from consensus.units import Milliseconds, lower_median
from popd.node.verdicts import Said, said_of, verdict_at

NEXT_STEPS: Final = {
    RejectionReason.NO_QUORUM: "Wait for the others, or play again with more people nearby.",
    RejectionReason.BELOW_FLOOR: "Play a slower chart, and answer the riffs: the notes with rings.",
    RejectionReason.NOT_BELIEVED: "Play again, by hand and without helpers.",
    RejectionReason.TOO_LATE: "Play again while your witnesses are around.",
}
PLAY_AGAIN: Final = "Play again while your witnesses stay connected."


class Why(NamedTuple):
    """Why nothing was minted (yet)."""

    why: str
    """In a sentence."""
    next_step: str
    """What to do."""
    is_over: bool
    """Whether no word that may still come can change it."""


def why_unminted(ledger: Ledger, me: IdentityId, block: EntryId, now_ms: int) -> Why | None:
    """Why a block of one's own has not minted; None where it has, or is no block of one's own."""
    state = _branch_with(ledger, me, block)
    if state is None or block in state.mints:
        return None
    record = state.blocks[block]
    return explained(ledger.params, record, said_of(ledger, block, record), now_ms)


def explained(
    params: NetworkParams, record: BlockRecord, said: Mapping[IdentityId, Said], now_ms: int
) -> Why:
    """The same from the words that are known, by drawn verifier."""
    age_ms = now_ms - record.end_ms
    verdicts = {verifier: verdict_at(word) for verifier, word in said.items()}
    is_complete = len(verdicts) == len(record.drawn)
    is_over = is_complete or age_ms > params.verdict_deadline_ms
    if not record.drawn:
        why = "No witness was there when the window ended, so nobody was drawn."
        return Why(why, NEXT_STEPS[RejectionReason.TOO_LATE], True)
    if age_ms > params.mint_deadline_ms:
        return Why("A week went by before it could be minted.", PLAY_AGAIN, True)
    reason = _rule_broken(params, record, said)
    if reason is None:
        return Why("It is being minted.", "Wait a moment.", False)
    if reason[0] is RejectionReason.NO_QUORUM:
        if is_complete or _is_hopeless(record, verdicts):
            return Why(*_why_not_believed(params, list(verdicts.values())), True)
        return _waiting(record, verdicts, is_over=is_over)
    return Why(f"{reason[1]}.", NEXT_STEPS.get(reason[0], "Play again."), is_over)


def given_by(
    params: NetworkParams,
    record: BlockRecord,
    said: Mapping[IdentityId, Said],
    presences: Mapping[IdentityId, Presence],
) -> tuple[list[GivenVerdict], list[Said]]:
    """The verdicts that came in time, and where each stands, in the order of verifiers."""
    given: list[GivenVerdict] = []
    places: list[Said] = []
    for verifier, word in sorted(said.items()):
        time_ms = word[0].entry.time_ms
        if time_ms - record.end_ms <= params.verdict_deadline_ms:
            presence = presences.get(verifier, Presence.REMOTE)
            given.append(GivenVerdict(verifier, time_ms, verdict_at(word), presence))
            places.append(word)
    return given, places


def _branch_with(ledger: Ledger, author: IdentityId, block: EntryId) -> ChainState | None:
    tips = ledger.tips.get(author, {}).values()
    return next((state for state in tips if block in state.blocks), None)


def _rule_broken(
    params: NetworkParams, record: BlockRecord, said: Mapping[IdentityId, Said]
) -> tuple[RejectionReason, str] | None:
    given, _ = given_by(params, record, said, {})
    try:
        contributions(params, record, Milliseconds(record.end_ms - record.start_ms), tuple(given))
    except RejectionError as error:
        return error.reason, error.message[:1].upper() + error.message[1:]
    return None


def _is_hopeless(record: BlockRecord, verdicts: Mapping[IdentityId, Verdict]) -> bool:
    """Whether so many did not accept that those who are silent can't make a quorum."""
    silent = len(record.drawn) - len(verdicts)
    accepting = sum(verdict.decision is Decision.ACCEPT for verdict in verdicts.values())
    return accepting + silent < quorum(len(record.drawn))


def _waiting(record: BlockRecord, verdicts: Mapping[IdentityId, Verdict], *, is_over: bool) -> Why:
    """Too few have spoken."""
    drawn, spoken = len(record.drawn), len(verdicts)
    said = f"{spoken} of your {drawn} witnesses gave their word; {quorum(drawn)} have to accept"
    if is_over:
        return Why(f"Only {said}, and their day to do so is over.", PLAY_AGAIN, True)
    return Why(
        f"So far {said}.",
        "Wait until the others are connected again, or ask them for a human look.",
        False,
    )


def _why_not_believed(params: NetworkParams, verdicts: list[Verdict]) -> tuple[str, str]:
    """Too few accept and no more can: what most of them saw, and what to do."""
    doubting = sum(verdict.decision is not Decision.ACCEPT for verdict in verdicts)
    count = f"{doubting} of your {len(verdicts)} witnesses"
    if doubting == len(verdicts):
        count = f"your {doubting} witnesses"
    blind = sum(not verdict.has_seen_frames for verdict in verdicts)
    accuracy = lower_median([verdict.metrics.accuracy_ppm for verdict in verdicts])
    liveness = lower_median([verdict.metrics.liveness_ppm for verdict in verdicts])
    if blind:
        return (
            f"What {blind} of your {len(verdicts)} witnesses saw live is not all in what was "
            "sealed.",
            "Check your connection, and play again.",
        )
    if accuracy < params.accuracy_floor_ppm:
        return (
            f"It was not believed by {count}: {accuracy // 10_000} % of it was on the "
            f"notes, {params.accuracy_floor_ppm // 10_000} % are needed.",
            "Press each key as its shape reaches the line; practise it slower, "
            "or choose an easier chart.",
        )
    if liveness < params.liveness_floor_ppm:
        return (
            f"It was not believed by {count}: too few riffs were answered.",
            NEXT_STEPS[RejectionReason.BELOW_FLOOR],
        )
    by_hand = sum(v.is_by_hand and v.decision is not Decision.ACCEPT for v in verdicts)
    if by_hand:
        return (
            f"It was not believed: {by_hand} of your {len(verdicts)} witnesses looked at it "
            "themselves and said no.",
            "Ask them what they saw, and play where they can hear you.",
        )
    return (
        f"It was not believed by {count}: parts did not look played by a person.",
        NEXT_STEPS[RejectionReason.NOT_BELIEVED],
    )
