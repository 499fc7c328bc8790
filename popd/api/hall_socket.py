"""The socket of a concert: a listener hears how it stands and what is played, taps, and rates."""

from contextlib import suppress
from typing import Final, assert_never

import msgspec
import trio
from starlette.websockets import WebSocket, WebSocketDisconnect

from consensus.units import Ppm
from popd.api.answers import ApiError, decoded, send_refusal
from popd.api.audience import Seat
from popd.api.concert_shapes import (
    MAX_CONCERT_MESSAGE,
    ConcertMessage,
    ConcertView,
    FromListener,
    OpinionMessage,
    RefusedMessage,
    TakenMessage,
    TapsMessage,
    ToListener,
)
from popd.api.concert_views import seen_by, shared_view, song_of
from popd.api.concerts import known, outlook_for, tell_opinion
from popd.api.desk import Desk
from popd.api.guard import GUEST_KEY, SCOPES_KEY, SUBPROTOCOL
from popd.api.guests import GuestSeat
from popd.api.hall import MAX_LISTENERS, Listener
from popd.api.messages import ErrorMessage, Ping, Pong
from popd.api.routing import check_scope
from popd.api.tokens import NOBODY, Scope
from popd.api.watching import frame_message
from popd.node.concert_commands import Applaud
from popd.node.messages.concerts import ConcertId, Phase
from popd.node.notices import (
    ConcertChanged,
    CrowdFelt,
    FrameSeen,
    Notice,
    OpinionKept,
    OpinionRefused,
    StageChanged,
)

PAUSE_S: Final = 0.25
"""A concert is told at most four times a second; in a full hall, once."""
FULL_HALL: Final = 64
FULL_PAUSE_S: Final = 1.0
NO_GUEST: Final = 1008
"""What a socket is closed with (RFC 6455: a policy was broken)."""
SECOND_S: Final = 1.0
"""How often applause is summed up."""


async def serve_hall(desk: Desk, socket: WebSocket) -> None:
    """Serves one socket of a listener until it closes."""
    scopes = socket.scope.get(SCOPES_KEY, NOBODY)
    guest: GuestSeat | None = socket.scope.get(GUEST_KEY)
    voice = desk.context.identity if guest is None else guest.key
    try:
        check_scope(scopes, Scope.RATE)
        if not desk.hall.has_room(voice):
            raise _full()
    except ApiError as error:
        await send_refusal(socket.scope, socket.send, error)
        return
    concert = None if guest is None else ConcertId(desk.tokens.book.concert)
    listener = Listener(voice, guest, Scope.OWNER in scopes, concert)
    offered = socket.scope.get("subprotocols", ())
    desk.hall.listeners.add(listener)
    if guest is not None:
        guest.sockets += 1
    try:
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        for live in desk.daemon.node.concerting.concerts.values():
            if listener.hears_of(live.id):
                listener.change(live.id)
        async with trio.open_nursery() as nursery:
            listener.scope = nursery.cancel_scope
            nursery.start_soon(_tell, socket, listener)
            await _hear(desk, socket, listener)
            nursery.cancel_scope.cancel()
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(NO_GUEST, "no guest any more")
    finally:
        desk.hall.listeners.discard(listener)
        if guest is not None:
            guest.sockets -= 1
            guest.seen_us = desk.daemon.now_us()


async def _tell(socket: WebSocket, listener: Listener) -> None:
    """Sends what is ready."""
    while True:
        await listener.wakes.wait()
        listener.wakes = trio.Event()
        while listener.views or listener.queue:
            if listener.views:
                message = listener.views.pop(next(iter(listener.views)))
            else:
                message = listener.queue.popleft()
            await _send(socket, message)


async def _hear(desk: Desk, socket: WebSocket, listener: Listener) -> None:
    pace = Seat(is_owner=listener.guest is None)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        data = message.get("text") or message.get("bytes") or b""
        try:
            answer = await _answer(desk, listener, pace, data)
        except ApiError as error:
            answer = ErrorMessage(str(error), error.problem.next_step)
        if answer is not None:
            await _send(socket, msgspec.json.encode(answer).decode())


async def _answer(
    desk: Desk, listener: Listener, pace: Seat, data: str | bytes
) -> ToListener | None:
    """Follows a message; raises ApiError where it can't be followed."""
    if len(data) > MAX_CONCERT_MESSAGE:
        raise ApiError(413, "too_large", "That message is too long.", "Send less at once.")
    if not pace.may_speak(desk.daemon.now_us()):
        raise ApiError(429, "too_fast", "That was too much at once.", "Say less in a second.")
    if listener.guest is not None and not desk.tokens.book.is_in(listener.guest):
        raise ApiError(401, "no_token", "You are no guest any more.", "Scan the code again.")
    message: FromListener = decoded(data, FromListener)
    match message:
        case Ping():
            return Pong(message.t, desk.daemon.now_us())
        case TapsMessage():
            concert = _heard(listener, message.concert)
            if known(desk, concert).phase < Phase.REVEALED:
                desk.hall.tap(concert, listener.voice, len(message.taps_ms))
            return None
        case OpinionMessage():
            try:
                live = known(desk, _heard(listener, message.concert))
                await tell_opinion(desk, live, message, listener.guest)
            except ApiError as error:
                return RefusedMessage(message.seq, str(error), error.problem.next_step)
            listener.change(live.id)
            return TakenMessage(message.seq)
        case _:
            assert_never(message)


