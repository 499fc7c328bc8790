"""What became of a window: from what the node told and what its ledger holds, in words."""

from collections.abc import Iterable, Mapping

from consensus.chain import BlockRecord, ChainState
from consensus.entries.attestation import Decision, Verdict
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.parameters import NetworkParams
from consensus.quality import density_ppm
from consensus.reward import Share, agreed_metrics, agreed_quality_ppm, shares
from consensus.rulebooks.minting import quorum
from consensus.units import Milliseconds
from consensus.value.appraisal import lot_view
from consensus.value.lot import LotView
from popd.api.outlook import Outlook
from popd.api.shapes import QualityView, ShareView, VerdictView, WindowMessage
from popd.node.notices import WindowChanged, WindowState
from popd.node.verdicts import verdicts_on


def window_message(outlook: Outlook, changed: WindowChanged) -> WindowMessage:
    """A window as the node last spoke of it, with all that the ledger knows of its block."""
    ledger = outlook.ledger
    state = _state_with(ledger, outlook.me, changed.block)
    if changed.block is None or state is None:
        return _without_block(changed)
    record = state.blocks[changed.block]
    verdicts = verdicts_on(ledger, changed.block, record, state.mints.get(changed.block))
    mint = state.mints.get(changed.block)
    parts = () if mint is None else state.contributions[mint]
    split = shares(ledger.params, outlook.me, parts)
    lot = None if mint is None else _own_share(ledger, outlook.me, LotId(mint), split)
    observers = (outlook.me, *record.drawn, *outlook.neighbours)
    return WindowMessage(
        session=changed.session.hex(),
        window=changed.window,
        state=changed.state.value,
        block=changed.block.hex(),
        drawn=[outlook.person(verifier) for verifier in record.drawn],
        needed=quorum(len(record.drawn)),
        verdicts=[
            verdict_view(outlook, verifier, verdicts[verifier])
            for verifier in record.drawn
            if verifier in verdicts
        ],
        quality=quality_view(ledger.params, record, verdicts.values()),
        minted_ujam=sum(part.amount_ujam for part in parts),
        shares=[
            ShareView(holder.hex(), outlook.names.of(holder), amount) for holder, amount in split
        ],
        values=[] if lot is None else outlook.values(lot, observers),
        why=changed.why,
        next_step=changed.next_step,
        looking=[outlook.person(verifier) for verifier in changed.looking],
    )


def session_windows(
    outlook: Outlook, session: EntryId, told: Mapping[int, WindowChanged]
) -> list[WindowMessage]:
    """All windows of one of the user's sessions; `told` is what the node said since it started."""
    known = dict(told)
    state = outlook.ledger.state(outlook.me)
    for block, record in () if state is None else state.blocks.items():
        if record.session == session:
            known[record.window] = _last_change(outlook.ledger, state, block, record, told)
    return [window_message(outlook, known[number]) for number in sorted(known)]


def verdict_view(outlook: Outlook, verifier: IdentityId, verdict: Verdict) -> VerdictView:
    """A verdict, with what lies behind it in words."""
    metrics = verdict.metrics
    return VerdictView(
        id=verifier.hex(),
        name=outlook.names.of(verifier),
        decision=verdict.decision.name.lower(),
        anomaly_ppm=verdict.anomaly_ppm,
        accuracy_ppm=metrics.accuracy_ppm,
        riffs=(metrics.riffs_answered, metrics.riffs_seen),
        reasons=verdict_reasons(outlook.ledger.params, verdict),
    )


