"""The inbox: events on their way to the node, in order; what peers send is bounded and waits.

A peer whose messages fill its share is read from slowly until the node has caught up, so that its
own queue fills, and in the end its writer waits: nothing is lost between two honest nodes, and
nobody's flood pushes out what others say.
"""

from collections import Counter, deque
from typing import Final

import trio

from consensus.identifiers import NodeKey
from popd.node.events import Event, MessageReceived

PEER_BYTES: Final = 2 * 1024 * 1024
"""Bytes of one peer's messages that may wait before it is read from slowly."""
PEER_ITEMS: Final = 512
MOST_BYTES: Final = 256 * 1024 * 1024
"""Bytes of all messages; beyond, more are dropped, as nobody reads so much at once."""


class Inbox:
    """A queue of events."""

    def __init__(self) -> None:
        """Empty."""
        self._events: deque[Event] = deque()
        self._filled = trio.Event()
        self._bytes: Counter[NodeKey] = Counter()
        self._items: Counter[NodeKey] = Counter()
        self.dropped = 0
        """Messages for which there was no room at all."""

    def __len__(self) -> int:
        return len(self._events)

    @property
    def waiting_bytes(self) -> int:
        """Bytes of all messages that wait."""
        return self._bytes.total()

    def put(self, event: Event) -> None:
        """Adds an event."""
        if isinstance(event, MessageReceived):
            if self.waiting_bytes + len(event.data) > MOST_BYTES:
                self.dropped += 1
                return
            self._bytes[event.peer] += len(event.data)
            self._items[event.peer] += 1
        self._events.append(event)
        self._filled.set()

    def put_first(self, event: Event) -> None:
        """Adds an event before all others: the answer to what was just asked."""
        self._events.appendleft(event)

    def take(self) -> Event:
        """The next event; raises IndexError when there is none."""
        event = self._events.popleft()
        if isinstance(event, MessageReceived):
            self._release(event)
        return event

    async def wait_filled(self) -> None:
        """Waits until there is an event."""
        if not self._events:
            self._filled = trio.Event()
            await self._filled.wait()

    def is_crowded(self, peer: NodeKey) -> bool:
        """Whether a peer's share is full: it is to be read from slowly."""
        return self._bytes[peer] > PEER_BYTES or self._items[peer] > PEER_ITEMS

    def _release(self, event: MessageReceived) -> None:
        peer = event.peer
        self._bytes[peer] -= len(event.data)
        self._items[peer] -= 1
        if not self._items[peer]:
            del self._items[peer], self._bytes[peer]
