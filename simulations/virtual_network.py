"""A network of real nodes in virtual time, with the faults of a real one, the same for one seed."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Final, assert_never

from consensus.encoding import tagged_digest
from consensus.identifiers import ContentId, IdentityId, NodeKey
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.signing import Domain, public_key, sign
from consensus.statement import Statement, read_statement
from consensus.units import Microseconds
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
    MessageReceived,
    PeerConnected,
    PeerDisconnected,
    PlayJudged,
    SignatureMade,
    Started,
    Woke,
)
from popd.node.messages import to_bytes
from popd.node.messages.blobs import blob_parts
from popd.node.node import Node
from popd.node.notices import Notice
from popd.node.own_effects import Confide, Confided, ReadOwnBox, SayOwnBox, Unsign
from popd.node.own_words import read_word, word_bytes
from popd.node.pen_words import PenWord
from popd.node.sheet_effects import EditSheet, ReadSheet, SheetEffect, SheetEvent

BEGINNING_US = Microseconds(1_700_000_000_000_000)
"""When virtual time begins."""
RECEIVING = NodeSettings(takes_gifts=True)
"""Nobody is there to be asked."""
JUDGING_US = 20_000
"""How long judging takes."""
READ: Final = 2**14
"""Entries that are remembered as read: what one node understood, all do, so that a town of nodes
checks each signature once and holds each entry once."""

Judge = Callable[[JudgePlay], PlayJudged]
KeepSheet = Callable[[SheetEffect], SheetEvent]
Listener = Callable[["VirtualNode", Notice], None]

_key_of = lru_cache(maxsize=2**14)(public_key)


@lru_cache(maxsize=2**14)
def _node_key_of(seed: bytes, device: str) -> NodeKey:
    return NodeKey(public_key(tagged_digest("node", seed + device.encode())))


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong on the way."""

    latency_us: tuple[int, int] = (1_000, 5_000)
    """Shortest and longest way; the spread reorders messages."""
    loss: float = 0.0
    """Share of messages that are lost."""
    duplication: float = 0.0
    """Share of messages that arrive twice."""


@dataclass(slots=True)
class VirtualNode:
    """A node with its disk, which survives a crash."""

    name: str
    """For people."""
    seed: bytes
    """Of the identity's key."""
    settings: NodeSettings
    """The user's decisions."""
    device: str = ""
    """Which of its user's devices it is, where they have several."""
    clock_skew_us: int = 0
    """How far its clock is off."""
    node: Node | None = None
    """Running, or None while it is down."""
    disk: list[Statement] = field(default_factory=list)
    """Entries stored, in order."""
    blobs: dict[ContentId, bytes] = field(default_factory=dict)
    """Charts and evidence stored."""
    blob_times_ms: dict[ContentId, int] = field(default_factory=dict)
    """When each was stored."""
    notes: dict[str, bytes] = field(default_factory=dict)
    """What it wrote down."""
    wake: int = 0
    """Counts wishes to be woken; only the latest holds."""
    starts: int = 0
    """How often it was started."""
    parted: list[tuple[NodeKey, str]] = field(default_factory=list)
    """Peers that it parted from, and why."""
    notices: list[Notice] = field(default_factory=list)
    """What it told its user."""
    listeners: list[Listener] = field(default_factory=list)
    """Who hears that, besides those who hear everybody."""

    @property
    def identity(self) -> IdentityId:
        """Who it is for."""
        return IdentityId(_key_of(self.seed))

    @property
    def key(self) -> NodeKey:
        """How the network knows it."""
        return _node_key_of(self.seed, self.device)