def verdict_reasons(params: NetworkParams, verdict: Verdict) -> list[str]:
    """What the numbers of a verdict mean to the player."""
    metrics = verdict.metrics
    floor = f": {percent(params.liveness_floor_ppm)} are needed"
    riffs = f"{metrics.riffs_answered} of {metrics.riffs_seen} riffs answered"
    reasons = [impression(params, verdict.anomaly_ppm)]
    if not metrics.riffs_seen:
        reasons.append("saw no riff of yours" + floor)
    else:
        reasons.append(riffs + (floor if metrics.liveness_ppm < params.liveness_floor_ppm else ""))
    if metrics.accuracy_ppm < params.accuracy_floor_ppm:
        needed = percent(params.accuracy_floor_ppm)
        reasons.append(f"accuracy was {percent(metrics.accuracy_ppm)}: {needed} are needed")
    if metrics.events < params.min_events:
        reasons.append(f"{metrics.events} notes were hit: {params.min_events} are needed")
    if not verdict.has_seen_frames:
        reasons.append("what they saw live is not all in the sealed log")
    if verdict.is_by_hand:
        reasons.append("a person decided")
    return reasons


def quality_view(
    params: NetworkParams, record: BlockRecord, verdicts: Iterable[Verdict]
) -> QualityView | None:
    """What the accepting witnesses agree on; None while nobody accepts."""
    accepting = [item.metrics for item in verdicts if item.decision is Decision.ACCEPT]
    if not accepting:
        return None
    agreed = agreed_metrics(accepting)
    duration_ms = Milliseconds(record.end_ms - record.start_ms)
    return QualityView(
        accuracy_ppm=agreed.accuracy_ppm,
        diversity_ppm=agreed.diversity_ppm,
        harmony_ppm=agreed.harmony_ppm,
        liveness_ppm=agreed.liveness_ppm,
        density_ppm=density_ppm(agreed.events, duration_ms, params.full_density_per_s),
        quality_ppm=agreed_quality_ppm(params, agreed, duration_ms),
    )


def percent(share_ppm: int) -> str:
    """A share in whole percent, rounded down so that 74.9 % never reads as 75 %."""
    return f"{share_ppm // 10_000} %"


def impression(params: NetworkParams, anomaly_ppm: int) -> str:
    """What an anomaly score means, in words."""
    if anomaly_ppm >= params.unbelievable_ppm:
        return "not believed to be played by a person"
    if anomaly_ppm >= params.suspicious_ppm:
        return "parts did not look played by a person"
    return "played like a person"


def _state_with(ledger: Ledger, author: IdentityId, block: EntryId | None) -> ChainState | None:
    """The longest branch when it has the block, otherwise another that has it."""
    best = ledger.state(author)
    tips = ledger.tips.get(author, {}).values()
    states = tips if best is None else (best, *tips)
    return next((state for state in states if block in state.blocks), None)


def _last_change(
    ledger: Ledger,
    state: ChainState | None,
    block: EntryId,
    record: BlockRecord,
    told: Mapping[int, WindowChanged],
) -> WindowChanged:
    """What the node would say of a block now."""
    before = told.get(record.window)
    if state is not None and block in state.mints:
        after = WindowState.MINTED
    elif before is not None and before.block == block:
        return before
    else:
        is_attested = bool(verdicts_on(ledger, block, record, None))
        after = WindowState.ATTESTED if is_attested else WindowState.DRAWN
    return WindowChanged(record.session, record.window, after, block, "", "")


def _own_share(ledger: Ledger, me: IdentityId, origin: LotId, split: Iterable[Share]) -> LotView:
    """What of a mint became the performer's own: the coin that arrives, as the purse has it."""
    key = LotKey(origin, (me,))
    amount_ujam = sum(share.amount_ujam for share in split if share.holder == me)
    return lot_view(ledger, key, amount_ujam, key in ledger.contested)


def _without_block(changed: WindowChanged) -> WindowMessage:
    return WindowMessage(
        session=changed.session.hex(),
        window=changed.window,
        state=changed.state.value,
        block=None if changed.block is None else changed.block.hex(),
        drawn=[],
        needed=0,
        verdicts=[],
        quality=None,
        minted_ujam=0,
        shares=[],
        values=[],
        why=changed.why,
        next_step=changed.next_step,
    )
