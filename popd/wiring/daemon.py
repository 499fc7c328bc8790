"""The runtime of a node: events in one at a time, effects out, and nothing before it is stored."""

import math
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from random import SystemRandom  # noqa: TID251 (this is where chance comes in)
from typing import Final, assert_never

import structlog
import trio

from consensus.anomaly.copies.library import Library
from consensus.anomaly.history import Histories, shipped_axes
from consensus.identifiers import ContentId, IdentityId, NodeKey
from consensus.parameters import NETWORKS
from consensus.signing import public_key
from consensus.statement import read_statement
from consensus.units import Microseconds
from game.shelf import Shelf
from popd.clock import Clock
from popd.config import Home, Settings, receives
from popd.net.network import Network
from popd.node.context import NodeSettings
from popd.node.effects import (
    DropBlobs,
    Effect,
    Forget,
    JudgePlay,
    KeepNote,
    LoadBlob,
    Part,
    PruneBlobs,
    Send,
    ServeBlob,
    Sign,
    Store,
    StoreBlob,
    Tell,
    WakeAt,
)
from popd.node.events import (
    BlobLoaded,
    Event,
    PinsChanged,
    PlayJudged,
    Started,
    TakeGifts,
    Woke,
)
from popd.node.messages import to_bytes
from popd.node.messages.blobs import blob_parts
from popd.node.node import Node
from popd.node.notices import ChainRestored, Notice
from popd.node.own_effects import Confide, ReadOwnBox, Unsign
from popd.node.sheet_effects import EditSheet, ReadSheet
from popd.node.stock import StoreSizes
from popd.own_notes import OwnNotes
from popd.reports import EdgeReport
from popd.rooms.keeping import keep_sheet
from popd.storage.database import Database
from popd.wiring.comparing import LIBRARY_BYTES, Memory, author_of, examined, take_up_known
from popd.wiring.devices import Devices
from popd.wiring.inbox import Inbox
from popd.wiring.keyholder import KeyHolder
from popd.wiring.outcome import dropped_in_the_end, kept_in_the_end, noted_in_the_end
from popd.wiring.own import OwnKeeper
from popd.wiring.own_channel import Surroundings
from popd.wiring.trusting import keep_trusting
from wallet.devices import BorrowedPen
from wallet.keyring import Keyring

BATCH_US: Final = 20_000
"""How long events are handled before their effects are stored and carried out: others wait."""
MAX_NOTICES: Final = 4_096
"""Notices that a listener may lag behind before it is cut off."""

log = structlog.get_logger()


