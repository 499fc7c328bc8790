"""Joining from another device: its owner opens the door and hands out tickets."""

import segno

from popd.api.answers import ApiError
from popd.api.desk import Desk
from popd.api.door_keeping import keep_door
from popd.api.lan import Lan
from popd.api.lan_shapes import JoinBody, Joined, LanBody, LanState, Ticket
from popd.api.routing import Call


async def read_lan(desk: Desk, call: Call) -> LanState:
    """Whether other devices are let in, and where."""
    return LanState(_lan(desk).address)


async def open_lan(desk: Desk, call: Call) -> LanState:
    """Let other devices of the same network in, each with a ticket."""
    body: LanBody = call.body
    lan = _lan(desk)
    await lan.open(body.address)
    await keep_door(desk)
    return LanState(lan.address)


async def shut_lan(desk: Desk, call: Call) -> LanState:
    """Let nobody in any more; whoever joined is out."""
    _lan(desk).shut()
    await keep_door(desk)
    return LanState("")


async def write_ticket(desk: Desk, call: Call) -> Ticket:
    """A ticket for one phone, as an address and as a QR code."""
    lan = _lan(desk)
    if not lan.address:
        raise ApiError(
            409,
            "lan_shut",
            "Other devices are not let in yet.",
            "Start with popctl up --lan, or let them in on the page's Settings.",
        )
    ticket = desk.tokens.ticket()
    address = f"{lan.address}#join={ticket.token}"
    rows = segno.make(address, error="m", micro=False).matrix
    return Ticket(
        address, ["".join("1" if dark else "0" for dark in row) for row in rows], ticket.until_us
    )


async def join(desk: Desk, call: Call) -> Joined:
    """Change a ticket for a token that may play; a ticket is good once."""
    body: JoinBody = call.body
    lent = desk.tokens.redeem(body.ticket)
    if lent is None:
        raise ApiError(
            401,
            "no_ticket",
            "That ticket was used already, or its five minutes are over.",
            "Ask for a fresh code on the other machine.",
        )
    return Joined(lent.token, lent.until_us, lent.scope.value)


def _lan(desk: Desk) -> Lan:
    assert desk.lan is not None, "only a served desk has doors"
    return desk.lan
