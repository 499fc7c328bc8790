"""Real networks on loopback, for tests."""

import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import trio

from consensus.identifiers import NodeKey
from consensus.parameters import PRACTICE
from consensus.units import Microseconds
from popd.net.network import Network
from popd.node.events import Event, MessageReceived, RoundTripMeasured

LOOPBACK = "/ip4/127.0.0.1/tcp/0"


def now_us() -> Microseconds:
    return Microseconds(time.monotonic_ns() // 1_000)


class Node:
    """A network, and what its node was told."""

    def __init__(self, *, is_relay: bool = False) -> None:
        self.events: list[Event] = []
        self.messages: list[bytes] = []
        seed = secrets.token_bytes(32)
        self.network = Network(PRACTICE, seed, now_us, self.hear, is_relay=is_relay)

    @property
    def key(self) -> NodeKey:
        return self.network.key

    def hear(self, event: Event) -> None:
        if isinstance(event, MessageReceived):
            self.messages.append(event.data)
        elif not isinstance(event, RoundTripMeasured):
            self.events.append(event)


@asynccontextmanager
async def running(*networks: tuple[Node, Sequence[str]]) -> AsyncIterator[None]:
    """Runs nodes, each listening on its addresses, until the context ends."""
    async with trio.open_nursery() as nursery:
        for node, listen in networks:
            await nursery.start(node.network.run, list(listen), [])
        yield
        nursery.cancel_scope.cancel()


async def until(is_so: Callable[[], bool], limit_s: float = 10.0) -> None:
    """Waits until something is so; fails when it takes too long."""
    with trio.fail_after(limit_s):
        while not is_so():  # noqa: ASYNC110 (not everything has an event)
            await trio.sleep(0.02)
