"""The socket of Nearby: a page watches others play, and hears when it is drawn."""

from contextlib import suppress
from typing import Final, assert_never

import msgspec
import trio
from starlette.websockets import WebSocket, WebSocketDisconnect

from consensus.challenge import riff_notes
from consensus.identifiers import EntryId
from popd.api.answers import ApiError, decoded, not_found, send_refusal
from popd.api.audience import MAX_SEATS, MAX_WATCHED, Seat
from popd.api.desk import Desk
from popd.api.guard import SCOPES_KEY, SUBPROTOCOL
from popd.api.messages import ErrorMessage, Ping, Pong
from popd.api.nearby import duties, duty_seen, performances
from popd.api.nearby_messages import (
    MAX_NEARBY_MESSAGE,
    AppealMessage,
    AttendMessage,
    DutyMessage,
    FrameMessage,
    FromWatcher,
    NearbyMessage,
    ReadMessage,
    ToWatcher,
    UnwatchMessage,
    WatchMessage,
)
from popd.api.nearby_views import metrics_view
from popd.api.play import TRY_AGAIN_LATER
from popd.api.routing import check_scope
from popd.api.tokens import NOBODY, Scope
from popd.api.windows import impression
from popd.node.notices import (
    AppealAnswered,
    DutyChanged,
    FrameSeen,
    NeighbourSeen,
    Notice,
    OwnEntryWritten,
    PlayRead,
    StageChanged,
)

PAUSE_S: Final = 0.25
"""The list is told at most four times a second."""
LOOK_S: Final = 2.0
"""It is looked at so often even when nothing was heard of: charts arrive, and names."""


async def serve_nearby(desk: Desk, socket: WebSocket) -> None:
    """Serves one socket of Nearby until it closes or lags too far."""
    scopes = socket.scope.get(SCOPES_KEY, NOBODY)
    try:
        check_scope(scopes, Scope.READ)
        if desk.audience.is_full:
            raise _full()
    except ApiError as error:
        await send_refusal(socket.scope, socket.send, error)
        return
    seat = Seat(is_owner=Scope.OWNER in scopes)
    desk.audience.seats.add(seat)
    offered = socket.scope.get("subprotocols", ())
    try:
        with desk.daemon.notices() as notices:
            await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_tell, desk, socket, seat, notices, nursery.cancel_scope)
                nursery.start_soon(_list, desk, socket, seat)
                await _hear(desk, socket, seat)
                nursery.cancel_scope.cancel()
    finally:
        for event in desk.audience.leave(seat):
            desk.daemon.give(event)


async def _tell(
    desk: Desk,
    socket: WebSocket,
    seat: Seat,
    notices: trio.MemoryReceiveChannel[Notice],
    scope: trio.CancelScope,
) -> None:
    async for notice in notices:
        if isinstance(notice, StageChanged | DutyChanged | NeighbourSeen | OwnEntryWritten):
            seat.changed.set()
        message = await message_of(desk, seat, notice)
        if message is not None:
            await _send(socket, message)
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(TRY_AGAIN_LATER, "too slow")
    scope.cancel()


async def _list(desk: Desk, socket: WebSocket, seat: Seat) -> None:
    """Tells the whole list whenever it differs from what was told."""
    told = None
    while True:
        seat.changed = trio.Event()
        found = NearbyMessage(await performances(desk), await duties(desk) if seat.is_owner else [])
        if found != told:
            told = found
            await _send(socket, found)
        await trio.sleep(PAUSE_S)
        with trio.move_on_after(LOOK_S - PAUSE_S):
            await seat.changed.wait()


async def _hear(desk: Desk, socket: WebSocket, seat: Seat) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        data = message.get("text") or message.get("bytes") or b""
        try:
            answer = answer_to(desk, seat, data)
        except ApiError as error:
            answer = ErrorMessage(str(error), error.problem.next_step)
        if answer is not None:
            await _send(socket, answer)


