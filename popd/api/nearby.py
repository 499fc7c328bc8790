"""Nearby: who performs, what this node was drawn for, and what its user says of it."""

from typing import Final

import trio

from consensus.entries.performance import Block
from consensus.identifiers import ChartId, EntryId
from popd.api.answers import ApiError, not_found
from popd.api.desk import Desk
from popd.api.library import UNKNOWN_TITLE
from popd.api.nearby_shapes import (
    Appealed,
    AttestedView,
    BlockBody,
    DutyView,
    JudgeBody,
    Nearby,
    PerformanceView,
)
from popd.api.nearby_views import (
    attested_view,
    chart_of,
    duty_view,
    own_verdicts,
    performance_view,
)
from popd.api.routing import Call
from popd.api.tokens import Scope
from popd.node.air import Performance
from popd.node.duty import Choice, Duty, DutyState
from popd.node.events import AppealBlock, JudgeByHand, UndoJudgement
from popd.node.judging import OPEN
from popd.node.notices import AppealAnswered, DutyChanged

MAX_DUTIES: Final = 32
"""Blocks that this node was drawn for that are listed, the newest."""
ANSWER_WAIT_S: Final = 10
"""How long the node may take to follow; usual are milliseconds."""
LOOK_AGAIN_US: Final = 2_000_000
"""A chart that is not here is looked for again after this long."""

SEE_NEARBY: Final = "See what you were drawn for: popctl nearby list."
TOO_LATE: Final = {
    DutyState.SIGNED: (
        "Your word on that block is signed and out; it can't be changed.",
        "If it was wrong, report the block: popctl nearby report.",
    ),
    DutyState.PASSED: (
        "You gave no word on that block, and there is nothing to take back.",
        "To give one after all, say it: popctl nearby accept or reject.",
    ),
}
ALL_SEES: Final = "Look again in a moment."


async def read_nearby(desk: Desk, call: Call) -> Nearby:
    """Who performs now; for the owner also what this node was drawn for and said."""
    is_owner = Scope.OWNER in call.scopes
    return Nearby(
        performances=await performances(desk),
        duties=await duties(desk) if is_owner else [],
        attested=await attested(desk) if is_owner else [],
        attended=desk.audience.is_attending,
        now_us=desk.daemon.now_us(),
    )


async def performances(desk: Desk) -> list[PerformanceView]:
    """Who performs now, in the order of announcement."""
    node, names = desk.daemon.node, desk.names()
    found: list[PerformanceView] = []
    for performance in node.air.now():
        about = await _about(desk, performance)
        watch = node.watching.watches.get(performance.id)
        found.append(
            performance_view(
                performance,
                names,
                node.nearby.of(performance.session.performer_node),
                desk.window_us,
                about,
                is_candidate=watch is not None and watch.position is not None,
            )
        )
    return found


async def duties(desk: Desk) -> list[DutyView]:
    """The newest blocks that this node was drawn for."""
    known = list(desk.daemon.node.judging.duties.values())
    return [await duty_seen(desk, duty) for duty in known[: -MAX_DUTIES - 1 : -1]]


async def duty_seen(desk: Desk, duty: Duty) -> DutyView:
    """One of them."""
    chart = chart_of(desk.context.ledger, duty.session)
    song = "" if chart is None else await _title(desk, chart)
    return duty_view(desk.context.params, desk.names(), duty, song)


async def attested(desk: Desk) -> list[AttestedView]:
    """What the user's own chain says of others' blocks, the newest first."""
    ledger, names = desk.context.ledger, desk.names()
    state = ledger.state(desk.context.identity)
    given = [] if state is None else own_verdicts(ledger, state.head)
    blocks = [ledger.statements.get(verdict.block) for _, verdict in given]
    bodies = [statement.body for statement in blocks if statement is not None]
    charts = {chart_of(ledger, body.session) for body in bodies if isinstance(body, Block)}
    titles = {chart: await _title(desk, chart) for chart in charts if chart is not None}
    return [attested_view(ledger, names, entry, verdict, titles) for entry, verdict in given]


