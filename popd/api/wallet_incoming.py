"""Coins on their way to the user and from them, and taking them in."""

from typing import Final

from consensus.identifiers import EntryId
from consensus.value.appraisal import lot_view
from consensus.value.explain import rounded
from popd.api.answers import ApiError
from popd.api.coins import concert_name, songs_of
from popd.api.commands import received
from popd.api.desk import Desk
from popd.api.outlook import Outlook
from popd.api.routing import Call
from popd.api.wallet_shapes import (
    Incoming,
    IncomingView,
    OutgoingView,
    ReceiveBody,
    WrittenEntries,
)
from wallet.offers import Given, Offer, given_by, offers_to

MAX_LISTED: Final = 256
"""Transfers of either direction in one answer, the newest."""


async def read_incoming(desk: Desk, call: Call) -> Incoming:
    """What waits for the user, with its worth to them, and what became of what they sent."""
    ledger, me = desk.context.ledger, desk.context.identity
    offers, given = offers_to(ledger, me), given_by(ledger, me)
    listed = offers[:MAX_LISTED]
    songs = await songs_of(desk, (offer.key.origin for offer in listed))
    concerts = {offer.key.origin: await concert_name(desk, offer.key.origin) for offer in listed}
    outlook = desk.outlook()
    return Incoming(
        incoming=[
            _offer(outlook, one, songs[one.key.origin], concerts[one.key.origin]) for one in listed
        ],
        outgoing=[_given(outlook, one) for one in given[:MAX_LISTED]],
        waiting=len(offers),
    )


async def receive_coins(desk: Desk, call: Call) -> WrittenEntries:
    """Take in transfers; waits until that is written."""
    body: ReceiveBody = call.body
    entries: list[str] = []
    wanted = [EntryId(bytes.fromhex(text)) for text in dict.fromkeys(body.transfers)]
    for transfer in wanted:
        _check_waits(desk, transfer)
    for transfer in wanted:
        try:
            entries.append((await received(desk, transfer)).entry)
        except ApiError as error:
            if not entries:
                raise
            done = f"{len(entries)} of {len(wanted)} were received, then it stopped."
            raise ApiError(
                error.status, "partly_received", f"{done} {error}", error.problem.next_step
            ) from None
    return WrittenEntries(entries)


def _check_waits(desk: Desk, transfer: EntryId) -> None:
    """Raises ApiError unless something waits for the user there."""
    ledger, me = desk.context.ledger, desk.context.identity
    state = ledger.state(me)
    if me not in ledger.claims.get(transfer, {}):
        raise ApiError(
            404,
            "not_found",
            f"Nothing waits for you at {transfer.hex()[:16]}….",
            "See what does: popctl wallet receive.",
        )
    if state is not None and transfer in state.taken:
        raise ApiError(
            409,
            "already_taken",
            f"You received or declined {transfer.hex()[:16]}… before.",
            "See popctl wallet history.",
        )


def _offer(outlook: Outlook, one: Offer, song: str, concert: str) -> IncomingView:
    lot = lot_view(outlook.ledger, one.key, one.amount_ujam, one.is_contested)
    valuation = outlook.opinions.value(lot, outlook.me)
    return IncomingView(
        transfer=one.transfer.hex(),
        giver=outlook.person(one.giver),
        lot=one.key.origin.hex(),
        path=[holder.hex() for holder in one.key.path],
        song=song,
        amount_ujam=one.amount_ujam,
        value_ujam=rounded(valuation.value_ujam),
        why=outlook.why(valuation, outlook.me),
        says_worth_ujam=one.says_worth_ujam,
        since_ms=one.time_ms,
        contested=one.is_contested,
        concert=concert,
    )


def _given(outlook: Outlook, one: Given) -> OutgoingView:
    return OutgoingView(
        transfer=one.transfer.hex(),
        to=outlook.person(one.recipient),
        lot=one.key.origin.hex(),
        amount_ujam=one.amount_ujam,
        since_ms=one.time_ms,
        state=one.fate.value,
        reason="" if one.reason is None else one.reason.name.lower(),
    )
