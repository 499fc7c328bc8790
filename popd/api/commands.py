"""What the user can have done: give, turn down, reconcile, stop."""

from collections.abc import AsyncIterator
from typing import Final

import trio

from consensus.entries import Body
from consensus.entries.chains import Reconcile
from consensus.entries.transfer import Decline, DeclineReason, Receive, Transfer
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.lots import LotKey
from consensus.rejections import RejectionReason
from consensus.units import MicroJam
from consensus.value.appraisal import lot_view
from consensus.value.explain import in_jam, rounded
from popd.api.answers import ApiError
from popd.api.desk import Desk
from popd.api.people import person
from popd.api.routing import Call
from popd.api.shapes import DeclineBody, SendBody, Stopping, Written
from popd.node.events import (
    DeclineCoins,
    DivergeFrom,
    ReceiveCoins,
    ReconcileFork,
    ReconcileWith,
    ReportBlock,
    SendCoins,
    StakeCoins,
    TakeBack,
    UnstakeCoins,
)
from popd.node.notices import Notice, OwnEntryRejected, OwnEntryTakenBack, OwnEntryWritten

Command = (
    SendCoins
    | ReceiveCoins
    | DeclineCoins
    | ReconcileFork
    | StakeCoins
    | UnstakeCoins
    | ReportBlock
    | DivergeFrom
    | ReconcileWith
)
"""What the user can have written into their chain."""
ENTRY_WAIT_S: Final = 10
"""How long an entry may take to be written; usual are milliseconds."""
TAKE_BACK_WAIT_S: Final = 4
"""How long it may then take to be certain that it won't be; another device is asked every 3 s."""

NEXT_STEPS: Final = {
    RejectionReason.INSUFFICIENT_FUNDS: "Look into your purse, and give at most what is there.",
    RejectionReason.WRONG_RECIPIENT: "Only what was handed to you can be received or declined.",
    RejectionReason.ALREADY_TAKEN: "It is yours already; give it back with a transfer.",
    RejectionReason.NOTHING_TO_RECONCILE: "Nothing needs to be done.",
    RejectionReason.TOO_EARLY: "Wait until the lock is over.",
    RejectionReason.UNKNOWN_STAKE: "See what you have at stake: popctl dispute list.",
    RejectionReason.DUPLICATE: "It has been said; nothing needs to be done.",
    RejectionReason.OWN_BLOCK: "Report what others played.",
    RejectionReason.ABOUT_ONESELF: "Choose somebody else.",
    RejectionReason.WRONG_REFERENCE_KIND: "Look up the id of what you mean.",
    RejectionReason.BROKEN_DEPENDENCY: "Wait until it has come here, and try again.",
}


async def send_coins(desk: Desk, call: Call) -> Written:
    """Hands part of a lot to somebody; waits until the transfer is written."""
    body: SendBody = call.body
    key, recipient = lot_meant(desk, body.lot, body.path), person(body.to, "a recipient")
    amount = MicroJam(body.amount_ujam)
    check_not_parted(desk, recipient)
    state = desk.context.ledger.state(desk.context.identity)
    held = 0 if state is None else state.purse.get(key, 0)
    if held < amount:
        raise too_little(held, amount)
    return await sent(desk, key, amount, recipient, says_worth=body.says_worth)


async def sent(
    desk: Desk, key: LotKey, amount: MicroJam, recipient: IdentityId, *, says_worth: bool
) -> Written:
    """Writes a transfer; raises ApiError with the rule that forbids it."""
    worth = _worth(desk, key, amount) if says_worth else None
    return await written(
        desk, SendCoins(key, amount, recipient, worth), Transfer(key, amount, recipient, worth)
    )


async def received(desk: Desk, source: EntryId) -> Written:
    """Takes in what was handed over; raises ApiError with the rule that forbids it."""
    return await written(desk, ReceiveCoins((source,)), Receive(source))


def check_not_parted(desk: Desk, recipient: IdentityId) -> None:
    """Raises ApiError where the user has diverged from somebody."""
    if desk.daemon.node.disputing.has_diverged(recipient):
        raise ApiError(
            409,
            "diverged",
            "You have diverged from them.",
            "Reconcile with them before you give them coins.",
        )


