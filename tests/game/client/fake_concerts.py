"""What a pretended daemon says of concerts, and does with ratings; guests' signatures are checked.

Under /fake/concert a test lets somebody's concert begin, go on and fill, and asks what was heard.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import trio
from fake_concert_views import FEELINGS, METHODS, Live, Mine, view_of
from fake_fates import CHALLENGE, CODE, IDENTITY, NEIGHBOURS, SECRET
from fake_nearby import SESSION, Nearby
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from consensus.encoding import tagged_digest
from consensus.entries.appreciation import Modality, Opinion, opinion_digest
from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.units import Ppm
from wallet.mnemonic import words_from_seed

NETWORK: Final = "practice"
ME: Final = {"id": IDENTITY["id"], "name": IDENTITY["name"]}
ADA: Final = {"id": NEIGHBOURS[0]["id"], "name": "Ada (practice)"}
BELA: Final = {"id": NEIGHBOURS[1]["id"], "name": "Bela (practice)"}
OWNER: Final = "owner"
EVENING_US: Final = 12 * 3_600 * 1_000_000
SEATS: Final = 256


class RefusedError(Exception):
    """Something is not done."""

    def __init__(self, status: int, why: str, next_step: str) -> None:
        super().__init__(why)
        self.status, self.why, self.next_step = status, why, next_step


@dataclass(slots=True)
class Concerts:
    """The concerts that this daemon knows, and the line to pages."""

    token: str
    address: str
    now_us: Callable[[], int]
    nearby: Nearby
    known: dict[str, Live] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    """Token to guest key."""
    sockets: dict[WebSocket, str] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    opinions: list[dict[str, Any]] = field(default_factory=list)
    is_deaf: bool = False
    is_cut: bool = False
    is_full: bool = False
    refusal: tuple[str, str] | None = None

    def routes(self) -> Sequence[Route | WebSocketRoute]:
        at = "/api/v1/concerts/{id}"
        return (
            Route("/api/v1/concerts", self.guarded(self.overview)),
            Route("/api/v1/concerts", self.guarded(self.begin), methods=["POST"]),
            Route(at, self.guarded(self.read)),
            Route(f"{at}/phase", self.guarded(self.set_phase), methods=["POST"]),
            Route(f"{at}/door", self.guarded(self.door), methods=["POST", "DELETE"]),
            Route(f"{at}/opinion", self.guarded(self.opine), methods=["POST"]),
            Route(f"{at}/appraise", self.guarded(self.appraise), methods=["POST"]),
            Route(f"{at}/comments/{{c}}", self.guarded(self.hide), methods=["POST"]),
            Route("/api/v1/guest", self.guarded(self.about_door)),
            Route("/api/v1/guest", self.guarded(self.take_seat), methods=["POST"]),
            Route("/api/v1/words", self.guarded(self.words)),
            WebSocketRoute("/api/v1/concert", self.socket),
            Route("/fake/concert/{what}", self.fake),
        )

    def reset(self) -> None:
        for memory in (self.known, self.seats, self.heard, self.opinions):
            memory.clear()
        self.is_deaf = self.is_cut = self.is_full = False
        self.refusal = None

    def guarded(self, what: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(await what(request))
            except RefusedError as refused:
                body = {"error": "refused", "why": refused.why, "next": refused.next_step}
                return JSONResponse(body, refused.status)

        return endpoint

    def caller(self, bearer: str) -> str:
        """The owner, a guest's key, or nothing."""
        return OWNER if bearer == self.token else self.seats.get(bearer, "")

    def _asking(self, request: Request) -> str:
        caller = self.caller(bearer_of(request))
        if not caller:
            raise RefusedError(401, "This seat is not known.", "Come in anew.")
        return caller

    def _concert(self, request: Request) -> Live:
        found = self.known.get(request.path_params["id"])
        if not found:
            raise RefusedError(404, "No such concert.", "Look at the list.")
        return found

    def view(self, live: Live, caller: str) -> dict[str, Any]:
        here = sum(1 for _ in self.sockets)
        return view_of(live, caller, here, len(set(self.seats.values())), ME)

    async def overview(self, request: Request) -> Any:
        caller = self._asking(request)
        views = [self.view(live, caller) for live in self.known.values()]
        return {"concerts": views, "feelings": FEELINGS, "methods": METHODS}

    async def begin(self, request: Request) -> Any:
        body = await request.json()
        self.heard.append({"path": "concerts"} | body)
        live = self._new(ME, body["name"], body["tags"], body["expected"])
        people = {one["id"]: one["name"] for one in (ME, *NEIGHBOURS)}
        live.performers = [one | {"name": people[one["id"]]} for one in body["performers"]] or [
            ME | {"share_ppm": 1_000_000}
        ]
        await self.tell(live)
        return self.view(live, OWNER)

    def _new(self, gatherer: dict[str, Any], name: str, tags: list[str], expected: int) -> Live:
        concert_id = f"{len(self.known) + 0xC0:02x}" * 16
        live = Live(concert_id, name, tags, gatherer, expected, self.now_us() // 1_000)
        live.performers = [gatherer | {"share_ppm": 1_000_000}]
        self.known[concert_id] = live
        return live

    async def read(self, request: Request) -> Any:
        caller = self._asking(request)
        return self.view(self._concert(request), caller)

    async def set_phase(self, request: Request) -> Any:
        live = self._concert(request)
        await self.go(live, (await request.json())["phase"])
        return self.view(live, self._asking(request))

    async def go(self, live: Live, phase: str) -> None:
        live.phase = phase
        for mine in live.mine.values():
            if phase in {"revealed", "closed"}:
                mine.state = "revealed" if phase == "revealed" else "gathered"
                mine.minted_ujam = 41_200 if phase == "closed" else 0
        await self.tell(live)

    async def door(self, request: Request) -> Any:
        live = self._concert(request)
        live.door = self._door() if request.method == "POST" else None
        await self.tell(live)
        return self.view(live, self._asking(request))

    def _door(self) -> dict[str, Any]:
        import segno

        url = f"{self.address}#concert={SECRET}"
        rows = ["".join("01"[bool(dark)] for dark in row) for row in segno.make(url).matrix]
        return {"open": True, "url": url, "address": self.address, "code": CODE, "rows": rows,
                "guests": 0, "most": SEATS}  # fmt: skip

    def _at_door(self, request: Request) -> Live:
        given = bearer_of(request)
        open_ones = [live for live in self.known.values() if live.door]
        if given not in {SECRET, CODE} or not open_ones:
            raise RefusedError(401, "That code opens no concert here.", "Look at the poster again.")
        return open_ones[0]

    async def about_door(self, request: Request) -> Any:
        live = self._at_door(request)
        return {"concert": live.id, "teller": ME["id"], "network": NETWORK, "name": live.name,
                "gatherer": live.gatherer, "challenge": CHALLENGE}  # fmt: skip

    async def take_seat(self, request: Request) -> Any:
        live, body = self._at_door(request), await request.json()
        key = bytes.fromhex(body["key"])
        signed = bytes.fromhex(live.id), bytes.fromhex(ME["id"]), key, bytes.fromhex(CHALLENGE)
        subject = tagged_digest("door", *signed)
        self._check(key, body["signature"], subject)
        self.heard.append({"path": "guest", "key": body["key"]})
        if self.is_full and body["key"] not in self.seats.values():
            raise RefusedError(
                409, "Every seat is taken here.", "Join through somebody else's host."
            )
        token = f"seat-{len(self.seats)}"
        self.seats[token] = body["key"]
        await self.tell(live)
        until_us = self.now_us() + EVENING_US
        return {"token": token, "until_us": until_us, "scope": "rate", "concert": live.id,
                "secret": SECRET}  # fmt: skip

    def _check(self, key: bytes, signature: str, subject: bytes) -> None:
        try:
            check_signature(key, bytes.fromhex(signature), NETWORK, Domain.GUEST, subject)
        except (RejectionError, ValueError):
            raise RefusedError(400, "The signature is not yours.", "Load the page anew.") from None

    async def words(self, request: Request) -> Any:
        self._asking(request)
        seeds = ((word << 245).to_bytes(32) for word in range(2_048))
        return {"words": [words_from_seed(seed).split()[0] for seed in seeds]}

    async def opine(self, request: Request) -> Any:
        live, caller = self._concert(request), self._asking(request)
        await self._take_opinion(live, caller, await request.json())
        return self.view(live, caller)

    async def _take_opinion(self, live: Live, caller: str, body: dict[str, Any]) -> None:
        if self.refusal:
            raise RefusedError(409, *self.refusal)
        if live.phase != "open":
            raise RefusedError(
                409, "It was locked before yours came.", "Listen on; next time sooner."
            )
        if caller != OWNER:
            key = bytes.fromhex(caller)
            assert live.first
            told = opinion_digest(opinion_of(body, live.first), IdentityId(teller()), key)
            self._check(key, body["signature"], told)
        said = {key: body[key] for key in ("performer", "score_ppm", "tags", "modality", "method",
                                           "comment")}  # fmt: skip
        self.opinions.append(said | {"caller": caller})
        live.mine[caller] = Mine(said | {"performer": said["performer"] or live.gatherer["id"]})
        await self.tell(live)

    async def appraise(self, request: Request) -> Any:
        self._asking(request)
        body = await request.json()
        self.heard.append({"path": "appraise"} | body)
        if body["modality"] == "comment" and not body["comment"]:
            raise RefusedError(400, "There are no words to read.", "Write some, then ask again.")
        if body["modality"] == "signal":
            taps = len(body["taps_ms"])
            why = [f"{taps} taps, most of them near a beat.", "They grew stronger to the end."]
            return {"score_ppm": 742_000, "method": "energy-1", "why": why}
        why = ["“wonderful” counts 9 of 10.", "“long” counts 5 of 10."]
        return {"score_ppm": 700_000, "method": "lexicon-1", "why": why}

    async def hide(self, request: Request) -> Any:
        live, hidden = self._concert(request), (await request.json())["hidden"]
        for comment in live.comments:
            if comment["id"] == request.path_params["c"]:
                comment |= {"hidden": hidden}
        await self.tell(live)
        return self.view(live, OWNER)

    async def socket(self, socket: WebSocket) -> None:
        offered = [one.removeprefix("bearer.") for one in socket.scope["subprotocols"]]
        caller = next(filter(None, map(self.caller, offered)), "")
        if self.is_cut or not caller:
            await socket.close(1008)
            return
        await socket.accept("popd.v1")
        self.sockets[socket] = caller
        for live in self.known.values():
            await self.tell(live)
        try:
            while True:
                await self._hear(socket, caller, json.loads(await socket.receive_text()))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.pop(socket, None)

    async def _hear(self, socket: WebSocket, caller: str, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            await socket.send_json({"type": "pong", "t": message["t"], "now_us": self.now_us()})
            return
        self.heard.append(message)
        if self.is_deaf or message["type"] != "opinion":
            return
        try:
            await self._take_opinion(self.known[message["concert"]], caller, message)
        except RefusedError as refused:
            said = {"seq": message["seq"], "why": refused.why, "next": refused.next_step}
            await socket.send_json({"type": "refused"} | said)
        else:
            await socket.send_json({"type": "taken", "seq": message["seq"]})

    async def tell(self, live: Live) -> None:
        for socket, caller in list(self.sockets.items()):
            await self._send(socket, {"type": "concert", "concert": self.view(live, caller)})

    async def _send(self, socket: WebSocket, message: dict[str, Any]) -> None:
        try:
            await socket.send_json(message)
        except (WebSocketDisconnect, RuntimeError):
            self.sockets.pop(socket, None)

    async def pass_on(self, message: dict[str, Any]) -> None:
        """Frames of who is heard nearby are those of the concert too."""
        if message["type"] != "frame":
            return
        for socket in list(self.sockets):
            await self._send(socket, message)

    async def fake(self, request: Request) -> Response:
        query = request.query_params
        live = next(iter(self.known.values()), None)
        match request.path_params["what"]:
            case "begin":
                live = self._new(ADA, "Lights over the harbour", ["piano", "night"], 40)
                if query.get("jam"):
                    live.performers = [ADA | {"share_ppm": 600_000}, BELA | {"share_ppm": 400_000}]
            case "phase" if live:
                await self.go(live, query["to"])
            case "song" if live and self.nearby.nursery:
                live.first = live.live = SESSION
                live.song = "First Light"
                self.nearby.nursery.start_soon(self._perform, live)
            case "sung" if live:
                live.first, live.song = SESSION, "First Light"
            case "crowd" if live:
                live.fill(int(query["voices"]))
                felt = {"people": 7, "taps": 12, "energy_ppm": 640_000}
                for socket in list(self.sockets):
                    said = {"type": "felt", "concert": live.id} | felt
                    await self._send(socket, said)
            case "door" if live:
                live.door = self._door()
            case "mint" if live:
                live.mint(int(query.get("crowd", "31")))
            case "refuse":
                self.refusal = (query["why"], query["next"])
            case "shut-door":
                self.seats.clear()
                for one in self.known.values():
                    one.door = None
            case "forget-seats":
                self.seats.clear()
            case what:
                await self._trouble(what)
        if live:
            await self.tell(live)
        return JSONResponse({"heard": self.heard, "opinions": self.opinions,
                             "here": len(self.sockets), "seats": self.seats})  # fmt: skip

    async def _trouble(self, what: str) -> None:
        if what in {"deaf", "hearing"}:
            self.is_deaf = what == "deaf"
        if what in {"cut", "mend"}:
            self.is_cut = what == "cut"
        if what == "full":
            self.is_full = True
        if what in {"drop", "cut"}:
            for socket in list(self.sockets):
                await socket.close(1012)

    async def _perform(self, live: Live) -> None:
        with trio.CancelScope() as scope:
            live.performance = self.nearby.performance()
            self.nearby.scopes["concert"] = scope
            await self.tell(live)
            await self.nearby.perform(live.performance)
        live.live, live.performance = None, None
        await self.tell(live)


def teller() -> bytes:
    return bytes.fromhex(ME["id"])


def bearer_of(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def opinion_of(body: dict[str, Any], first: str) -> Opinion:
    """What a guest must have signed."""
    comment = None
    if body["comment"]:
        salt = bytes.fromhex(body["comment_salt"])
        comment = ContentId(tagged_digest("words", salt, body["comment"]))
    return Opinion(
        EntryId(bytes.fromhex(first)),
        IdentityId(bytes.fromhex(body["performer"])),
        Ppm(body["score_ppm"]),
        tuple(sorted(body["tags"])),
        Modality[body["modality"].upper()],
        body["method"],
        comment,
        bytes.fromhex(body["salt"]),
    )