def _heard(listener: Listener, digits: str) -> ConcertId:
    """A concert that is the listener's business; raises ApiError for others."""
    concert = ConcertId(bytes.fromhex(digits))
    if not listener.hears_of(concert):
        raise ApiError(404, "not_found", "You are at another concert.", "Scan its code.")
    return concert


async def keep_hall(desk: Desk) -> None:
    """Passes on to listeners what the node tells, sums up applause, watches what is played."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_follow, desk)
        nursery.start_soon(_keep_seconds, desk)
        nursery.start_soon(desk.hall.keep_waking)
        await _keep_views(desk)


async def _follow(desk: Desk) -> None:
    while True:
        with desk.daemon.notices() as notices:
            async for notice in notices:
                take_notice(desk, notice)
        await trio.lowlevel.checkpoint()


def take_notice(desk: Desk, notice: Notice) -> None:
    """What a notice means to the hall."""
    hall = desk.hall
    match notice:
        case ConcertChanged():
            hall.change(notice.concert)
        case OpinionKept() | OpinionRefused():
            hall.decide(notice)
            hall.change(notice.concert)
        case CrowdFelt():
            hall.feel(notice)
        case StageChanged():
            for live in desk.daemon.node.concerting.concerts.values():
                if notice.session in live.card.sessions:
                    hall.change(live.id)
        case FrameSeen() if notice.session in hall.seat.watched:
            _pass_on(desk, notice)
        case _:
            pass


def _pass_on(desk: Desk, frame: FrameSeen) -> None:
    for live in desk.daemon.node.concerting.concerts.values():
        if frame.session in live.card.sessions:
            message = frame_message(desk, frame)
            if message is not None:
                desk.hall.tell(live.id, message)


async def _keep_seconds(desk: Desk) -> None:
    while True:
        await trio.sleep(SECOND_S)
        desk.hall.now_us = desk.daemon.now_us()
        desk.hall.put_out(desk.tokens.book)
        for concert, felt in desk.hall.take_second().items():
            desk.daemon.give(Applaud(concert, felt.people, felt.taps, Ppm(felt.energy_ppm)))
        watch_stage(desk)


def watch_stage(desk: Desk) -> None:
    """Looks at what is played in concerts that somebody here listens to, and at nothing else."""
    concerting, seat = desk.daemon.node.concerting, desk.hall.seat
    on_air = {performance.id for performance in desk.daemon.node.air.now()}
    wanted = {
        session
        for live in concerting.concerts.values()
        if desk.hall.count(live.id) and not live.is_mine
        if (session := concerting.live_session(live)) in on_air and session is not None
    }
    events = [e for session in seat.watched - wanted for e in desk.audience.unwatch(seat, session)]
    desk.audience.seats.add(seat)
    events += [e for session in wanted - seat.watched for e in desk.audience.watch(seat, session)]
    if not wanted:
        desk.audience.seats.discard(seat)
    for event in events:
        desk.daemon.give(event)


async def _keep_views(desk: Desk) -> None:
    """Tells everybody how concerts stand; what all see alike is worked out once."""
    while True:
        changed = {concert for one in desk.hall.listeners for concert in one.changed}
        for concert in changed:
            await _tell_view(desk, concert)
        is_full = len(desk.hall.listeners) > FULL_HALL
        await trio.sleep(FULL_PAUSE_S if is_full else PAUSE_S)


async def _tell_view(desk: Desk, concert: ConcertId) -> None:
    live = desk.daemon.node.concerting.concerts.get(concert)
    listeners = [one for one in desk.hall.listeners if concert in one.changed]
    for listener in listeners:
        listener.changed.discard(concert)
    if live is None:
        return
    song = await song_of(desk, live)
    for ours in (True, False):
        group = [one for one in listeners if (one.guest is None) is ours]
        if not group:
            continue
        outlook = outlook_for(desk, group[0].voice)
        view: ConcertView = shared_view(desk, outlook, live, song)
        for listener in group:
            own = seen_by(desk, outlook, live, view, listener.voice, is_owner=listener.is_owner)
            desk.hall.show(listener, concert, msgspec.json.encode(ConcertMessage(own)).decode())
            await trio.lowlevel.checkpoint()


def _full() -> ApiError:
    why = f"All {MAX_LISTENERS} places are taken, or this page is open several times."
    return ApiError(429, "full", why, "Close the other pages, then reload this one.")


async def _send(socket: WebSocket, text: str) -> None:
    # As on the play socket: who has just left hears nothing more, and that is noticed where
    # they are heard.
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(text)
