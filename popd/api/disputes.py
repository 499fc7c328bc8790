"""Disputes: what is disputed, what parting from somebody would do, the map, and the commands."""

from consensus.entries.chains import Reconcile
from consensus.entries.dispute import Diverge, DivergeReason, Report, ReportReason
from consensus.entries.performance import Block
from consensus.entries.staking import Stake, Unstake
from consensus.identifiers import EntryId, IdentityId
from consensus.rejections import RejectionReason
from consensus.units import MicroJam, Milliseconds
from popd.api.answers import bad_request, not_found
from popd.api.commands import lot_meant, rejected, too_little, written
from popd.api.desk import Desk
from popd.api.dispute_map import map_view
from popd.api.dispute_preview import preview_view
from popd.api.dispute_shapes import (
    Disputes,
    DivergeBody,
    PhaseMap,
    Preview,
    ReconcileBody,
    ReportBody,
    StakeBody,
    UnstakeBody,
)
from popd.api.dispute_views import disputes_view
from popd.api.dispute_words import lasting
from popd.api.people import person
from popd.api.routing import Call
from popd.api.shapes import Written
from popd.node.events import DivergeFrom, ReconcileWith, ReportBlock, StakeCoins, UnstakeCoins


async def read_disputes(desk: Desk, call: Call) -> Disputes:
    """Stakes, reports, divergences, forks and contested lots around the user."""
    return disputes_view(desk.outlook(), _now_ms(desk), desk.context.params.stake_lock_ms)


async def read_preview(desk: Desk, call: Call) -> Preview:
    """What would happen if the user diverged from somebody (`diverge`)."""
    given = call.query.get("diverge")
    if given is None:
        raise bad_request("Nobody is named.", "Ask with ?diverge= and a did:key or 64 hex digits.")
    who = person(given, "a person")
    if who == desk.context.identity:
        raise bad_request("Nobody diverges from themselves.", "Name somebody else.")
    return preview_view(desk.outlook(), who, _now_ms(desk))


async def read_map(desk: Desk, call: Call) -> PhaseMap:
    """Who belongs together, and who has parted from whom, with places to draw them at."""
    return map_view(desk.outlook())


async def stake_coins(desk: Desk, call: Call) -> Written:
    """Puts part of a lot at stake; waits until that is written."""
    body: StakeBody = call.body
    key, amount = lot_meant(desk, body.lot, body.path), MicroJam(body.amount_ujam)
    state = desk.context.ledger.state(desk.context.identity)
    held = 0 if state is None else state.purse.get(key, 0)
    if held < amount:
        raise too_little(held, amount)
    return await written(desk, StakeCoins(key, amount), Stake(key, amount))


async def unstake_coins(desk: Desk, call: Call) -> Written:
    """Takes a stake back; waits until that is written."""
    body: UnstakeBody = call.body
    stake = EntryId(bytes.fromhex(body.stake))
    state = desk.context.ledger.state(desk.context.identity)
    if state is None or stake not in state.stakes:
        raise rejected(RejectionReason.UNKNOWN_STAKE, "you have nothing at stake by that id")
    free_ms = state.stakes[stake].since_ms + desk.context.params.stake_lock_ms
    missing_s = -((_now_ms(desk) - free_ms) // 1_000)
    if missing_s > 0:
        why = f"Your stake stays locked for {lasting(missing_s)} more"
        raise rejected(RejectionReason.TOO_EARLY, why)
    return await written(desk, UnstakeCoins(stake), Unstake(stake))


async def report_block(desk: Desk, call: Call) -> Written:
    """Says that a block is not what it seems; waits until that is written."""
    body: ReportBody = call.body
    block, reason = EntryId(bytes.fromhex(body.block)), ReportReason[body.reason.upper()]
    statement = desk.context.ledger.statements.get(block)
    if statement is None or not isinstance(statement.body, Block):
        raise not_found("No such block has come here.", "Look up the block's id, and try again.")
    return await written(desk, ReportBlock(block, reason), Report(block, reason, None))


async def diverge_from(desk: Desk, call: Call) -> Written:
    """Parts from somebody; waits until that is written."""
    body: DivergeBody = call.body
    who, reason = person(body.person, "a person"), DivergeReason[body.reason.upper()]
    state = desk.context.ledger.state(desk.context.identity)
    if state is not None and who in state.divergences:
        raise rejected(RejectionReason.DUPLICATE, "You have diverged from them already")
    return await written(desk, DivergeFrom(who, reason), Diverge(who, reason))


async def reconcile_with(desk: Desk, call: Call) -> Written:
    """Takes the divergence from somebody back; waits until that is written."""
    body: ReconcileBody = call.body
    who = person(body.person, "a person")
    expected = _taken_back(desk, who)
    return await written(desk, ReconcileWith(who), expected)


def _taken_back(desk: Desk, who: IdentityId) -> Reconcile:
    state = desk.context.ledger.state(desk.context.identity)
    entry = None if state is None else state.divergences.get(who)
    if entry is None:
        raise rejected(RejectionReason.NOTHING_TO_RECONCILE, "you have not diverged from them")
    return Reconcile((entry,))


def _now_ms(desk: Desk) -> Milliseconds:
    return Milliseconds(desk.daemon.now_us() // 1_000)
