"""What Nearby shows of the node: pure functions to shapes."""

from collections.abc import Mapping
from typing import Final

from consensus.entries.attestation import Attestation, Verdict
from consensus.entries.performance import Block, Session
from consensus.identifiers import NO_ENTRY, ChartId, EntryId
from consensus.ledger import Ledger
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.quality import Metrics
from popd.api.names import Names
from popd.api.nearby_shapes import (
    AttestedView,
    DutyView,
    MetricsView,
    NearnessView,
    PerformanceView,
)
from popd.api.shapes import Person
from popd.api.windows import verdict_reasons
from popd.node.air import Performance
from popd.node.duty import Duty, is_drawn_for_look
from popd.node.nearness import Nearness
from popd.node.verdicts import MAX_WALK

MAX_ATTESTED: Final = 50
"""Verdicts of one's own that are listed."""
DIGITS: Final = 12
"""Of a digest, to be told apart by eye."""
PRESENCES: Final = {
    Presence.SAME_LINK: "on your link",
    Presence.NEAR: "near",
    Presence.REMOTE: "remote",
}
OWN_EYES: Final = (
    ("saw no riff of yours", "you saw no riff"),
    ("what they saw live", "what you saw live"),
    ("a person decided", "you decided"),
)
"""Reasons are written to the player; told to the witness, they speak of them."""
LOOK_BY_CHANCE: Final = (
    "Chance chose this block: of every thousand, one is looked at by a person. That is you."
)
LOOK_ASKED_FOR: Final = "Its performer asks a person to look, not the node alone."


def performance_view(
    performance: Performance,
    names: Names,
    nearness: Nearness,
    window_us: int,
    about: tuple[str, int],
    *,
    is_candidate: bool,
) -> PerformanceView:
    """Somebody who performs; `about` is the chart's title and lanes, or an empty text and 0."""
    session = performance.session
    return PerformanceView(
        session=performance.id.hex(),
        performer=Person(performance.performer.hex(), names.of(performance.performer)),
        chart=session.chart.hex(),
        song=about[0],
        keys=about[1],
        start_us=session.start_ms * 1_000,
        windows=session.windows,
        window_us=window_us,
        input_us=session.calibration.input_us,
        openings=len(session.openings),
        is_candidate=is_candidate,
        is_heard=performance.heard_ms is not None,
        nearness=nearness_view(nearness),
    )


def nearness_view(nearness: Nearness) -> NearnessView:
    """How near a node is, as claims."""
    theirs = nearness.theirs
    said = "does not say how near it is" if theirs is None else f"says it is {PRESENCES[theirs]}"
    measured = "round trip not measured"
    if nearness.round_trip_us:
        trip_ms, apart_ms = nearness.round_trip_us / 1_000, nearness.uncertainty_us / 1_000
        measured = f"round trip {trip_ms:.1f} ± {apart_ms:.1f} ms"
        if apart_ms > trip_ms:
            measured = f"round trip {trip_ms:.1f} ms, usually {trip_ms + apart_ms:.1f} ms"
    return NearnessView(
        counts_as=PRESENCES[nearness.agreed],
        round_trip_us=nearness.round_trip_us,
        uncertainty_us=nearness.uncertainty_us,
        words=f"{said}; {measured}",
    )


def metrics_view(metrics: Metrics) -> MetricsView:
    """What was measured."""
    return MetricsView(
        events=metrics.events,
        accuracy_ppm=metrics.accuracy_ppm,
        diversity_ppm=metrics.diversity_ppm,
        harmony_ppm=metrics.harmony_ppm,
        riffs=(metrics.riffs_answered, metrics.riffs_seen),
    )


def duty_view(params: NetworkParams, names: Names, duty: Duty, song: str) -> DutyView:
    """A block that this node was drawn for, with everything that it knows of it."""
    verdict = duty.verdict
    return DutyView(
        block=duty.id.hex(),
        session=duty.session.hex(),
        window=duty.window,
        performer=Person(duty.performer.hex(), names.of(duty.performer)),
        song=song,
        state=duty.state.value,
        drawn_ms=duty.drawn_ms,
        until_ms=duty.until_ms,
        choice="" if duty.choice is None else duty.choice.value,
        suggestion="" if verdict is None or verdict.is_by_hand else verdict.decision.name.lower(),
        anomaly_ppm=0 if verdict is None else verdict.anomaly_ppm,
        metrics=None if verdict is None else metrics_view(verdict.metrics),
        has_seen_frames=verdict is not None and verdict.has_seen_frames,
        custody="" if verdict is None else verdict.custody.hex()[:DIGITS],
        model=duty.model.hex()[:DIGITS],
        reasons=[] if verdict is None else own_reasons(params, verdict),
        noticed=list(duty.reasons),
        needs_look=duty.needs_look,
        look=look_words(duty),
        attestation="" if duty.attestation is None else duty.attestation.hex(),
        why=duty.why,
    )


def own_reasons(params: NetworkParams, verdict: Verdict) -> list[str]:
    """What the numbers of a verdict mean, told to the witness."""
    reasons = verdict_reasons(params, verdict)
    for written, told in OWN_EYES:
        reasons = [reason.replace(written, told) for reason in reasons]
    return reasons


def look_words(duty: Duty) -> str:
    """Why a person is asked to look; empty where nobody is."""
    if duty.is_appealed:
        return LOOK_ASKED_FOR
    return LOOK_BY_CHANCE if is_drawn_for_look(duty.id) else ""


def own_verdicts(ledger: Ledger, head: EntryId) -> list[tuple[EntryId, Verdict]]:
    """A chain's newest verdicts, each with the attestation that it stands in."""
    found: list[tuple[EntryId, Verdict]] = []
    for _ in range(MAX_WALK):
        statement = None if head == NO_ENTRY else ledger.statements.get(head)
        if statement is None or len(found) >= MAX_ATTESTED:
            break
        if isinstance(statement.body, Attestation):
            found += [(statement.id, verdict) for verdict in reversed(statement.body.verdicts)]
        head = statement.entry.prev
    return found[:MAX_ATTESTED]


def attested_view(
    ledger: Ledger,
    names: Names,
    attestation: EntryId,
    verdict: Verdict,
    titles: Mapping[ChartId, str],
) -> AttestedView:
    """A verdict in the user's own chain."""
    statement = ledger.statements.get(verdict.block)
    block = None if statement is None else statement.body
    performer = None if statement is None else statement.entry.author
    chart = chart_of(ledger, block.session) if isinstance(block, Block) else None
    return AttestedView(
        block=verdict.block.hex(),
        attestation=attestation.hex(),
        performer=None if performer is None else Person(performer.hex(), names.of(performer)),
        song="" if chart is None else titles.get(chart, ""),
        window=block.window if isinstance(block, Block) else 0,
        time_ms=ledger.statements[attestation].entry.time_ms,
        decision=verdict.decision.name.lower(),
        by_hand=verdict.is_by_hand,
        anomaly_ppm=verdict.anomaly_ppm,
        metrics=metrics_view(verdict.metrics),
        reasons=own_reasons(ledger.params, verdict),
    )


def chart_of(ledger: Ledger, session: EntryId) -> ChartId | None:
    """What is played in a session; None where its announcement is not here."""
    statement = ledger.statements.get(session)
    body = None if statement is None else statement.body
    return body.chart if isinstance(body, Session) else None
