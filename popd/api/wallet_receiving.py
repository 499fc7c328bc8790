"""Receiving without asking: by the user's choice, what is worth something to them."""

from itertools import islice
from typing import Final

import trio

from consensus.identifiers import EntryId
from consensus.value.appraisal import lot_view
from popd.api.desk import Desk
from popd.api.outlook import Outlook
from popd.api.petnames import not_kept
from popd.api.routing import Call
from popd.api.wallet_shapes import ReceivesBody, ReceivesView
from popd.config import Receives
from popd.node.events import ReceiveCoins, TakeGifts
from popd.node.gifts import MAX_GIFTS_A_DAY, day_of, taken_on
from popd.own_notes import SETTINGS, NotKeptError
from wallet.offers import Offer, offers_to

LOOK_S: Final = 1
"""How often it is looked at what waits, where the ledger has changed."""
MIN_VALUED_UJAM: Final = 1_000
"""What a transfer must be worth to the user to be received by itself: less is dust."""


async def read_receives(desk: Desk, call: Call) -> ReceivesView:
    """Which transfers are received without asking."""
    return ReceivesView(desk.receives)


async def put_receives(desk: Desk, call: Call) -> ReceivesView:
    """From now on these transfers are received without asking; what waits is looked at too."""
    body: ReceivesBody = call.body
    await use_receives(desk, body.receives)
    return ReceivesView(desk.receives)


async def use_receives(desk: Desk, receives: Receives) -> None:
    """Keeps the choice, and goes by it; raises ApiError where it can't be kept."""
    try:
        await desk.daemon.keep_own(SETTINGS, "receives", receives)
    except NotKeptError as error:
        raise not_kept(error) from None
    desk.daemon.give(TakeGifts(is_on=desk.receives == "all"))


async def keep_receiving(desk: Desk) -> None:
    """Receives what is worth something to the user, where they chose that, until cancelled."""
    seen: object = None
    while True:
        now = (desk.context.ledger.revision, desk.opinions.policy(desk.context.identity))
        if desk.receives != "valued" or desk.context.settings.is_companion:
            seen = None
        elif now != seen:
            seen = now
            valued = worth_receiving(desk)
            if valued:
                desk.daemon.give(ReceiveCoins(valued))
        await trio.sleep(LOOK_S)


def worth_receiving(desk: Desk) -> tuple[EntryId, ...]:
    """What waits and is worth something, the oldest first, as far as the day's bound goes."""
    ledger, me = desk.context.ledger, desk.context.identity
    taken = taken_on(ledger, me, day_of(desk.daemon.now_us() // 1_000))
    room = MAX_GIFTS_A_DAY - len(taken.get(MAX_GIFTS_A_DAY, ()))
    offers = offers_to(ledger, me)[::-1]
    if not offers or room <= 0:
        return ()
    outlook, has_diverged = desk.outlook(), desk.daemon.node.disputing.has_diverged
    valued = (
        offer.transfer
        for offer in offers
        if not has_diverged(offer.giver) and _is_valued(outlook, offer)
    )
    return tuple(islice(valued, room))


def _is_valued(outlook: Outlook, offer: Offer) -> bool:
    lot = lot_view(outlook.ledger, offer.key, offer.amount_ujam, offer.is_contested)
    return outlook.opinions.value(lot, outlook.me).value_ujam >= MIN_VALUED_UJAM
