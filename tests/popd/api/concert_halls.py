"""A concert over HTTP: Ann performs, Ben listens and lets phones in, neighbours witness."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import trio

from consensus.encoding import tagged_digest
from consensus.entries.appreciation import Modality, Opinion, opinion_digest
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import PRACTICE
from consensus.signing import Domain, public_key, sign
from consensus.units import Ppm
from game.charts.songs import SONGS
from popd.api.app import application
from popd.api.hall_socket import keep_hall
from popd.api.knocks import Knocks
from popd.api.lan import Lan
from popd.config import Home
from popd.node.context import NodeSettings
from popd.node.messages.concerts import content_id
from simulations.stories import village
from tests.jumping import run_jumping
from tests.popd.api.conftest import HOST, TOKEN, Backstage, PlaySocket, VirtualDaemon, daemon_of

API = "/api/v1"
SONG = next(iter(SONGS))
SALT, COMMENT_SALT = "5a" * 16, "c0" * 16


@dataclass
class Place:
    """One daemon with its page, and the door that it opens for phones."""

    stage: Backstage

    @property
    def me(self) -> str:
        """Its user."""
        return self.stage.desk.context.identity.hex()

    async def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """What the owner's page is answered."""
        async with self.stage.http() as http:
            content = None if body is None else json.dumps(body)
            answer = await http.request(method, API + path, content=content, timeout=None)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        return await self.ask("GET", path)

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return await self.ask("POST", path, body or {}, status)

    async def until(self, concert: str, holds: Callable[[dict], bool], within_s: int = 600) -> dict:
        """The concert as the owner sees it, once it is known here and so."""
        with trio.fail_after(within_s):
            while True:
                known = (await self.get("/concerts"))["concerts"]
                found = [seen for seen in known if seen["id"] == concert and holds(seen)]
                if found:
                    return dict(found[0])
                await trio.sleep(0.2)

    @asynccontextmanager
    async def socket(self, token: str = TOKEN) -> AsyncIterator[tuple[dict, PlaySocket]]:
        """A page of the owner that listens."""
        offered = ("popd.v1", f"bearer.{token}")
        path = f"{API}/concert"
        async with self.stage.socket(HOST, subprotocols=offered, path=path) as opened:
            yield opened


class Phone:
    """A guest, with a key of their own and an address in the host's network."""

    def __init__(self, place: Place, name: str, address: str = "") -> None:
        self.place = place
        self.seed = tagged_digest("phone", name)
        self.key = public_key(self.seed)
        self.address = address or f"10.0.0.{self.key[0]}.{name}"
        self.token = ""
        self.knock: dict[str, str] = {}

    @property
    def door(self) -> Any:
        """The guarded application that phones reach."""
        return self.place.stage.desk.lan

    async def ask(
        self, method: str, path: str, body: Any = None, token: str | None = None
    ) -> httpx.Response:
        """A request through the door, with the own token or another."""
        transport = httpx.ASGITransport(self.door.guarded, client=(self.address, 5_000))
        shown = self.token if token is None else token
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        base = self.door.address.rstrip("/") or "http://127.0.0.1:1"
        content = body if isinstance(body, str | bytes) else json.dumps(body or {})
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as http:
            return await http.request(method, API + path, content=content, timeout=None)

    async def about(self, bearer: str) -> Any:
        """What the door says of itself."""
        answer = await self.ask("GET", "/guest", token=bearer)
        return answer.json() if answer.is_success else answer

    async def join(self, bearer: str) -> httpx.Response:
        """Comes in, with the secret or the code."""
        about = await self.about(bearer)
        if isinstance(about, httpx.Response):
            return about
        concert, host = bytes.fromhex(about["concert"]), bytes.fromhex(about["teller"])
        challenge = about["challenge"]
        subject = tagged_digest("door", concert, host, self.key, bytes.fromhex(challenge))
        signature = sign(self.seed, about["network"], Domain.GUEST, subject)
        body = {"key": self.key.hex(), "challenge": challenge, "signature": signature.hex()}
        self.knock = body
        answer = await self.ask("POST", "/guest", body, token=bearer)
        if answer.is_success:
            self.token = answer.json()["token"]
        return answer

    def says(self, seen: dict, score_ppm: int, comment: str = "", **changes: Any) -> dict:
        """An opinion of the gatherer, signed for what is shown."""
        performer = changes.pop("performer", seen["gatherer"]["id"])
        said = Opinion(
            session=EntryId(bytes.fromhex(seen["first"] or "00" * 32)),
            performer=IdentityId(bytes.fromhex(performer)),
            score_ppm=Ppm(score_ppm),
            tags=("joy",),
            modality=Modality.MANUAL,
            method="",
            comment=content_id(bytes.fromhex(COMMENT_SALT), comment) if comment else None,
            salt=bytes.fromhex(SALT),
        )
        digest = opinion_digest(said, IdentityId(bytes.fromhex(seen["teller"])), self.key)
        body = {
            "performer": performer,
            "score_ppm": score_ppm,
            "tags": ["joy"],
            "comment": comment,
            "salt": SALT,
            "comment_salt": COMMENT_SALT,
            "signature": sign(self.seed, PRACTICE.name, Domain.GUEST, digest).hex(),
        }
        return body | changes

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[tuple[dict, PlaySocket]]:
        """A page that listens, through the door."""
        stage, host = self.place.stage, self.door.address.removeprefix("http://").rstrip("/")
        through = Backstage.__new__(Backstage)
        through.daemon, through.desk, through.app = stage.daemon, stage.desk, self.door.guarded
        offered = ("popd.v1", f"bearer.{self.token}")
        path = f"{API}/concert"
        async with through.socket(host, f"http://{host}", offered, path) as opened:
            yield opened