def _worth(desk: Desk, key: LotKey, amount: MicroJam) -> MicroJam:
    """What coins are worth to the user; less than nothing can't be stated."""
    outlook = desk.outlook()
    lot = lot_view(outlook.ledger, key, amount, key in outlook.ledger.contested)
    return MicroJam(max(0, rounded(outlook.opinions.value(lot, outlook.me).value_ujam)))


async def decline_coins(desk: Desk, call: Call) -> Written:
    """Turns a transfer down; waits until that is written."""
    body: DeclineBody = call.body
    transfer = EntryId(bytes.fromhex(body.transfer))
    reason = DeclineReason[body.reason.upper()]
    return await written(desk, DeclineCoins(transfer, reason), Decline(transfer, reason))


async def reconcile_fork(desk: Desk, call: Call) -> Written:
    """Names all heads of the user's forked chain; waits until that is written."""
    if len(desk.context.ledger.tips.get(desk.context.identity, ())) < 2:
        raise rejected(RejectionReason.NOTHING_TO_RECONCILE, "your chain has one head")
    return await written(desk, ReconcileFork(), Reconcile)


async def stop_daemon(desk: Desk, call: Call) -> Stopping:
    """Ends the daemon in good order, once this is answered."""
    call.afterwards = desk.daemon.stop
    return Stopping(True)


async def written(
    desk: Desk,
    command: Command,
    expected: Body | type[Reconcile],
) -> Written:
    """Gives a command and waits for its entry; raises ApiError with the rule that forbids it.

    What is not written in time is taken back, so that trying again never has it written twice.
    """
    async with desk.writing:
        if desk.daemon.node.pen.is_taking_back:
            raise _unclear()
        desk.check_unlocked()
        with desk.daemon.notices() as notices:
            for step, wait_s in ((command, ENTRY_WAIT_S), (TakeBack(), TAKE_BACK_WAIT_S)):
                desk.daemon.give(step)
                with trio.move_on_after(wait_s):
                    return await _outcome(desk, notices, expected)
    raise _unclear()


async def _outcome(
    desk: Desk, notices: AsyncIterator[Notice], expected: Body | type[Reconcile]
) -> Written:
    async for notice in notices:
        match notice:
            case OwnEntryRejected():
                raise rejected(notice.reason, notice.why)
            case OwnEntryTakenBack():
                raise _not_written()
            case OwnEntryWritten() if _is_of(desk, notice.id, expected):
                return Written(notice.id.hex())
            case _:
                pass
    raise _unclear()


def _not_written() -> ApiError:
    return ApiError(
        504,
        "not_written",
        "It could not be written in time, and was taken back: nothing has changed.",
        "Try again. If another device holds your pen, see that it is on, connected and unlocked.",
    )


def _unclear() -> ApiError:
    return ApiError(
        504,
        "unclear",
        "The device that holds your pen does not answer: what you asked for last may be written.",
        "Switch it on, connect it and unlock its keys. Then look into your purse, and try again.",
    )


def _is_of(desk: Desk, entry: EntryId, expected: Body | type[Reconcile]) -> bool:
    statement = desk.context.ledger.statements.get(entry)
    if statement is None:
        return False
    if isinstance(expected, type):
        return isinstance(statement.body, expected)
    return statement.body == expected


def lot_meant(desk: Desk, lot: str, path: list[str] | None) -> LotKey:
    """The part of a lot of the user's that is meant; raises ApiError where they have none."""
    origin = LotId(bytes.fromhex(lot))
    if path is not None:
        return LotKey(origin, tuple(IdentityId(bytes.fromhex(one)) for one in path))
    state = desk.context.ledger.state(desk.context.identity)
    purse = {} if state is None else state.purse
    parts = [key for key in purse if key.origin == origin]
    if not parts:
        raise rejected(RejectionReason.INSUFFICIENT_FUNDS, "your purse holds nothing of it")
    return max(parts, key=lambda key: (purse[key], key))


def too_little(held_ujam: int, wanted_ujam: int) -> ApiError:
    """More of a lot was asked for than is there."""
    why = f"You have {in_jam(held_ujam)} JAM of that lot, and {in_jam(wanted_ujam)} are asked for"
    return rejected(RejectionReason.INSUFFICIENT_FUNDS, why)


def rejected(reason: RejectionReason, why: str) -> ApiError:
    """What a rule forbids, with the next step."""
    return ApiError(409, reason.value, f"{why}.", NEXT_STEPS.get(reason, "Nothing was changed."))
