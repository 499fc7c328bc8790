"""A daemon that only pretends: the page's contract, and fates by the script of a test.

`python fake_daemon.py --port 8123 --fates minted,failed` serves the real page and our own song.
What a test wants to know is under /fake.
"""

import argparse
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import trio
from fake_concerts import Concerts
from fake_devices import Devices
from fake_disputes import Disputes
from fake_fates import FAILED, IDENTITY, NEIGHBOURS, coin, message_of, minted, people, verdict
from fake_nearby import Nearby
from fake_rooms import Rooms
from fake_shelf import Shelf
from fake_songs import chart_of, charts, score_of, song_of
from fake_trust import Trust
from fake_values import Values
from fake_wallet import Wallet
from hypercorn.config import Config
from hypercorn.trio import serve
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from consensus.chart import Chart

TOKEN: Final = "test-token"
LAN_HOST: Final = "127.0.0.2"
"""Where other devices come in: to the page not its daemon's own machine."""
CLIENT: Final = Path(__file__).parents[3] / "game" / "client"
RIFF_TIMES_US: Final = (600_000, 850_000, 1_100_000, 1_350_000)
HEADERS: Final = {
    b"content-security-policy": b"default-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
    b"base-uri 'none'",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-embedder-policy": b"require-corp",
    b"cache-control": b"no-store",
}


@dataclass(slots=True)
class Daemon:
    """What the pretence remembers."""

    window_us: int
    asking_s: float
    lead_us: int
    pace_s: float
    fates: list[str]
    riffs: bool
    charts: dict[str, tuple[str, Chart]]
    scopes: list[str]
    rooms: Rooms
    sockets: set[WebSocket] = field(default_factory=set)
    events: dict[int, list[list[int]]] = field(default_factory=dict)
    repeats: int = 0
    is_deaf: bool = False
    is_cut: bool = False
    start_us: int = 0
    windows: dict[int, dict[str, Any]] = field(default_factory=dict)
    coins: list[dict[str, Any]] = field(default_factory=list)
    sessions: int = 0
    starts: list[dict[str, Any]] = field(default_factory=list)
    play: trio.CancelScope | None = None
    shelf: Shelf | None = None
    nearby: Nearby | None = None
    concerts: Concerts | None = None
    disputes: Disputes = field(default_factory=Disputes)
    values: Values | None = None
    trust: Trust = field(default_factory=Trust)
    wallet: Wallet = field(default_factory=Wallet)
    devices: Devices = field(default_factory=Devices)
    nursery: trio.Nursery | None = None


def now_us() -> int:
    """The pretended daemon's clock is the wall's, so that a test can compare."""
    return time.time_ns() // 1_000


async def tell(daemon: Daemon, message: dict[str, Any]) -> None:
    for socket in list(daemon.sockets):
        try:
            await socket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError):
            daemon.sockets.discard(socket)


async def perform(daemon: Daemon, chart_id: str, count: int, from_us: int = 0) -> None:
    """A session from the invitation to the last window's fate."""
    daemon.sessions += 1
    session_id = f"{daemon.sessions:02x}" * 32
    await tell(daemon, {"type": "inviting", "asked": len(NEIGHBOURS)})
    await trio.sleep(daemon.asking_s)
    if daemon.fates[0] == "refused":
        reason, following = (
            "Nobody nearby could witness.",
            "Start practice neighbours and try again.",
        )
        await tell(daemon, {"type": "refused", "reason": reason, "next": following})
        return
    chart = await chart_by(daemon, chart_id)
    daemon.start_us = now_us() + daemon.lead_us
    daemon.events.clear()
    daemon.windows.clear()
    session = {
        "type": "session",
        "session": session_id,
        "start_us": daemon.start_us,
        "windows": count,
        "window_us": daemon.window_us,
        "keys": chart.keys,
        "openings": len(NEIGHBOURS),
        "candidates": [{"id": one["id"], "name": one["name"]} for one in NEIGHBOURS],
        "from_us": from_us,
    }
    await tell(daemon, session)
    assert daemon.nursery is not None
    with trio.CancelScope() as scope:
        daemon.play = scope
        for window in range(count):
            await play_window(daemon, session_id, window, chart.keys)
            fate = daemon.fates[window % len(daemon.fates)]
            daemon.nursery.start_soon(decide, daemon, session_id, window, fate)
        await tell(
            daemon, {"type": "ended", "session": session_id, "reason": "The last window is played."}
        )


