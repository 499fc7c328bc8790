"""The user's devices: which there are, one more, one less."""

import segno

from consensus.identifiers import NodeKey
from popd.api.answers import ApiError, identifier, not_found
from popd.api.desk import Desk
from popd.api.device_shapes import Devices, DeviceTicket, DeviceView
from popd.api.routing import Call
from popd.own_devices import DeviceError


async def read_devices(desk: Desk, call: Call) -> Devices:
    """Your devices, which of them holds the pen, and when each was there last."""
    keeper = desk.daemon.devices
    return Devices(
        keeper.pen.value,
        [
            DeviceView(
                node=device.node.hex(),
                name=device.name,
                holds_pen=device.holds_pen,
                is_this=device.is_this,
                is_connected=device.is_connected,
                seen_ms=device.seen_ms,
            )
            for device in keeper.all()
        ],
    )


async def write_device_ticket(desk: Desk, call: Call) -> DeviceTicket:
    """A link by which one more device joins, once and within five minutes."""
    desk.check_unlocked()
    try:
        ticket = desk.daemon.devices.ticket()
    except DeviceError as error:
        raise _refused(error) from None
    rows = segno.make(ticket.link, error="l", micro=False).matrix
    code = ["".join("1" if dark else "0" for dark in row) for row in rows]
    return DeviceTicket(ticket.link, code, ticket.until_us)


async def forget_device(desk: Desk, call: Call) -> Devices:
    """Forget a device: it writes nothing more for you, and hears nothing of the others."""
    node = NodeKey(identifier(call.path["node"], "a device's node key"))
    try:
        desk.daemon.devices.forget(node)
    except DeviceError as error:
        raise _refused(error) from None
    except KeyError:
        raise not_found("That is none of your devices.", "See: popctl device list.") from None
    return await read_devices(desk, call)


def _refused(error: DeviceError) -> ApiError:
    return ApiError(409, "no_device", str(error), error.next_step)