def answer_to(desk: Desk, seat: Seat, data: str | bytes) -> ToWatcher | None:
    """Follows a message; the answer to send, if any. Raises ApiError when it can't be followed."""
    if len(data) > MAX_NEARBY_MESSAGE:
        raise ApiError(413, "too_large", "That message is too long.", "Send less at once.")
    if not seat.may_speak(desk.daemon.now_us()):
        raise ApiError(429, "too_fast", "That was too much at once.", "Say less in a second.")
    message: FromWatcher = decoded(data, FromWatcher)
    match message:
        case Ping():
            return Pong(message.t, desk.daemon.now_us())
        case WatchMessage():
            session = EntryId(bytes.fromhex(message.session))
            _check_can_watch(desk, seat, session)
            events = desk.audience.watch(seat, session)
        case UnwatchMessage():
            events = desk.audience.unwatch(seat, EntryId(bytes.fromhex(message.session)))
        case AttendMessage():
            if not seat.is_owner:
                raise _not_yours()
            events = desk.audience.attend(seat, is_on=message.on)
        case _:
            assert_never(message)
    for event in events:
        desk.daemon.give(event)
    return None


async def message_of(desk: Desk, seat: Seat, notice: Notice) -> ToWatcher | None:
    """A notice as a seat hears it; None for what is none of its business."""
    match notice:
        case FrameSeen() if notice.session in seat.watched:
            return frame_message(desk, notice)
        case PlayRead() if notice.session in seat.watched:
            return ReadMessage(
                session=notice.session.hex(),
                window=notice.window,
                metrics=metrics_view(notice.metrics),
                anomaly_ppm=notice.anomaly_ppm,
                impression=impression(desk.context.params, notice.anomaly_ppm),
                reasons=list(notice.reasons),
            )
        case DutyChanged() if seat.is_owner:
            duty = desk.daemon.node.judging.duties.get(notice.block)
            return None if duty is None else DutyMessage(await duty_seen(desk, duty))
        case AppealAnswered() if seat.is_owner:
            block = notice.block.hex()
            return AppealMessage(block, notice.asked, notice.why, notice.next_step)
        case _:
            return None


def frame_message(desk: Desk, frame: FrameSeen) -> FrameMessage | None:
    """A quarter of a second in chart time; None when its announcement is not here any more."""
    performance = desk.daemon.node.air.get(frame.session)
    watch = desk.daemon.node.watching.watches.get(frame.session)
    if performance is None:
        return None
    from_us = frame.window * desk.window_us
    lanes = 0 if watch is None or watch.chart is None else watch.chart.keys
    riffs = [
        (
            from_us + nonce.time_us,
            [(from_us + note.start_us, note.lane) for note in riff_notes(nonce, lanes)],
        )
        for nonce in (frame.nonces if lanes else ())
    ]
    return FrameMessage(
        session=frame.session.hex(),
        window=frame.window,
        from_us=from_us,
        start_us=performance.session.start_ms * 1_000,
        keys=[(from_us + key.time_us, key.lane, int(key.is_press)) for key in frame.keys],
        riffs=riffs,
        received_us=frame.received_us,
        now_us=desk.daemon.now_us(),
    )


def _check_can_watch(desk: Desk, seat: Seat, session: EntryId) -> None:
    if session in seat.watched:
        return
    if all(performance.id != session for performance in desk.daemon.node.air.now()):
        raise not_found("That performance is not on any more.", "Choose another one.")
    if len(seat.watched) >= MAX_WATCHED:
        why = f"You look at {MAX_WATCHED} performances already."
        raise ApiError(409, "too_many", why, "Look away from one of them first.")


def _full() -> ApiError:
    why = f"{MAX_SEATS} pages and terminals look at Nearby already."
    return ApiError(429, "full", why, "Close one of them, then open this again.")


def _not_yours() -> ApiError:
    return ApiError(
        403, "not_allowed", "This device may watch, not judge.", "Judge on the owner's machine."
    )


async def _send(socket: WebSocket, message: ToWatcher) -> None:
    # As on the play socket: who has just left hears nothing more, and that is noticed where
    # they are heard.
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(msgspec.json.encode(message).decode())