async def chart_by(daemon: Daemon, chart_id: str) -> Chart:
    found = daemon.shelf and await daemon.shelf.chart(chart_id)
    return found or daemon.charts[chart_id][1]


async def play_window(daemon: Daemon, session_id: str, window: int, keys: int) -> None:
    start_us = window * daemon.window_us
    for slot in range(2 if daemon.riffs else 0):
        at_us = start_us + daemon.window_us * (2 * slot + 1) // 4 + 700_000
        await sleep_until(daemon, at_us)
        notes = [
            [at_us + after_us, (window + slot + 2 * number) % keys]
            for number, after_us in enumerate(RIFF_TIMES_US)
        ]
        riff = {
            "type": "riff",
            "session": session_id,
            "window": window,
            "slot": slot,
            "at_us": at_us,
            "notes": notes,
        }
        await tell(daemon, riff)
    await sleep_until(daemon, start_us + daemon.window_us)


async def sleep_until(daemon: Daemon, at_us: int) -> None:
    await trio.sleep(max(0, (daemon.start_us + at_us - now_us()) / 1e6))


async def decide(daemon: Daemon, session_id: str, window: int, fate: str) -> None:
    message = message_of(window) | {"session": session_id}
    for state in ("sealed", "drawn"):
        message |= {"state": state, "drawn": people() if state == "drawn" else []}
        daemon.windows[window] = dict(message)
        await tell(daemon, message)
        await trio.sleep(daemon.pace_s)
    voices = NEIGHBOURS if fate == "minted" else NEIGHBOURS[:-1]
    for number, neighbour in enumerate(voices):
        believed = fate == "minted" or number == 0
        message["verdicts"] = [*message["verdicts"], verdict(neighbour, believed)]
        message["state"] = "attested"
        daemon.windows[window] = dict(message)
        await tell(daemon, message)
        await trio.sleep(daemon.pace_s / 3)
    message |= minted(window) if fate == "minted" else FAILED
    daemon.windows[window] = dict(message)
    if fate == "minted":
        daemon.coins.insert(0, coin(window))
    await tell(daemon, message)


async def play_socket(socket: WebSocket) -> None:
    daemon: Daemon = socket.app.state.daemon
    offered = [one.removeprefix("bearer.") for one in socket.scope["subprotocols"]]
    is_guest = daemon.shelf and any(map(daemon.shelf.is_guest, offered))
    if daemon.is_cut or (TOKEN not in offered and not is_guest):
        await socket.close(1008)
        return
    await socket.accept("popd.v1")
    daemon.sockets.add(socket)
    try:
        while True:
            await answer(daemon, socket, json.loads(await socket.receive_text()))
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        daemon.sockets.discard(socket)


async def answer(daemon: Daemon, socket: WebSocket, message: dict[str, Any]) -> None:
    assert daemon.nursery is not None
    match message["type"]:
        case "ping":
            await socket.send_json({"type": "pong", "t": message["t"], "now_us": now_us()})
        case "start":
            daemon.starts.append(message)
            from_us = daemon.rooms.from_us() if message["room"] else message["from_us"]
            count = message["windows"]
            daemon.nursery.start_soon(perform, daemon, message["chart"], count, from_us)
        case "events" if not daemon.is_deaf:
            daemon.repeats += message["seq"] in daemon.events
            daemon.events[message["seq"]] = message["events"]
            await socket.send_json({"type": "ack", "seq": message["seq"]})
        case "stop" if daemon.play:
            daemon.play.cancel()


def is_allowed(request: Request) -> bool:
    shelf: Shelf | None = request.app.state.daemon.shelf
    return request.headers.get("authorization") == f"Bearer {TOKEN}" or bool(
        (shelf and shelf.scopes(request)) or is_seated(request)
    )