class StandInLan(Lan):
    """The second door without a server: what it would serve is spoken to directly."""

    guarded: Any = None

    async def _keep(self, app: Any, bound: Any, *, task_status: Any) -> None:
        self.guarded = app
        task_status.started()
        with bound:
            await trio.sleep_forever()


def lan_of(stage: Backstage, nursery: trio.Nursery) -> StandInLan:
    """A door for the phones of one daemon."""
    desk, knocks = stage.desk, Knocks(stage.daemon.now_us)
    found = StandInLan(application(desk), desk.tokens, nursery, _unserved, 0, knocks)
    found.serve = found._keep
    return found


async def restart(place: Place, nursery: trio.Nursery) -> None:
    """The page's side of a daemon begins anew; what the node wrote down is there."""
    stage = place.stage
    lan = stage.desk.lan
    assert lan is not None
    if lan._scope is not None:
        lan._scope.cancel()
    await trio.testing.wait_all_tasks_blocked()
    place.stage = Backstage(stage.daemon, stage.desk.client)
    place.stage.desk.lan = lan_of(place.stage, nursery)


async def _unserved(*_: Any, **__: Any) -> None:
    raise AssertionError("it is never served so")


Scene = Callable[[Place, Place], Awaitable[None]]


def run_evening(scene: Scene, folder: Path, client: Path, witnesses: int = 3) -> None:
    """Runs a scene for Ann, who performs, and Ben, who lets phones in, in jumping time."""

    async def main() -> None:
        ann = daemon_of(village(), "a", folder / "ann", neighbours=witnesses)
        virtual = ann.network.add("ben", NodeSettings(name="Ben"))
        virtual.clock_skew_us = 0
        ann.network.start(virtual)
        ann.network.run(1)
        ben = VirtualDaemon(ann.network, virtual, Home(folder / "ben"))
        stages = [Backstage(daemon, client) for daemon in (ann, ben)]
        for stage in stages:
            await stage.desk.library.own_abouts()  # made once: time would jump meanwhile
        async with trio.open_nursery() as nursery:
            nursery.start_soon(ann.run)
            for stage in stages:
                stage.desk.lan = lan_of(stage, nursery)
                nursery.start_soon(stage.follow)
                nursery.start_soon(keep_hall, stage.desk)
            await trio.testing.wait_all_tasks_blocked()
            await scene(*map(Place, stages))
            nursery.cancel_scope.cancel()

    for name in ("ann", "ben"):
        (folder / name).mkdir()
    run_jumping(main)


@asynccontextmanager
async def music(place: Place) -> AsyncIterator[trio.Event]:
    """A machine plays meanwhile; the event says that it is over and all is decided."""
    over = trio.Event()

    async def play() -> None:
        await place.post("/autoplay", {"song": SONG, "bot": "human_like", "seed": 3})
        over.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(play)
        yield over
        nursery.cancel_scope.cancel()


async def announced(band: Place, **changes: Any) -> str:
    """A concert that everybody knows; its id."""
    body = {"name": "First light", "tags": ["jazz"], "expected": 20} | changes
    return str((await band.post("/concerts", body))["id"])


async def opened(band: Place, host: Place, concert: str) -> dict:
    """The first song is on and the rating open, as the host sees it."""
    await band.until(concert, lambda seen: seen["first"] is not None)
    await band.post(f"/concerts/{concert}/phase", {"phase": "open"})
    return await host.until(concert, lambda seen: seen["phase"] == "open")


async def door_of(place: Place, concert: str) -> tuple[str, str]:
    """The door is opened; its secret and its code."""
    await place.until(concert, bool)
    seen = await place.post(f"/concerts/{concert}/door", {"address": "127.0.0.1"})
    return seen["door"]["url"].rpartition("=")[2], seen["door"]["code"]
