"""Rogues: peers on a real network that say to one node whatever they like."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final, TypeVar

import trio

from consensus.encoding import tagged_digest
from consensus.identifiers import NodeKey
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from consensus.units import Microseconds
from popd.net.link import Link
from popd.net.network import Network
from popd.node.events import Event, MessageReceived, PeerConnected, PeerDisconnected
from popd.node.messages import Message, from_bytes, to_bytes
from simulations.scribe import author, begin

T = TypeVar("T")

CROWD: Final = 10_000
"""Identities that one rogue makes up."""
LONG: Final = 5_000
"""Entries of one chain that nobody asked for."""
BATCH: Final = 256
BURST: Final = 50
"""Messages said between two breaths: other tasks of the process have their turns."""
MOST_WAITING: Final = 4_000_000
"""Bytes that a flood is ahead of its reader: much more, and the rogue would cut itself off."""


class Rogue:
    """A network that dials one node, and what that node says to it."""

    def __init__(self, name: str, victim: str) -> None:
        """`victim` is the address of the node under attack."""
        self.seed = tagged_digest("rogue", name, secrets.token_bytes(8))
        self.network = Network(PRACTICE, self.seed, now_us, self._hear, uses_mdns=False)
        self.victim = victim
        self.peer: NodeKey | None = None
        self.meetings = 0
        self.on_message: Callable[[Message], None] = lambda message: None
        self._changed = trio.Event()

    async def run(self, task_status: Any = trio.TASK_STATUS_IGNORED) -> None:
        """Runs until cancelled, and keeps trying to reach the victim."""
        await self.network.run(["/ip4/127.0.0.1/tcp/0"], [self.victim], task_status)

    async def wait_met(self) -> NodeKey:
        """Waits until the victim is there."""
        while self.peer is None:
            await self._changed.wait()
        return self.peer

    async def wait_read(self) -> None:
        """Waits until the victim is there and has read most of what was said."""
        await trio.sleep(0.01)
        await self.wait_met()
        while self.waiting_bytes > MOST_WAITING:  # noqa: ASYNC110 (no event tells)
            await trio.sleep(0.01)

    @property
    def waiting_bytes(self) -> int:
        """What the victim has not acknowledged."""
        return sum(peer.traffic.kept_bytes for peer in self.network.report())

    def say(self, *messages: Message) -> None:
        """Says something to the victim, if it is there."""
        for message in messages:
            self.say_bytes(to_bytes(message))

    def say_bytes(self, data: bytes) -> None:
        """The same with bytes that need not be a message."""
        if self.peer is not None:
            self.network.send(self.peer, data)

    def links(self) -> list[Link]:
        """The paths to the victim."""
        peerings = self.network._switchboard.peerings
        paths = [] if self.peer is None else peerings[self.peer].paths
        return [path for path in paths if isinstance(path, Link)]

    async def write_raw(self, data: bytes) -> None:
        """Writes bytes below all framing."""
        await self.wait_met()
        for link in self.links():
            await link.write(data)

    def _hear(self, event: Event) -> None:
        if isinstance(event, PeerConnected):
            self.peer = event.peer
            self.meetings += 1
        elif isinstance(event, PeerDisconnected):
            self.peer = None
        elif isinstance(event, MessageReceived):
            self.on_message(from_bytes(event.data))
            return
        self._changed.set()
        self._changed = trio.Event()


def now_us() -> Microseconds:
    """The clock of rogues."""
    return Microseconds(time.time_ns() // 1_000)


def now_ms() -> int:
    """The same as entries state it; a little behind, so that nobody finds it ahead."""
    return time.time_ns() // 1_000_000 - 2_000


@cache
def crowd(count: int = CROWD) -> tuple[Statement, ...]:
    """The first entries of people that nobody knows."""
    return tuple(begin(PRACTICE, author(f"nobody {n}"), now_ms()) for n in range(count))


@cache
def long_chain(count: int = LONG) -> tuple[Statement, ...]:
    """One chain of somebody that nobody knows."""
    who, time_ms = author("long"), now_ms()
    return tuple(begin(PRACTICE, who, time_ms - count + n) for n in range(count))


def parts_of(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """So many items at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def batches(statements: Sequence[Statement]) -> Iterator[tuple[bytes, ...]]:
    """Their wires, BATCH at a time."""
    for part in parts_of(statements, BATCH):
        yield tuple(statement.wire for statement in part)


Answer = Callable[[Message], None]
"""What a rogue does about a message."""


async def flood(rogue: Rogue, make: Callable[[int], Message]) -> None:
    """Says one message after the other as fast as it can."""
    for number in itertools.count():
        if number % BURST == 0:
            await rogue.wait_read()
        rogue.say(make(number))


async def answering(rogue: Rogue, names: Callable[[], Message], answer: Answer) -> None:
    """Names something again and again, and answers what is asked for."""
    rogue.on_message = answer
    while True:
        await rogue.wait_met()
        rogue.say(names())
        await trio.sleep(0.1)
