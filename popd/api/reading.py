"""What can be read: status, charts, purse, values, windows."""

import msgspec

from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId, LotId
from popd.api import shapes
from popd.api.answers import identifier, not_found
from popd.api.desk import Desk, own_version
from popd.api.outlook import whole_lot
from popd.api.routing import Call
from popd.api.views import chart_view, charts_in_purse, purse_view, status_view
from popd.api.windows import session_windows

MAX_EYES = 256
"""Identities whose opinions one answer holds."""


async def read_status(desk: Desk, call: Call) -> shapes.Status:
    """How the daemon is, and who is near; who is near a host is no guest's business."""
    is_guest = call.guest is not None
    seen = status_view(
        desk.context,
        desk.public_names() if is_guest else desk.names(),
        own_version(),
        desk.digest(),
        desk.daemon.addresses,
        call.scopes,
        is_locked=desk.daemon.keys.is_locked,
    )
    seen = msgspec.structs.replace(
        seen,
        pen=desk.daemon.devices.pen.value,
        elsewhere=desk.daemon.node.elsewhere.is_seen and not is_guest,
    )
    return msgspec.structs.replace(seen, neighbours=[], peers=0, addresses=[]) if is_guest else seen


async def read_chart(desk: Desk, call: Call) -> shapes.Chart:
    """What is to be pressed."""
    digest = identifier(call.path["id"], "a chart's id")
    chart = await desk.library.chart(ChartId(ContentId(digest)))
    if chart is None:
        raise not_found("That chart is not here.", "Choose one of /api/v1/songs.")
    return chart_view(chart)


async def read_purse(desk: Desk, call: Call) -> shapes.Purse:
    """The user's coins, and what each is worth to them or, with `as`, to somebody else."""
    me = desk.context.identity
    observer = me
    if "as" in call.query:
        observer = IdentityId(identifier(call.query["as"], "an observer"))
    charts = charts_in_purse(desk.context.ledger, me)
    titles = {chart: await desk.library.title(chart) for chart in sorted(charts)}
    return purse_view(desk.outlook(), observer, titles)


async def read_values(desk: Desk, call: Call) -> shapes.Values:
    """What a whole lot is worth to everybody known or, with `observer=me`, to the user."""
    outlook = desk.outlook()
    origin = LotId(identifier(call.query.get("lot"), "a lot"))
    lot = whole_lot(outlook.ledger, origin)
    if lot is None:
        raise not_found("No such coin has come here yet.", "Wait until it has, or look it up.")
    observers = [outlook.me]
    if call.query.get("observer") != "me":
        observers += [*outlook.neighbours, *sorted(outlook.ledger.tips)]
    return shapes.Values(outlook.values(lot, list(dict.fromkeys(observers))[:MAX_EYES]))


async def read_blocks(desk: Desk, call: Call) -> shapes.Blocks:
    """What became of every window of one of the user's sessions."""
    session = EntryId(identifier(call.query.get("session"), "a session"))
    told = desk.stage.told.get(session, {})
    return shapes.Blocks(session_windows(desk.outlook(), session, told))
