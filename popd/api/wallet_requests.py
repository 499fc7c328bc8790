"""Asking to be paid: links and QR codes, written and read."""

import re
from typing import Final

import segno

from consensus.units import MicroJam
from popd.api.answers import bad_request
from popd.api.desk import Desk
from popd.api.people import person
from popd.api.routing import Call
from popd.api.wallet_shapes import LinkBody, RequestBody, RequestLink, RequestView
from wallet.links import LinkError
from wallet.requests import PaymentRequest, clean_note, from_link, to_link

KEY: Final = re.compile("[0-9a-fA-F]{64}")


async def write_request(desk: Desk, call: Call) -> RequestLink:
    """A link that asks for a payment to the user, and the same as a QR code."""
    body: RequestBody = call.body
    me, network = desk.context.identity, desk.context.params.name
    try:
        note = clean_note(body.note)
        link = to_link(PaymentRequest(me, MicroJam(body.amount_ujam), note, network))
    except LinkError as error:
        raise bad_request(f"{error}.", "Ask for less, or with another note.") from None
    rows = segno.make(link, error="m", micro=False).matrix
    return RequestLink(link, ["".join("1" if dark else "0" for dark in row) for row in rows])


async def read_request(desk: Desk, call: Call) -> RequestView:
    """What a link asks for, or whose key was given instead of one; nothing is sent."""
    body: LinkBody = call.body
    text = body.link.strip()
    if text.startswith("did:") or KEY.fullmatch(text):
        to = desk.outlook().person(person(text, "a recipient"))
        return RequestView(to, 0, "", desk.context.params.name)
    try:
        request = from_link(text)
    except LinkError as error:
        raise bad_request(
            f"This is no payment request: {error}.", "Ask for the link again, in full."
        ) from None
    network = desk.context.params.name
    if request.network != network:
        raise bad_request(
            f"It asks for coins of the ledger {request.network!r}, and yours is {network!r}.",
            "Open it where a node of that ledger runs.",
        )
    to = desk.outlook().person(request.to)
    return RequestView(to, request.amount_ujam, request.note, request.network)
