"""The inbox: events on their way to the node, in order; what peers send is bounded and waits.

A peer whose messages fill its share is read from slowly until the node has caught up, so that its
own queue fills, and in the end its writer waits: nothing is lost between two honest nodes. Peers
have their turns one after the other, so that nobody's flood delays or pushes out what others say.
"""

from collections import Counter, OrderedDict, deque
from typing import Final

import trio

from consensus.identifiers import NodeKey
from popd.node.events import (
    Event,
    MessageReceived,
    PeerConnected,
    PeerDisconnected,
)

PEER_BYTES: Final = 2 * 1024 * 1024
"""Bytes of one peer's messages that may wait before it is read from slowly."""
PEER_ITEMS: Final = 512
MOST_PEER_BYTES: Final = 4 * 1024 * 1024
"""Beyond, more of that peer's messages are dropped: it goes on faster than it is read."""
MOST_BYTES: Final = 256 * 1024 * 1024
"""The same of all messages: as much as 64 peers may have waiting."""


class Inbox:
    """A queue of events."""

    def __init__(self) -> None:
        """Empty."""
        self._own: deque[Event] = deque()
        self._of_peers: OrderedDict[NodeKey, deque[Event]] = OrderedDict()
        self._filled = trio.Event()
        self._bytes: Counter[NodeKey] = Counter()
        self._items: Counter[NodeKey] = Counter()
        self.dropped = 0
        """Messages for which there was no room at all."""

    def __len__(self) -> int:
        return len(self._own) + sum(map(len, self._of_peers.values()))

    def __bool__(self) -> bool:
        return bool(self._own) or bool(self._of_peers)

    @property
    def waiting_bytes(self) -> int:
        """Bytes of all messages that wait."""
        return self._bytes.total()

    def put(self, event: Event) -> None:
        """Adds an event."""
        if isinstance(event, MessageReceived):
            size = len(event.data)
            is_over = self._bytes[event.peer] + size > MOST_PEER_BYTES
            if is_over or self.waiting_bytes + size > MOST_BYTES:
                self.dropped += 1
                return
            self._bytes[event.peer] += size
            self._items[event.peer] += 1
        if isinstance(event, MessageReceived | PeerConnected | PeerDisconnected):
            self._of_peers.setdefault(event.peer, deque()).append(event)
        else:
            self._own.append(event)
        self._filled.set()

    def put_first(self, event: Event) -> None:
        """Adds an event before all others: the answer to what was just asked."""
        self._own.appendleft(event)

    def take(self) -> Event:
        """The next event: one's own first, then of each peer in turn; of each in order.

        Raises KeyError when there is none.
        """
        if self._own:
            return self._own.popleft()
        peer, events = self._of_peers.popitem(last=False)
        event = events.popleft()
        if events:
            self._of_peers[peer] = events
        if isinstance(event, MessageReceived):
            self._release(event)
        return event

    async def wait_filled(self) -> None:
        """Waits until there is an event."""
        if not self:
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
