"""A machine in a room: it says that it is ready, is counted in, and begins with the others."""

from typing import Final

import trio

from consensus.chart import Chart
from popd.api.answers import ApiError, not_found
from popd.api.desk import Desk
from popd.api.rooms import no_room
from popd.node.notices import RoomChanged
from popd.node.room import RoomState
from popd.node.room_commands import SetReady
from popd.node.room_start import Beginning, NotTogetherError, beginning

COUNT_IN_WAIT_S: Final = 1_800
"""How long a machine stays ready."""
LOOK_S: Final = 0.25
"""How often it looks whether it was counted in."""


async def counted_in(desk: Desk) -> tuple[Chart, Beginning]:
    """The own part and how to begin it, once all begin; raises ApiError where that can't be."""
    chart = await _own_part(desk)
    with desk.daemon.notices() as notices, trio.move_on_after(COUNT_IN_WAIT_S):
        start = _start(desk, chart)
        if start is not None:
            return chart, start
        desk.daemon.give(SetReady(is_ready=True))
        async for notice in notices:
            if isinstance(notice, RoomChanged):
                start = await _start_now(desk, chart)
                if start is not None:
                    return chart, start
    raise ApiError(504, "not_yet", "Nobody counted in.", "Ask who opened the room to start.")


async def _own_part(desk: Desk) -> Chart:
    room = desk.daemon.node.rooming.room
    if room is None:
        raise no_room()
    part = room.wish.chart
    chart = None if part is None else await desk.library.chart(part)
    if chart is None:
        raise not_found("Your part is not here.", "Choose one: popctl room part.")
    return chart


async def _start_now(desk: Desk, chart: Chart) -> Beginning | None:
    """Clocks may need a moment longer than the host's word."""
    for _ in range(8):
        start = _start(desk, chart)
        room = desk.daemon.node.rooming.room
        if start is not None or room is None or room.me not in room.lead.players:
            return start
        await trio.sleep(LOOK_S)
    return None


def _start(desk: Desk, chart: Chart) -> Beginning | None:
    room, now_us = desk.daemon.node.rooming.room, desk.daemon.now_us()
    if room is None:
        raise ApiError(409, "refused", "The room is closed.", "Open one, or join another.")
    if room.state(now_us) is RoomState.GATHERING:
        return None
    try:
        return beginning(room, chart, now_us)
    except NotTogetherError:
        return None
