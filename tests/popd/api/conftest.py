"""A daemon around a real node in a virtual network, with time that jumps while everybody waits."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from random import Random

import httpx
import pytest
import trio

from consensus.identifiers import ContentId, IdentityId
from consensus.parameters import PRACTICE
from consensus.units import Microseconds
from popd.api.app import application
from popd.api.desk import Desk, desk_for
from popd.api.guard import guarded
from popd.api.server import serve_api
from popd.api.wallet_receiving import keep_receiving
from popd.config import Home, Settings
from popd.node.context import NodeSettings
from popd.node.events import Event, PinsChanged
from popd.node.node import Node
from popd.node.notices import Notice
from popd.node.stock import StoreSizes
from popd.reports import EdgeReport, NetworkReport
from popd.rooms.keeping import keep_sheet
from popd.storage.shelf import open_shelf
from popd.wiring.devices import Devices
from popd.wiring.keyholder import KeyHolder
from popd.wiring.own import OwnKeeper
from popd.wiring.own_channel import Surroundings
from simulations import scribe
from simulations.players import judge_play
from simulations.stories import Story, village
from simulations.virtual_network import VirtualNetwork, VirtualNode
from tests.jumping import run_jumping
from wallet.keyring import keyring_of

TOKEN = "t" * 43
PORT = 8771
HOST = f"127.0.0.1:{PORT}"
STEP_S = 0.02
NOTICES = 256


QUIET = NetworkReport(
    listening=("/ip4/127.0.0.1/tcp/4001",),
    peers=0,
    inbound=0,
    half_open=0,
    refused=0,
    banned=0,
    known_peers=0,
    dials=0,
    failures=(),
    mdns="only loopback is listened on",
    table="off",
    table_peers=0,
    relays=(),
    circuits=0,
)


class VirtualDaemon:
    """What the API asks of a daemon, around one node of a virtual network."""

    settings = Settings()
    addresses = ("/ip4/127.0.0.1/tcp/4001",)

    def __init__(self, network: VirtualNetwork, virtual: VirtualNode, home: Home) -> None:
        self.network = network
        self.virtual = virtual
        self.home = home
        self.shelf = open_shelf(home.shelf)
        self.keys = KeyHolder("practice", home.keys, keyring_of(virtual.seed))
        self.stopped = trio.Event()
        self.given: list[Event] = []
        self._listeners: list[trio.MemorySendChannel[Notice]] = []
        self._keeper = OwnKeeper(home.own, Random(5))
        self.own = self._keeper.notes
        self.devices = Devices(
            Surroundings(
                "practice",
                virtual.key,
                self.now_us,
                self.give,
                lambda: self.node.context.peers,
                lambda: self.addresses,
                lambda addresses: None,
            ),
            self.keys,
            virtual.identity,
            None,
            self._keeper,
            "desk",
            lambda: None,
        )
        network.listeners.append(self._tell)

    @property
    def node(self) -> Node:
        assert self.virtual.node is not None
        return self.virtual.node

    def edge(self) -> EdgeReport:
        return EdgeReport(QUIET, (), 0, 0, 0, 1_000_000_000)

    def now_us(self) -> Microseconds:
        return self.network.now_us

    def give(self, event: Event) -> None:
        self.given.append(event)
        self.network.give(self.virtual, event)

    @contextmanager
    def notices(self) -> Iterator[trio.MemoryReceiveChannel[Notice]]:
        sender, receiver = trio.open_memory_channel[Notice](NOTICES)
        self._listeners.append(sender)
        try:
            with sender, receiver:
                yield receiver
        finally:
            if sender in self._listeners:
                self._listeners.remove(sender)

    async def blob(self, blob: ContentId) -> bytes | None:
        return self.virtual.blobs.get(blob)

    async def store_sizes(self) -> StoreSizes:
        sizes = [len(item.wire) for item in self.virtual.disk]
        blobs = self.virtual.blobs.values()
        return StoreSizes(len(sizes), sum(sizes), len(blobs), sum(map(len, blobs)), 4_096, 0)

    async def keep_own(self, place: str, key: str, text: str) -> None:
        self.own = await self._keeper.keep(place, key, text)

    async def keep_all_own(self, place: str, texts: Mapping[str, str]) -> None:
        self.own = await self._keeper.keep_all(place, texts)

    async def pin(self, pinned: frozenset[IdentityId]) -> None:
        self.give(PinsChanged(pinned))

    def stop(self) -> None:
        self.stopped.set()

    async def run(self) -> None:
        while True:
            self.network.run(STEP_S)
            await trio.sleep(STEP_S)

    def _tell(self, virtual: VirtualNode, notice: Notice) -> None:
        if virtual is not self.virtual:
            return
        for listener in list(self._listeners):
            try:
                listener.send_nowait(notice)
            except trio.WouldBlock:
                listener.close()
                self._listeners.remove(listener)


def daemon_of(story: Story, name: str, home: Path, neighbours: int = 0) -> VirtualDaemon:
    """A daemon whose user is an author of the story, with practice neighbours around."""
    network = VirtualNetwork(PRACTICE, judge_play, seed=7, keep_sheet=keep_sheet)
    network.now_us = Microseconds((story.now_ms + 60_000) * 1_000)
    author = scribe.author(name)
    virtual = VirtualNode(name, author.seed, NodeSettings(name="Ann"), disk=list(story.told))
    network.nodes[virtual.key] = virtual
    others = [
        network.add(f"n{number}", NodeSettings(name=f"Neighbour {number}", is_automated=True))
        for number in range(neighbours)
    ]
    for node in (virtual, *others):
        network.start(node)
    network.run(1)
    return VirtualDaemon(network, virtual, Home(home))


class PlaySocket:
    """A WebSocket client that speaks ASGI to an application."""

    def __init__(self, sent: trio.MemorySendChannel, heard: trio.MemoryReceiveChannel) -> None:
        self._sent = sent
        self._heard = heard

    async def send(self, **message: object) -> None:
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        await self._sent.send({"type": "websocket.receive", "text": text})

    async def receive(self) -> dict:
        with trio.fail_after(300):
            event = await self._heard.receive()
        return json.loads(event["text"]) if event["type"] == "websocket.send" else event

    async def until(self, kind: str) -> dict:
        while True:
            message = await self.receive()
            if message["type"] == kind:
                return message

    async def close(self) -> None:
        await self._sent.send({"type": "websocket.disconnect", "code": 1001})


class Backstage:
    """The guarded application of one daemon, and ways to speak to it."""

    def __init__(self, daemon: VirtualDaemon, client: Path) -> None:
        self.daemon = daemon
        self.desk: Desk = desk_for(daemon, client, TOKEN)
        self.app = guarded(application(self.desk), self.desk.tokens, {HOST, f"localhost:{PORT}"})

    def http(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        given = {"Authorization": f"Bearer {TOKEN}", **headers}
        kept = {name: value for name, value in given.items() if value}
        return httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", headers=kept)

    async def follow(self) -> None:
        with self.daemon.notices() as notices:
            async for notice in notices:
                self.desk.stage.note(notice)

    @asynccontextmanager
    async def socket(
        self,
        host: str = HOST,
        origin: str = f"http://{HOST}",
        subprotocols: tuple[str, ...] = ("popd.v1", f"bearer.{TOKEN}"),
        path: str = "/api/v1/play",
    ) -> AsyncIterator[tuple[dict, PlaySocket]]:
        """A socket, with the first event that the application answered."""
        to_app, app_hears = trio.open_memory_channel(100)
        app_says, from_app = trio.open_memory_channel(1_000)
        scope = {
            "type": "websocket",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"host", host.encode()), (b"origin", origin.encode())],
            "subprotocols": list(subprotocols),
            "extensions": {"websocket.http.response": {}},
        }
        await to_app.send({"type": "websocket.connect"})
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.app, scope, app_hears.receive, app_says.send)
            yield await from_app.receive(), PlaySocket(to_app, from_app)
            await to_app.send({"type": "websocket.disconnect", "code": 1001})


Scene = Callable[[Backstage], Awaitable[None]]


@pytest.fixture
def client_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "client"
    (folder / "vendor").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>popd</title>")
    (folder / "app.js").write_text("export const a = 1;")
    (folder / "style.css").write_text("body {}")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "vendor" / "font.woff2").write_bytes(b"wOF2")
    (folder / "vendor" / "notes.txt").write_text("not for the page")
    (folder / "words.json").write_text("{}")
    (tmp_path / "secret.js").write_text("secret")
    (folder / "link.js").symlink_to(tmp_path / "secret.js")
    return folder


@pytest.fixture
def perform(tmp_path: Path, client_folder: Path) -> Callable[..., None]:
    """Runs a scene against the daemon of `a` of the village, in jumping time."""

    def run(scene: Scene, *, neighbours: int = 0, name: str = "a") -> None:
        async def main() -> None:
            daemon = daemon_of(village(), name, tmp_path, neighbours)
            backstage = Backstage(daemon, client_folder)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(daemon.run)
                nursery.start_soon(backstage.follow)
                nursery.start_soon(backstage.desk.open_imports)
                nursery.start_soon(keep_receiving, backstage.desk)
                await trio.testing.wait_all_tasks_blocked()
                await scene(backstage)
                nursery.cancel_scope.cancel()

        run_jumping(main)

    return run


@pytest.fixture
def real_daemon(tmp_path: Path) -> Callable[[], VirtualDaemon]:
    """A lone daemon for tests in real time."""
    return partial(daemon_of, village(), "a", tmp_path)


SERVED_TOKEN = "s" * 43


@pytest.fixture
def serve(real_daemon: Callable[[], VirtualDaemon], client_folder: Path) -> Callable[..., None]:
    """Runs a scene against the real server of a lone daemon, in real time."""

    def run(scene: Callable[[VirtualDaemon, str], Awaitable[None]]) -> None:
        async def main() -> None:
            daemon = real_daemon()
            with trio.fail_after(30):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(daemon.run)
                    start = partial(
                        serve_api, daemon, port=0, token=SERVED_TOKEN, client=client_folder
                    )
                    await scene(daemon, await nursery.start(start))
                    nursery.cancel_scope.cancel()
            assert not daemon.home.socket.exists()

        trio.run(main)

    return run
