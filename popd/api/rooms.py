"""Rooms: finding, opening, joining and leaving them, choosing a part, and counting in."""

import secrets
from collections.abc import Callable
from typing import Final

import trio

from consensus.chart import Chart
from consensus.identifiers import ChartId, ContentId
from popd.api.answers import ApiError, not_found
from popd.api.desk import Desk
from popd.api.own_charts import own_chart
from popd.api.room_shapes import PartBody, ReadyBody, RoomBody, Rooms
from popd.api.room_views import rooms_view
from popd.api.routing import Call
from popd.node.messages.rooms import RoomId
from popd.node.notices import RoomChanged, RoomRefused
from popd.node.room import Room
from popd.node.room_commands import (
    ChoosePart,
    JoinRoom,
    LeaveRoom,
    OpenRoom,
    RoomCommand,
    SetReady,
    StartRoom,
)
from popd.node.sheets import MAX_LABEL_BYTES, ROOM_ID_SIZE

ROOM_WAIT_S: Final = 12
"""How long a command may take; joining waits ten seconds for the host."""


async def read_rooms(desk: Desk, call: Call) -> Rooms:
    """The room one is in, and those nearby."""
    return rooms_view(desk)


async def open_room(desk: Desk, call: Call) -> Rooms:
    """Opens a room for others to join."""
    chart, label = await _part(desk, call.body)
    room = RoomId(secrets.token_bytes(ROOM_ID_SIZE))
    command = OpenRoom(room, chart.title, chart, label)

    def is_open(own: Room | None) -> bool:
        return own is not None and own.id == room and own.me in own.members

    return await _done(desk, command, is_open)


async def join_room(desk: Desk, call: Call) -> Rooms:
    """Joins a room nearby, or comes back to it."""
    body: RoomBody = call.body
    room = RoomId(bytes.fromhex(body.room))

    def is_in(own: Room | None) -> bool:
        return own is not None and own.id == room and own.me in own.members

    return await _done(desk, JoinRoom(room), is_in)


async def leave_room(desk: Desk, call: Call) -> Rooms:
    """Leaves; the room of a host who leaves is over."""
    return await _done(desk, LeaveRoom(), lambda own: own is None)


async def choose_part(desk: Desk, call: Call) -> Rooms:
    """Takes a part."""
    chart, label = await _part(desk, call.body)

    def is_taken(own: Room | None) -> bool:
        return own is not None and (own.wish.chart, own.wish.label) == (chart.id, label)

    return await _done(desk, ChoosePart(chart, label), is_taken)


async def set_ready(desk: Desk, call: Call) -> Rooms:
    """Says whether one is ready to begin."""
    body: ReadyBody = call.body

    def is_said(own: Room | None) -> bool:
        return own is not None and own.wish.is_ready == body.ready

    return await _done(desk, SetReady(body.ready), is_said)


async def start_room(desk: Desk, call: Call) -> Rooms:
    """Counts in all who are ready; only who opened the room can."""

    def is_counting(own: Room | None) -> bool:
        return own is not None and own.is_host and own.wish.t0_ms > desk.context.now_ms

    return await _done(desk, StartRoom(), is_counting)


async def _part(desk: Desk, body: PartBody) -> tuple[Chart, str]:
    """The chart that is meant, and how the part is called; raises ApiError where it is not here."""
    if body.chart is None:
        chart = await own_chart(desk, body.song or "", body.keys, body.level)
        return chart, body.label or f"{chart.keys} keys, {body.level}"
    found = await desk.library.chart(ChartId(ContentId(bytes.fromhex(body.chart))))
    if found is None:
        raise not_found("That chart is not here.", "Choose another part, or wait until it came.")
    label = body.label.encode()[:MAX_LABEL_BYTES].decode(errors="ignore")
    return found, label or f"{found.keys} keys"


async def _done(desk: Desk, command: RoomCommand, is_so: Callable[[Room | None], bool]) -> Rooms:
    """Gives a command and waits until it is followed; raises ApiError where it can't be.

    What is so already is neither given nor waited for: nothing would change, and nobody be told.
    """
    desk.check_unlocked()
    rooming = desk.daemon.node.rooming
    async with desk.rooming:
        if rooming.room is None and not isinstance(command, OpenRoom | JoinRoom):
            raise no_room()
        if is_so(rooming.room):
            return rooms_view(desk)
        with desk.daemon.notices() as notices, trio.move_on_after(ROOM_WAIT_S):
            desk.daemon.give(command)
            async for notice in notices:
                if isinstance(notice, RoomRefused):
                    raise ApiError(409, "refused", notice.why, notice.next_step)
                if isinstance(notice, RoomChanged) and is_so(rooming.room):
                    return rooms_view(desk)
    raise ApiError(504, "not_yet", "It did not happen in time.", "Look at the room, and try again.")


def no_room() -> ApiError:
    """What is asked of somebody in a room, who is in none."""
    return not_found("You are in no room.", "Open one, or join one nearby: popctl room list.")
