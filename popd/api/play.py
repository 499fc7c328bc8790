"""The play socket: a page drives a session, and hears all that becomes of it."""

import secrets
from contextlib import suppress
from typing import Final, assert_never

import msgspec
import trio
from starlette.websockets import WebSocket, WebSocketDisconnect

from consensus.chart import MAX_CHART_US, Chart
from consensus.evidence import KeyEvent
from consensus.identifiers import ChartId, ContentId
from popd.api.answers import ApiError, decoded, send_refusal
from popd.api.desk import Desk
from popd.api.guard import SCOPES_KEY, SUBPROTOCOL
from popd.api.messages import (
    MAX_MESSAGE_SIZE,
    Ack,
    EndedMessage,
    ErrorMessage,
    Events,
    FromPage,
    InvitingMessage,
    Ping,
    Pong,
    RefusedMessage,
    RiffMessage,
    RoomMessage,
    SessionMessage,
    Start,
    Stop,
    ToPage,
)
from popd.api.routing import check_scope
from popd.api.stage import cut_to
from popd.api.tokens import NOBODY, Scope
from popd.api.windows import window_message
from popd.node.events import KeysPlayed, StartSession, StopSession, Together
from popd.node.notices import (
    AppealAnswered,
    ChainRestored,
    ConcertChanged,
    ConcertRefused,
    CrowdFelt,
    DutyChanged,
    FrameSeen,
    Inviting,
    NeighbourSeen,
    Notice,
    OpinionKept,
    OpinionRefused,
    OwnEntryRejected,
    OwnEntryTakenBack,
    OwnEntryWritten,
    PlayRead,
    RiffDue,
    RoomChanged,
    RoomRefused,
    SessionAnnounced,
    SessionEnded,
    SessionRefused,
    StageChanged,
    WindowChanged,
)
from popd.node.room_start import NotTogetherError, beginning

TRY_AGAIN_LATER: Final = 1013
"""Close code for a page that reads too slowly; it connects anew."""
OTHER_PAGE: Final = "You are playing in another page or program."
OTHER_PAGE_NEXT: Final = "Go on there, or stop there first."


async def serve_play(desk: Desk, socket: WebSocket) -> None:
    """Serves one play socket until it closes or lags too far."""
    try:
        check_scope(socket.scope.get(SCOPES_KEY, NOBODY), Scope.PLAY)
    except ApiError as error:
        await send_refusal(socket.scope, socket.send, error)
        return
    offered = socket.scope.get("subprotocols", ())
    with desk.daemon.notices() as notices:
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_tell, desk, socket, notices, nursery.cancel_scope)
                await _hear(desk, socket)
                nursery.cancel_scope.cancel()
        finally:
            desk.stage.leave(socket)


async def _tell(
    desk: Desk,
    socket: WebSocket,
    notices: trio.MemoryReceiveChannel[Notice],
    scope: trio.CancelScope,
) -> None:
    async for notice in notices:
        message = message_of(desk, notice)
        if message is not None:
            await _send(socket, message)
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(TRY_AGAIN_LATER, "too slow")
    scope.cancel()


async def _hear(desk: Desk, socket: WebSocket) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        answer = await _answer(desk, socket, message.get("text") or message.get("bytes") or b"")
        if answer is not None:
            await _send(socket, answer)


async def _answer(desk: Desk, socket: WebSocket, data: str | bytes) -> ToPage | None:
    """What a message comes to; the answer to send, if any."""
    try:
        if len(data) > MAX_MESSAGE_SIZE:
            raise ApiError(413, "too_large", "That message is too long.", "Send less at once.")
        message: FromPage = decoded(data, FromPage)
        match message:
            case Ping():
                return Pong(message.t, desk.daemon.now_us())
            case Start():
                return await _start(desk, socket, message)
            case Events():
                return _play(desk, socket, message)
            case Stop():
                _check_drives(desk, socket)
                desk.daemon.give(StopSession())
                return None
            case _:
                assert_never(message)
    except ApiError as error:
        return ErrorMessage(str(error), error.problem.next_step)