def is_seated(request: Request) -> bool:
    """Whether a concert's guest asks."""
    concerts: Concerts | None = request.app.state.daemon.concerts
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return concerts is not None and bearer in concerts.seats


async def api(request: Request) -> Response:
    daemon: Daemon = request.app.state.daemon
    if not is_allowed(request):
        return Response("no token", 401)
    path = request.path_params["path"]
    if path == "status":
        return JSONResponse(
            {
                "version": "0.1.0",
                "network": "practice",
                "practice": True,
                "identity": IDENTITY,
                "neighbours": NEIGHBOURS,
                "peers": 4,
                "ready": True,
                "pen": daemon.devices.pen,
                "scopes": scopes_of(daemon, request),
                "locked": daemon.wallet.keys.is_locked,
            }
        )
    if path == "songs":
        names = dict.fromkeys(name for name, _ in daemon.charts.values())
        return JSONResponse({"songs": [song_of(name, own_charts(daemon, name)) for name in names]})
    if path.endswith("/score"):
        return JSONResponse(score_of(path.split("/")[1]))
    if path.startswith("charts/"):
        key = path.split("/")[1]
        return JSONResponse(chart_of(key, daemon.charts[key][1]))
    if path == "plays":
        return JSONResponse({"plays": []} if request.method == "GET" else {})
    if path.split("/")[0] == "rooms":
        body = await request.json() if request.method == "POST" else {}
        said = daemon.rooms.said(path.removeprefix("rooms").strip("/"), body)
        await tell(daemon, {"type": "room"})
        return JSONResponse(said)
    if path == "purse":
        total, value = (
            sum(one[key] for one in daemon.coins) for key in ("amount_ujam", "value_ujam")
        )
        return JSONResponse({"coins": daemon.coins, "total_ujam": total, "total_value_ujam": value})
    if path == "blocks":
        return JSONResponse({"windows": [daemon.windows[key] for key in sorted(daemon.windows)]})
    return Response("no such thing", 404)


def scopes_of(daemon: Daemon, request: Request) -> list[str]:
    if is_seated(request):
        return ["rate", "read"]
    return sorted(daemon.shelf.scopes(request)) if daemon.shelf else daemon.scopes


def own_charts(daemon: Daemon, name: str) -> dict[str, Chart]:
    return {key: chart for key, (owner, chart) in daemon.charts.items() if owner == name}


def reset(daemon: Daemon) -> None:
    """Forgets all that was played, for the next test."""
    if daemon.play:
        daemon.play.cancel()
    daemon.play = None
    daemon.rooms.reset()
    for memory in (daemon.events, daemon.windows, daemon.coins, daemon.starts):
        memory.clear()
    daemon.is_deaf, daemon.is_cut, daemon.repeats = False, False, 0


async def fake(request: Request) -> Response:
    """What a test asks: what arrived; or does: break the line, hear nothing."""
    daemon: Daemon = request.app.state.daemon
    match request.path_params["path"]:
        case "drop":
            for socket in list(daemon.sockets):
                await socket.close(1012)
        case "cut":
            daemon.is_cut = True
            for socket in list(daemon.sockets):
                await socket.close(1012)
        case "mend":
            daemon.is_cut = False
        case "away" if daemon.shelf:
            daemon.shelf.is_away = True
        case "back" if daemon.shelf:
            daemon.shelf.is_away = False
        case "deaf":
            daemon.is_deaf = True
        case "count-in":
            daemon.rooms.count_in()
            await tell(daemon, {"type": "room"})
        case "they-play":
            daemon.rooms.count_in(-3_000_000)
            await tell(daemon, {"type": "room"})
        case "alone":
            daemon.rooms.is_alone = True
            await tell(daemon, {"type": "room"})
        case "ada-left" | "ada-apart" as what:
            daemon.rooms.lose_ada(has_left=what == "ada-left")
            await tell(daemon, {"type": "room"})
        case "coin":
            daemon.coins.insert(0, coin(0))
        case "hearing":
            daemon.is_deaf = False
        case "reset":
            reset(daemon)
            if daemon.shelf:
                daemon.shelf.reset()
            if daemon.nearby:
                daemon.nearby.reset()
            if daemon.concerts:
                daemon.concerts.reset()
            daemon.disputes.reset()
            if daemon.values:
                daemon.values.reset()
            daemon.trust.reset()
            daemon.wallet.reset()
            daemon.devices.reset()
        case _:
            pass
    events = [event for seq in sorted(daemon.events) for event in daemon.events[seq]]
    return JSONResponse(
        {
            "events": events,
            "sequences": sorted(daemon.events),
            "repeats": daemon.repeats,
            "starts": daemon.starts,
            "start_us": daemon.start_us,
        }
    )