class VirtualNetwork:
    """Nodes, messages on their way, and virtual time."""

    def __init__(
        self,
        params: NetworkParams,
        judge: Judge,
        seed: int,
        faults: Faults | None = None,
        keep_sheet: KeepSheet | None = None,
    ) -> None:
        """An empty network; everything that is left to chance follows from `seed`.

        `keep_sheet` reads and writes the sheets of rooms; without it nobody opens any.
        """
        self.params = params
        self.judge = judge
        self.keep_sheet = keep_sheet
        self.chance = Random(seed)
        self.faults = faults or Faults()
        self.now_us = BEGINNING_US
        self.nodes: dict[NodeKey, VirtualNode] = {}
        self.cut: set[frozenset[NodeKey]] = set()
        self.listeners: list[Listener] = []
        self.delivered = 0
        self.read = lru_cache(maxsize=READ)(read_statement)
        self.after_step: list[Callable[[VirtualNode], None]] = []
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._queued = 0

    def add(self, name: str, settings: NodeSettings | None = None) -> VirtualNode:
        """A new node, not yet started."""
        virtual = VirtualNode(name, tagged_digest("virtual", name), settings or RECEIVING)
        self.nodes[virtual.key] = virtual
        return virtual

    def add_companion(self, holder: VirtualNode, device: str) -> VirtualNode:
        """Another device of a node's user, which borrows the pen; not yet started."""
        settings = replace(holder.settings, pen_node=holder.key)
        virtual = VirtualNode(f"{holder.name}'s {device}", holder.seed, settings, device)
        self.nodes[virtual.key] = virtual
        return virtual

    def start(self, virtual: VirtualNode, known: Iterable[VirtualNode] | None = None) -> None:
        """Starts a node from its disk and connects it to those that it knows, if they run.

        Unless told otherwise it knows all.
        """
        virtual.starts += 1
        virtual.node = Node(
            self.params,
            virtual.settings,
            virtual.identity,
            virtual.key,
            tagged_digest("secret", virtual.seed + virtual.device.encode()),
            Random(self.chance.getrandbits(64)),
            virtual.disk,
            dict(virtual.notes),
        )
        virtual.node.admission.read = self.read
        self.give(virtual, Started())
        for other in self.nodes.values() if known is None else known:
            if other is not virtual and other.node is not None:
                self.connect(virtual, other)

    def crash(self, virtual: VirtualNode) -> None:
        """Stops a node at once; what is not on its disk is gone."""
        virtual.node = None
        virtual.wake += 1
        for other in self.nodes.values():
            if other is not virtual:
                self.give(other, PeerDisconnected(virtual.key))

    def connect(self, one: VirtualNode, other: VirtualNode) -> None:
        """Lets two nodes reach each other, unless the network is cut between them."""
        if frozenset({one.key, other.key}) not in self.cut:
            self.give(one, PeerConnected(other.key, Presence.SAME_LINK))
            self.give(other, PeerConnected(one.key, Presence.SAME_LINK))

    def partition(self, *groups: Sequence[VirtualNode]) -> None:
        """Cuts the network between groups; those who were connected are told."""
        for index, group in enumerate(groups):
            for other_group in groups[:index]:
                for one in group:
                    for other in other_group:
                        self.cut.add(frozenset({one.key, other.key}))
                        self._disconnect(one, other)

    def _disconnect(self, one: VirtualNode, other: VirtualNode) -> None:
        self.give(one, PeerDisconnected(other.key))
        self.give(other, PeerDisconnected(one.key))

    def heal(self) -> None:
        """Joins what was cut."""
        cut, self.cut = self.cut, set()
        for pair in sorted(sorted(pair) for pair in cut):
            one, other = (self.nodes[key] for key in pair)
            if one.node is not None and other.node is not None:
                self.connect(one, other)

    def give(self, virtual: VirtualNode, event: Event) -> None:
        """Hands a node an event now and carries out what it wants done."""
        if virtual.node is None:
            return
        effects = virtual.node.handle(event, Microseconds(self.now_us + virtual.clock_skew_us))
        for effect in effects:
            if isinstance(effect, Store):
                virtual.disk.extend(effect.statements)
            elif isinstance(effect, Forget):
                gone = set(effect.ids)
                virtual.disk[:] = [item for item in virtual.disk if item.id not in gone]
            elif isinstance(effect, KeepNote) and effect.data is not None:
                virtual.notes[effect.name] = effect.data
            elif isinstance(effect, KeepNote):
                virtual.notes.pop(effect.name, None)
        for effect in effects:
            self._carry_out(virtual, effect)
        for check in self.after_step:
            check(virtual)

    def later(self, time_us: int, action: Callable[[], None]) -> None:
        """Plans something for a time."""
        self._queued += 1
        heapq.heappush(self._queue, (time_us, self._queued, action))

    def run(self, seconds: float) -> None:
        """Lets virtual time pass."""
        end_us = self.now_us + int(seconds * 1_000_000)
        while self._queue and self._queue[0][0] <= end_us:
            time_us, _, action = heapq.heappop(self._queue)
            self.now_us = Microseconds(max(self.now_us, time_us))
            action()
        self.now_us = Microseconds(end_us)

    def digests(self) -> set[bytes]:
        """The different ledgers that running nodes have."""
        return {v.node.ledger.digest() for v in self.nodes.values() if v.node is not None}

    def _carry_out(self, virtual: VirtualNode, effect: Effect) -> None:
        match effect:
            case Send():
                self._deliver(virtual, self.nodes[effect.peer], effect.data)
            case Sign():
                is_entry = effect.domain is Domain.ENTRY
                assert not (is_entry and virtual.settings.is_companion), "it has no such key"
                seed = virtual.seed if effect.seed is None else effect.seed
                signature = sign(seed, self.params.name, effect.domain, effect.subject)
                self._back(virtual, 0, SignatureMade(effect.purpose, signature))
            case JudgePlay():
                result = self.judge(effect)
                self._back(virtual, JUDGING_US, result)
            case WakeAt():
                self._plan_waking(virtual, effect.time_us)
            case StoreBlob():
                virtual.blobs[effect.id] = effect.data
                virtual.blob_times_ms.setdefault(effect.id, self.now_us // 1_000)
            case LoadBlob():
                if effect.id in virtual.blobs:
                    self._back(virtual, 0, BlobLoaded(effect.id, virtual.blobs[effect.id]))
            case ServeBlob():
                for part in blob_parts(effect.id, virtual.blobs.get(effect.id), effect.offset):
                    self._deliver(virtual, self.nodes[effect.peer], to_bytes(part))
            case Part():
                virtual.parted.append((effect.peer, effect.why))
                self._disconnect(virtual, self.nodes[effect.peer])
            case Tell():
                virtual.notices.append(effect.notice)
                for listener in (*self.listeners, *virtual.listeners):
                    listener(virtual, effect.notice)
            case PruneBlobs():
                self._prune(virtual, effect)
            case ReadSheet() | EditSheet():
                if self.keep_sheet is not None:
                    self._back(virtual, 0, self.keep_sheet(effect))
            case DropBlobs():
                for blob in effect.ids:
                    virtual.blobs.pop(blob, None)
                    virtual.blob_times_ms.pop(blob, None)
            case Confide():
                self._back(virtual, 0, SayOwnBox(effect.peer, word_bytes(effect.word)))
            case ReadOwnBox():
                self._open(virtual, effect)
            case Store() | Forget() | KeepNote() | Unsign():
                pass
            case _:
                assert_never(effect)

    def _open(self, virtual: VirtualNode, effect: ReadOwnBox) -> None:
        """Boxes are not sealed here: whoever has the same keys understands them."""
        word = read_word(effect.data)
        if self.nodes[effect.peer].seed == virtual.seed and isinstance(word, PenWord):
            self._back(virtual, 0, Confided(effect.peer, word))

    def _prune(self, virtual: VirtualNode, effect: PruneBlobs) -> None:
        """Lets blobs go as `Database.prune_blobs` does."""
        times_ms = virtual.blob_times_ms
        total = sum(map(len, virtual.blobs.values()))
        for blob in sorted(times_ms.keys() - effect.needed, key=lambda blob: times_ms[blob]):
            if times_ms[blob] >= effect.before_ms and total <= effect.max_bytes:
                break
            del times_ms[blob]
            total -= len(virtual.blobs.pop(blob))

    def _deliver(self, sender: VirtualNode, receiver: VirtualNode, data: bytes) -> None:
        if self.cut and frozenset({sender.key, receiver.key}) in self.cut:
            return
        copies = 1 + (self.chance.random() < self.faults.duplication)
        if self.chance.random() < self.faults.loss:
            copies -= 1
        for _ in range(copies):
            way_us = self.chance.randint(*self.faults.latency_us)
            self._back(receiver, way_us, MessageReceived(sender.key, data))

    def _back(self, virtual: VirtualNode, delay_us: int, event: Event) -> None:
        starts = virtual.starts

        def hand_over() -> None:
            if virtual.starts == starts:
                self.delivered += isinstance(event, MessageReceived)
                self.give(virtual, event)

        self.later(self.now_us + delay_us, hand_over)

    def _plan_waking(self, virtual: VirtualNode, time_us: int) -> None:
        virtual.wake += 1
        wish = virtual.wake

        def wake() -> None:
            if virtual.wake == wish:
                self.give(virtual, Woke())

        self.later(max(self.now_us, time_us - virtual.clock_skew_us), wake)