async def _start(desk: Desk, socket: WebSocket, start: Start) -> ToPage | None:
    chart = await desk.library.chart(ChartId(ContentId(bytes.fromhex(start.chart))))
    if chart is None:
        return RefusedMessage("That chart is not here.", "Choose another song.")
    if desk.is_on and desk.stage.driver is socket:
        raise ApiError(409, "already_playing", "You are already playing.", "Stop that first.")
    try:
        desk.check_unlocked()
        from_us, together = _beginning(desk, chart, start)
    except ApiError as error:
        return RefusedMessage(str(error), error.problem.next_step)
    except NotTogetherError as error:
        return RefusedMessage(str(error), error.next_step)
    if not desk.stage.take(socket):
        return RefusedMessage(OTHER_PAGE, OTHER_PAGE_NEXT)
    if desk.is_on:
        # Whoever began it is gone: a page that was loaded anew begins anew.
        desk.daemon.give(StopSession())
    desk.stage.from_us = from_us
    rest = chart.cut(from_us, MAX_CHART_US + 1) if from_us else chart
    cut = cut_to(rest, start.windows, desk.window_us)
    nonce, seed = secrets.token_bytes(16), secrets.token_bytes(32)
    calibration = start.calibration.as_rule()
    desk.daemon.give(StartSession(cut, nonce, seed, (), calibration, together))
    return None


def _beginning(desk: Desk, chart: Chart, start: Start) -> tuple[int, Together | None]:
    """Where in the chart to begin, and with whom; raises NotTogetherError."""
    if not start.room:
        return start.from_us, None
    begin = beginning(desk.daemon.node.rooming.room, chart, desk.daemon.now_us())
    return begin.from_us, begin.together


def _play(desk: Desk, socket: WebSocket, events: Events) -> Ack:
    """Hands over a batch once; what belongs to no session is acknowledged and forgotten."""
    _check_drives(desk, socket)
    session = desk.session
    if session is not None and desk.stage.is_new(session, events.seq) and events.events:
        keys = sorted(
            KeyEvent(time_us, lane, bool(press)) for time_us, lane, press in events.events
        )
        desk.daemon.give(KeysPlayed(tuple(keys)))
    return Ack(events.seq)


def _check_drives(desk: Desk, socket: WebSocket) -> None:
    """Lets this socket drive where nobody else does: a page that connects anew goes on."""
    if desk.is_on:
        desk.stage.take(socket)
    if desk.stage.is_closed_to(socket):
        raise ApiError(409, "not_driving", OTHER_PAGE, OTHER_PAGE_NEXT)


def message_of(desk: Desk, notice: Notice) -> ToPage | None:
    """A notice as pages hear it; None for those that are not about playing."""
    match notice:
        case Inviting():
            return InvitingMessage(notice.asked)
        case SessionRefused():
            return RefusedMessage(notice.why, notice.next_step)
        case SessionAnnounced():
            return session_message(desk, notice)
        case RiffDue():
            notes = [(note.start_us, note.lane) for note in notice.notes]
            session = "" if desk.session is None else desk.session.hex()
            return RiffMessage(session, notice.window, notice.slot, notice.at_us, notes)
        case WindowChanged():
            return window_message(desk.outlook(), notice)
        case RoomChanged():
            return RoomMessage()
        case SessionEnded():
            return EndedMessage(notice.session.hex(), "The performance is over.")
        case (
            OwnEntryRejected()
            | OwnEntryWritten()
            | OwnEntryTakenBack()
            | NeighbourSeen()
            | RoomRefused()
            | StageChanged()
            | FrameSeen()
            | PlayRead()
            | DutyChanged()
            | AppealAnswered()
            | ConcertChanged()
            | ConcertRefused()
            | OpinionKept()
            | OpinionRefused()
            | CrowdFelt()
            | ChainRestored()
        ):
            return None
        case _:
            assert_never(notice)


def session_message(desk: Desk, announced: SessionAnnounced) -> SessionMessage:
    """What a page needs to know to begin."""
    session, outlook = announced.session, desk.outlook()
    show = desk.daemon.node.performing.show
    return SessionMessage(
        session=announced.id.hex(),
        start_us=session.start_ms * 1_000,
        windows=session.windows,
        window_us=desk.context.params.window_ms * 1_000,
        keys=0 if show is None or show.id != announced.id else show.chart.keys,
        openings=len(session.openings),
        candidates=[outlook.person(opening.candidate) for opening in session.openings],
        from_us=desk.stage.from_us,
    )


async def _send(socket: WebSocket, message: ToPage) -> None:
    # A page that has just left hears nothing more; that it left is noticed where it is heard.
    # Starlette says the first time that it left, and from then on that nothing may be sent.
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(msgspec.json.encode(message).decode())