async def page(_request: Request) -> Response:
    return FileResponse(CLIENT / "index.html")


class Guarded:
    """The headers that the real daemon sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
            await send(message)

        await self.app(scope, receive, with_headers)


def application(daemon: Daemon) -> Starlette:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with trio.open_nursery() as nursery:
            daemon.nursery = nursery
            if daemon.nearby:
                daemon.nearby.nursery = nursery
            if daemon.shelf:
                nursery.start_soon(daemon.shelf.run)
            yield
            nursery.cancel_scope.cancel()

    app = Starlette(
        routes=[
            Route("/", page),
            *(daemon.shelf.routes() if daemon.shelf else ()),
            *(daemon.nearby.routes() if daemon.nearby else ()),
            *(daemon.concerts.routes() if daemon.concerts else ()),
            *daemon.disputes.routes(),
            *(daemon.values.routes() if daemon.values else ()),
            *daemon.trust.routes(),
            *daemon.wallet.routes(),
            *daemon.devices.routes(),
            Route("/api/v1/{path:path}", api, methods=["GET", "POST"]),
            WebSocketRoute("/api/v1/play", play_socket),
            Route("/fake/{path}", fake),
            Mount("/client", StaticFiles(directory=CLIENT)),
        ],
        middleware=[Middleware(Guarded)],
        lifespan=lifespan,
    )
    app.state.daemon = daemon
    return app


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--window-ms", type=int, default=20_000)
    parser.add_argument("--asking-ms", type=int, default=1_500)
    parser.add_argument("--lead-ms", type=int, default=3_000)
    parser.add_argument("--pace-ms", type=int, default=600)
    parser.add_argument("--fates", default="minted")
    parser.add_argument("--no-riffs", action="store_true")
    parser.add_argument("--shelf", type=int, default=-1, help="a real shelf with so many songs")
    parser.add_argument("--short", action="store_true", help="one song of five seconds")
    parser.add_argument("--room", action="store_true", help="Ada opened a room")
    parser.add_argument("--scopes", default="owner,play,rate,read")
    chosen = parser.parse_args(arguments)
    known = charts(short=chosen.short)
    chart_id, (_, first) = next(iter(known.items()))
    daemon = Daemon(
        window_us=chosen.window_ms * 1_000,
        asking_s=chosen.asking_ms / 1_000,
        lead_us=chosen.lead_ms * 1_000,
        pace_s=chosen.pace_ms / 1_000,
        fates=chosen.fates.split(","),
        riffs=not chosen.no_riffs,
        charts=known,
        scopes=chosen.scopes.split(","),
        rooms=Rooms(now_us, first.title, chart_id, chosen.room),
    )
    own = next(iter(daemon.charts))
    daemon.nearby = Nearby(TOKEN, lambda: (own, daemon.charts[own][1]), daemon.window_us, now_us)
    address = f"http://{LAN_HOST}:{chosen.port}/"
    daemon.concerts = Concerts(TOKEN, address, now_us, daemon.nearby)
    daemon.nearby.listeners.append(daemon.concerts.pass_on)
    daemon.values = Values(lambda coins: daemon.coins.__setitem__(slice(None), coins))
    if chosen.shelf >= 0:
        daemon.shelf = Shelf(TOKEN, chosen.shelf, daemon.window_us, now_us)
        daemon.shelf.lan.own = f"http://127.0.0.1:{chosen.port}/"
    config = Config()
    config.bind = [f"127.0.0.1:{chosen.port}", f"{LAN_HOST}:{chosen.port}"]
    config.errorlog = None
    trio.run(serve, application(daemon), config)


if __name__ == "__main__":
    main(sys.argv[1:])