async def judge_by_hand(desk: Desk, call: Call) -> DutyView:
    """Say what you think of a block that you were drawn for; it is signed five seconds later."""
    body: JudgeBody = call.body
    duty = _duty(desk, body.block)
    if duty.state not in {*OPEN, DutyState.PASSED}:
        raise _too_late(duty)
    choice = Choice(body.choice)
    changed = await _after(desk, JudgeByHand(duty.id, choice))
    if changed.choice is not choice:
        raise _too_late(changed)
    return await duty_seen(desk, changed)


async def _after(desk: Desk, command: JudgeByHand | UndoJudgement) -> Duty:
    """The duty once the node followed a command about it, or did not in its time."""
    with desk.daemon.notices() as notices, trio.move_on_after(ANSWER_WAIT_S):
        desk.daemon.give(command)
        async for notice in notices:
            if isinstance(notice, DutyChanged) and notice.block == command.block:
                break
    return _duty(desk, command.block.hex())


async def undo_judgement(desk: Desk, call: Call) -> DutyView:
    """Take back what you said of a block, as long as it is not signed."""
    body: BlockBody = call.body
    duty = _duty(desk, body.block)
    if duty.state in OPEN and duty.choice is None:
        raise ApiError(409, "nothing_said", "You said nothing of that block yet.", "Go on.")
    if duty.state not in OPEN:
        raise _too_late(duty)
    changed = await _after(desk, UndoJudgement(duty.id))
    if changed.choice is not None:
        raise _too_late(changed)
    return await duty_seen(desk, changed)


async def appeal_block(desk: Desk, call: Call) -> Appealed:
    """Ask those drawn for a block of your own for a human look."""
    body: BlockBody = call.body
    block = EntryId(bytes.fromhex(body.block))
    state = desk.context.ledger.state(desk.context.identity)
    if state is None or block not in state.blocks:
        raise not_found("That is no block of yours.", "See popctl nearby why.")
    if block in state.mints:
        raise ApiError(409, "minted", "That block was believed and minted.", "Look in your purse.")
    with desk.daemon.notices() as notices, trio.move_on_after(ANSWER_WAIT_S):
        desk.daemon.give(AppealBlock(block))
        async for notice in notices:
            if isinstance(notice, AppealAnswered) and notice.block == block:
                return Appealed(body.block, notice.asked, notice.why, notice.next_step)
    raise ApiError(504, "not_yet", "Nobody could be asked in time.", "Try again in a moment.")


def _duty(desk: Desk, block: str) -> Duty:
    duty = desk.daemon.node.judging.duties.get(EntryId(bytes.fromhex(block)))
    if duty is None:
        raise not_found("You were not drawn for that block.", SEE_NEARBY)
    return duty


def _too_late(duty: Duty) -> ApiError:
    if duty.state is DutyState.LOST:
        return ApiError(409, "lost", duty.why or "That block can't be judged.", SEE_NEARBY)
    why, next_step = TOO_LATE.get(duty.state, ("That was not followed.", ALL_SEES))
    return ApiError(409, f"is_{duty.state.value}", why, next_step)


async def _about(desk: Desk, performance: Performance) -> tuple[str, int]:
    """A chart's title and lanes; an empty text and 0 while it is not here."""
    watch = desk.daemon.node.watching.watches.get(performance.id)
    if watch is not None and watch.chart is not None:
        return watch.chart.title, watch.chart.keys
    chart, missing = performance.session.chart, desk.audience.missing
    if missing.get(chart, 0) > desk.daemon.now_us():
        return "", 0
    found = await desk.library.chart(chart)
    if found is not None:
        missing.pop(chart, None)
        return found.title, found.keys
    desk.audience.note_missing(chart, desk.daemon.now_us() + LOOK_AGAIN_US)
    return "", 0


async def _title(desk: Desk, chart: ChartId) -> str:
    title = await desk.library.title(chart)
    return "" if title == UNKNOWN_TITLE else title