class RunningDaemon:
    """A node with everything around it."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        keyring: Keyring,
        database: Database,
        shelf: Shelf,
        pen: BorrowedPen | None = None,
    ) -> None:
        """A daemon that does not run yet; reads its ledger from the store.

        `pen` is whose pen it borrows; None where it has its own.
        """
        self.home = home
        self.settings = settings
        self.params = NETWORKS[settings.network]
        self._own = OwnKeeper(home.own, SystemRandom())
        self.keys = KeyHolder(settings.network, home.keys, keyring)
        self._database = database
        self.shelf = shelf
        self._clock = Clock()
        self.inbox = Inbox()
        self.network = Network(
            self.params,
            keyring.node_key_seed,
            self.now_us,
            self.give,
            is_relay=settings.is_relay,
            uses_mdns=settings.finds_nearby,
            uses_table=settings.finds_far,
            is_crowded=self.inbox.is_crowded,
        )
        identity = IdentityId(public_key(keyring.identity_seed) if pen is None else pen.identity)
        self.node = Node(
            self.params,
            NodeSettings(
                name=settings.name,
                is_automated=settings.is_automated,
                is_witness=settings.is_witness,
                pen_node=None if pen is None else NodeKey(pen.node),
                takes_gifts=receives(settings, self._own.notes) == "all",
                is_restored=home.keys.restored.exists(),
                store_bytes=settings.store_mb * 1_000_000,
                blob_bytes=settings.blobs_mb * 1_000_000,
                pinned=database.pins(),
            ),
            identity,
            self.network.key,
            keyring.node_secret,
            SystemRandom(),
            (
                read_statement(wire, self.params.name, is_signature_known=True)
                for wire in database.wires()
            ),
            database.notes(),
        )
        self.devices = Devices(
            self._surroundings(),
            self.keys,
            identity,
            pen,
            self._own,
            settings.name,
            self._go_by_own,
        )
        self._is_shrinking = False
        self._wake_us: float = math.inf
        self._wake_changed = trio.Event()
        self._listeners: set[trio.MemorySendChannel[Notice]] = set()
        self._judging = trio.CapacityLimiter(1)
        self._memory = Memory(Library(max_bytes=LIBRARY_BYTES), Histories(shipped_axes()))
        self._stopping = trio.Event()
        self._nursery: trio.Nursery | None = None

    @property
    def addresses(self) -> Sequence[str]:
        """Where peers reach it."""
        return self.network.addresses

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            self.params.name,
            self.network.key,
            self.now_us,
            self.give,
            lambda: self.node.context.peers,
            lambda: self.network.addresses,
            self.network.remember,
        )

    def _go_by_own(self) -> None:
        """Another device changed what the user keeps for themselves."""
        self.give(TakeGifts(is_on=receives(self.settings, self.own) == "all"))

    def edge(self) -> EdgeReport:
        """The network around it, and what waits."""
        return EdgeReport(
            network=self.network.state(),
            peers=self.network.report(),
            waiting_events=len(self.inbox),
            waiting_bytes=self.inbox.waiting_bytes,
            dropped_messages=self.inbox.dropped,
            free_bytes=shutil.disk_usage(self.home.path).free,
        )

    def now_us(self) -> Microseconds:
        """The daemon's clock, since 1970."""
        return self._clock.now_us()

    def give(self, event: Event) -> None:
        """Hands the node an event; what it does follows later."""
        self.inbox.put(event)

    @contextmanager
    def notices(self) -> Iterator[trio.MemoryReceiveChannel[Notice]]:
        """All notices while the context is open; a listener that lags too far is cut off."""
        sender, receiver = trio.open_memory_channel[Notice](MAX_NOTICES)
        self._listeners.add(sender)
        try:
            with receiver:
                yield receiver
        finally:
            self._listeners.discard(sender)
            sender.close()

    async def blob(self, blob: ContentId) -> bytes | None:
        """A chart or evidence from the store."""
        return await trio.to_thread.run_sync(self._database.blob, blob)

    async def store_sizes(self) -> StoreSizes:
        """What the file of the ledger holds."""
        return await trio.to_thread.run_sync(self._database.sizes)

    @property
    def own(self) -> OwnNotes:
        """What the user keeps for themselves."""
        return self._own.notes

    async def keep_own(self, place: str, key: str, text: str) -> None:
        """Keeps a text in one of the maps of `own`, or forgets it where it is empty.

        Raises NotKeptError where it can't be kept.
        """
        await self._own.keep(place, key, text)

    async def keep_all_own(self, place: str, texts: Mapping[str, str]) -> None:
        """The same of several texts, all or none."""
        await self._own.keep_all(place, texts)

    async def pin(self, pinned: frozenset[IdentityId]) -> None:
        """From now on everything is kept of these people, and of nobody else for this reason."""
        await trio.to_thread.run_sync(self._database.set_pins, pinned)
        self.give(PinsChanged(pinned))

    def stop(self) -> None:
        """Ends the daemon in good order."""
        self._stopping.set()

    async def wait_stopped(self) -> None:
        """Waits until somebody asked it to stop."""
        await self._stopping.wait()

    async def run(self) -> None:
        """Runs the node until cancelled."""
        self.give(Started())
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            nursery.start_soon(self._keep_waking)
            nursery.start_soon(self.devices.run)
            nursery.start_soon(keep_trusting, self.node, self.give, self.now_us)
            known = (self.node.ledger, self._database.blob, self._memory, self._judging)
            nursery.start_soon(take_up_known, *known)
            while True:
                await self.inbox.wait_filled()
                await self._handle_batch()

    async def _handle_batch(self) -> None:
        """Handles what waits, keeps it, and only then carries out what others can see."""
        effects: list[Effect] = []
        end_us = self.now_us() + BATCH_US
        while self.inbox and self.now_us() < end_us:
            for effect in self.node.handle(self.inbox.take(), self.now_us()):
                if isinstance(effect, Sign):
                    made = self.devices.signed(effect)
                    if made is not None:
                        self.inbox.put_first(made)
                elif isinstance(effect, Unsign):
                    self.keys.unsign(effect)
                else:
                    effects.append(effect)
        await self._keep(effects)
        for effect in effects:
            self._carry_out(effect)
        await trio.lowlevel.checkpoint()

    async def _keep(self, effects: list[Effect]) -> None:
        stored, forgotten = kept_in_the_end(effects)
        blobs = [(e.id, e.data) for e in effects if isinstance(e, StoreBlob)]
        notes, dropped = noted_in_the_end(effects), dropped_in_the_end(effects)
        if stored or blobs or forgotten or notes or dropped:
            now_ms = self.now_us() // 1_000
            write = partial(self._database.write, stored, blobs, now_ms, forgotten, notes, dropped)
            await trio.to_thread.run_sync(write)
        pruned = [effect for effect in effects if isinstance(effect, PruneBlobs)]
        for effect in pruned:
            await trio.to_thread.run_sync(
                self._database.prune_blobs, effect.before_ms, effect.needed, effect.max_bytes
            )
        if forgotten or pruned or self._is_shrinking:
            self._is_shrinking = await trio.to_thread.run_sync(self._database.shrink)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Send():
                self.network.send(effect.peer, effect.data, is_live=effect.is_live)
            case JudgePlay():
                self._start(partial(self._judge, effect))
            case WakeAt():
                self._wake_us = effect.time_us
                self._wake_changed.set()
            case LoadBlob():
                self._start(partial(self._load, effect))
            case ServeBlob():
                self._start(partial(self._serve, effect))
            case Part():
                log.warning("parted", peer=effect.peer.hex(), why=effect.why)
                self.network.part(effect.peer, effect.ban_ms / 1_000)
            case Tell():
                self._tell(effect.notice)
            case ReadSheet() | EditSheet():
                self.give(keep_sheet(effect))
            case ReadOwnBox():
                self.devices.read(effect.peer, effect.data)
            case Confide():
                self.devices.tell(effect.peer, effect.word)
            case (
                Store()
                | Forget()
                | StoreBlob()
                | PruneBlobs()
                | Sign()
                | Unsign()
                | DropBlobs()
                | KeepNote()
            ):
                pass
            case _:
                assert_never(effect)

    def _start(self, task: Callable[[], object]) -> None:
        assert self._nursery is not None
        self._nursery.start_soon(task)  # type: ignore[arg-type]

    async def _judge(self, effect: JudgePlay) -> None:
        author = author_of(self.node.ledger, effect.evidence.session)
        metrics, advice = await trio.to_thread.run_sync(
            examined, self._memory, author, effect, limiter=self._judging
        )
        self.give(
            PlayJudged(effect.purpose, metrics, advice.anomaly_ppm, advice.reasons, advice.model)
        )

    async def _load(self, effect: LoadBlob) -> None:
        data = await self.blob(effect.id)
        if data is not None:
            self.give(BlobLoaded(effect.id, data))

    async def _serve(self, effect: ServeBlob) -> None:
        data = await self.blob(effect.id)
        for part in blob_parts(effect.id, data, effect.offset):
            self.network.send(effect.peer, to_bytes(part))

    def _tell(self, notice: Notice) -> None:
        if isinstance(notice, ChainRestored):
            self.home.keys.restored.unlink(missing_ok=True)
        log.info("notice", kind=type(notice).__name__, notice=str(notice)[:300])
        for listener in list(self._listeners):
            try:
                listener.send_nowait(notice)
            except (trio.WouldBlock, trio.BrokenResourceError):
                self._listeners.discard(listener)
                listener.close()

    async def _keep_waking(self) -> None:
        """Gives `Woke` at the time that the node last asked for."""
        while True:
            self._wake_changed = trio.Event()
            delay_s = (self._wake_us - self.now_us()) / 1_000_000
            with trio.move_on_after(max(0.0, delay_s)):
                await self._wake_changed.wait()
                continue
            self._wake_us = math.inf
            self.give(Woke())
