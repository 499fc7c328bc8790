"""What a pretended daemon says of those who perform nearby, and does with a word by hand.

Under /fake/nearby a test begins a performance, draws the user for a block, and asks what it heard.
"""

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import trio
from fake_fates import NEIGHBOURS
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from consensus.chart import Chart

ADA: Final = {"id": NEIGHBOURS[0]["id"], "name": NEIGHBOURS[0]["name"]}
SESSION: Final = "5e" * 32
FRAME_S: Final = 0.25
RIFF_AFTER_US: Final = (600_000, 850_000, 1_100_000, 1_350_000)
METRICS: Final = {
    "events": 48, "accuracy_ppm": 934_000, "diversity_ppm": 641_000, "harmony_ppm": 912_000,
    "riffs": [2, 2],
}  # fmt: skip
REASONS: Final = ["played like a person", "2 of 2 riffs answered"]
UNDO_S: Final = 1.2


@dataclass(slots=True)
class Nearby:
    """Who performs, and the blocks that the user was drawn for."""

    token: str
    chart: Callable[[], tuple[str, Chart]]
    window_us: int
    now_us: Callable[[], int]
    sockets: set[WebSocket] = field(default_factory=set)
    heard: list[dict[str, Any]] = field(default_factory=list)
    attending: set[WebSocket] = field(default_factory=set)
    performances: list[dict[str, Any]] = field(default_factory=list)
    duties: dict[str, dict[str, Any]] = field(default_factory=dict)
    attested: list[dict[str, Any]] = field(default_factory=list)
    unminted: list[dict[str, Any]] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    nursery: trio.Nursery | None = None
    scopes: dict[str, trio.CancelScope] = field(default_factory=dict)
    listeners: list[Callable[[dict[str, Any]], Awaitable[None]]] = field(default_factory=list)

    def routes(self) -> Sequence[Route | WebSocketRoute]:
        return (
            Route("/api/v1/nearby", self.read),
            Route("/api/v1/unminted", self.read_unminted),
            Route("/api/v1/nearby/{what}", self.post, methods=["POST"]),
            Route("/api/v1/report", self.report, methods=["POST"]),
            WebSocketRoute("/api/v1/nearby", self.socket),
            Route("/fake/nearby/{what}", self.fake),
        )

    def reset(self) -> None:
        for scope in self.scopes.values():
            scope.cancel()
        for memory in (self.heard, self.performances, self.duties, self.attested, self.posts):
            memory.clear()
        self.unminted.clear()

    async def read(self, _request: Request) -> Response:
        return JSONResponse(self._list() | {"attested": self.attested, "attended": True})

    async def read_unminted(self, _request: Request) -> Response:
        return JSONResponse({"blocks": self.unminted})

    async def post(self, request: Request) -> Response:
        what, body = request.path_params["what"], await request.json()
        self.posts.append((what, body))
        if what == "appeal":
            why = "3 of those who were drawn are asked to look."
            return JSONResponse(
                {"block": body["block"], "asked": 3, "why": why, "next": "Wait for their word."}
            )
        duty = self.duties[body["block"]]
        if duty["state"] not in {"asking", "decided"}:
            refusal = {"error": "is_signed", "why": "Your word is signed.", "next": "Report it."}
            return JSONResponse(refusal, 409)
        if what == "judge":
            until_ms = self.now_us() // 1_000 + int(UNDO_S * 1_000)
            duty |= {"state": "decided", "choice": body["choice"], "until_ms": until_ms}
            self._later(duty, UNDO_S)
        else:
            until_ms = self.now_us() // 1_000 + 60_000
            duty |= {"state": "asking", "choice": "", "until_ms": until_ms}
            self._later(duty, 60)
        await self.tell({"type": "duty", "duty": duty})
        return JSONResponse(duty)

    async def report(self, request: Request) -> Response:
        self.posts.append(("report", await request.json()))
        return JSONResponse({"entry": "ab" * 32})

    async def socket(self, socket: WebSocket) -> None:
        if f"bearer.{self.token}" not in socket.scope["subprotocols"]:
            await socket.close(1008)
            return
        await socket.accept("popd.v1")
        self.sockets.add(socket)
        await socket.send_json({"type": "nearby", **self._list()})
        try:
            while True:
                await self._hear(socket, json.loads(await socket.receive_text()))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.discard(socket)
            self.attending.discard(socket)

    async def _hear(self, socket: WebSocket, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            pong = {"type": "pong", "t": message["t"], "now_us": self.now_us()}
            await socket.send_json(pong)
            return
        self.heard.append(message)
        if message["type"] == "attend":
            (self.attending.add if message["on"] else self.attending.discard)(socket)

    async def tell(self, message: dict[str, Any]) -> None:
        for listener in self.listeners:
            await listener(message)
        for socket in list(self.sockets):
            try:
                await socket.send_json(message)
            except (WebSocketDisconnect, RuntimeError):
                self.sockets.discard(socket)

    async def fake(self, request: Request) -> Response:
        assert self.nursery is not None
        query = request.query_params
        match request.path_params["what"]:
            case "begin":
                self.nursery.start_soon(self.perform, self.performance())
            case "draw":
                await self.draw(query.get("state", "asking"), query.get("look", ""))
            case "said":
                self.attested.append(word())
            case "drop":
                for socket in list(self.sockets):
                    await socket.close(1012)
            case "unminted":
                self.unminted.append(unminted())
            case _:
                pass
        return JSONResponse(
            {
                "heard": self.heard,
                "attending": len(self.attending),
                "posts": self.posts,
                "duties": list(self.duties.values()),
            }
        )

    def performance(self) -> dict[str, Any]:
        """Ada is about to play the song exactly, half a second from now."""
        key, chart = self.chart()
        return {
            "session": SESSION, "performer": ADA, "chart": key, "song": chart.title,
            "keys": chart.keys, "start_us": self.now_us() + 500_000, "windows": 3,
            "window_us": self.window_us, "input_us": 0, "openings": 4, "is_candidate": True,
            "is_heard": True,
            "nearness": {"counts_as": "on your link", "round_trip_us": 800, "uncertainty_us": 300,
                         "words": "says it is on your link; round trip 0.8 ± 0.3 ms"},
        }  # fmt: skip

    async def perform(self, performance: dict[str, Any]) -> None:
        """Ada plays, with a riff in each window."""
        self.performances.append(performance)
        await self.tell({"type": "nearby", **self._list()})
        with trio.CancelScope() as scope:
            self.scopes["performance"] = scope
            await self._play(self.chart()[1], performance["start_us"])
            self.performances.remove(performance)
            await self.tell({"type": "nearby", **self._list()})

    async def _play(self, chart: Chart, start_us: int) -> None:
        moves = sorted(
            move
            for note in chart.notes
            for move in (
                (note.start_us, note.lane, 1),
                (note.start_us + max(note.duration_us, 60_000), note.lane, 0),
            )
        )
        riffs = [
            (at_us, [(at_us + after, lane) for lane, after in enumerate(RIFF_AFTER_US)])
            for at_us in range(self.window_us // 4, 3 * self.window_us, self.window_us)
        ]
        from_us = 0
        while from_us < 3 * self.window_us:
            until_us = from_us + int(FRAME_S * 1e6)
            await trio.sleep(max(0, (start_us + until_us - self.now_us()) / 1e6))
            window = from_us // self.window_us
            frame = {
                "type": "frame", "session": SESSION, "window": window, "start_us": start_us,
                "from_us": window * self.window_us, "received_us": self.now_us(),
                "now_us": self.now_us(),
                "keys": [move for move in moves if from_us <= move[0] < until_us],
                "riffs": [riff for riff in riffs if from_us <= riff[0] < until_us],
            }  # fmt: skip
            await self.tell(frame)
            if until_us % 2_000_000 < FRAME_S * 1e6:
                await self.tell(read_out(window))
            from_us = until_us

    async def draw(self, state: str, look: str) -> None:
        block = f"{len(self.duties) + 0xB1:02x}" * 32
        now_ms = self.now_us() // 1_000
        self.duties[block] = duty_of(block, now_ms, look) | {"state": state}
        self._later(self.duties[block], 60)
        await self.tell({"type": "duty", "duty": self.duties[block]})

    def _later(self, duty: dict[str, Any], seconds: float) -> None:
        """Without another word the duty is signed then."""
        assert self.nursery is not None
        if duty["block"] in self.scopes:
            self.scopes[duty["block"]].cancel()
        self.scopes[duty["block"]] = scope = trio.CancelScope()
        self.nursery.start_soon(self._sign, duty, seconds, scope)

    async def _sign(self, duty: dict[str, Any], seconds: float, scope: trio.CancelScope) -> None:
        with scope:
            await trio.sleep(seconds)
            is_silent = duty["choice"] == "cannot_judge"
            duty |= {"state": "passed" if is_silent else "signed"}
            if not is_silent:
                decision = duty["choice"] or duty["suggestion"]
                said = {"decision": decision, "by_hand": bool(duty["choice"])}
                duty |= {"suggestion": "" if duty["choice"] else duty["suggestion"]}
                self.attested.insert(0, word() | said)
            await self.tell({"type": "duty", "duty": duty})

    def _list(self) -> dict[str, Any]:
        newest = sorted(self.duties.values(), key=lambda duty: -duty["drawn_ms"])
        return {"performances": self.performances, "duties": newest}


def duty_of(block: str, now_ms: int, look: str) -> dict[str, Any]:
    return {
        "block": block, "session": SESSION, "window": 1, "performer": ADA, "song": "First Light",
        "state": "asking", "drawn_ms": now_ms, "until_ms": now_ms + 60_000, "choice": "",
        "suggestion": "accept", "anomaly_ppm": 121_000, "metrics": METRICS,
        "has_seen_frames": True, "custody": "c0ffee00c0ff", "model": "0a1b2c3d4e5f",
        "reasons": REASONS, "noticed": ["timing drifts as a person's does"],
        "needs_look": bool(look), "look": look, "attestation": "", "why": "",
    }  # fmt: skip


def read_out(window: int) -> dict[str, Any]:
    return {
        "type": "read", "session": SESSION, "window": window, "metrics": METRICS,
        "anomaly_ppm": 121_000, "impression": "played like a person",
        "reasons": ["timing drifts as a person's does"],
    }  # fmt: skip


def word() -> dict[str, Any]:
    return {
        "block": "b0" * 32, "attestation": "a7" * 32, "performer": ADA, "song": "First Light",
        "window": 0, "time_ms": time.time_ns() // 1_000_000, "decision": "accept",
        "by_hand": False, "anomaly_ppm": 121_000, "metrics": METRICS, "reasons": REASONS,
    }  # fmt: skip


def unminted() -> dict[str, Any]:
    return {
        "block": "d1" * 32, "session": SESSION, "window": 2, "song": "First Light",
        "played_ms": time.time_ns() // 1_000_000, "can_appeal": True,
        "why": "It was not believed by your 4 witnesses: too few riffs were answered.",
        "next": "Play a slower chart, and answer the riffs: the notes with rings.",
    }  # fmt: skip
