"""Finding rooms: which of the peers opened one, as far as we heard lately."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import IdentityId, NodeKey
from popd.node.context import Context
from popd.node.messages.rooms import RoomId, RoomOpen

FORGOTTEN_MS: Final = 16_000
"""A room that was not heard of for so long is no longer open."""
MAX_OPEN_ROOMS: Final = 256
"""More than peers a node has; the one heard of longest ago gives way."""


@dataclass(frozen=True, slots=True)
class Found:
    """A room that a peer opened."""

    said: RoomOpen
    """What it says of it."""
    host: IdentityId
    """Who opened it."""
    heard_us: int
    """When it last said so."""


@dataclass(slots=True)
class Finding:
    """The open rooms nearby: one of each peer at most."""

    context: Context
    """The node."""
    on_changed: Callable[[], None]
    """Called when there are others than before."""
    found: dict[NodeKey, Found] = field(default_factory=dict)
    """By the host's node, the one heard of longest ago first."""
    _is_planned: bool = False

    def take(self, peer: NodeKey, identity: IdentityId, said: RoomOpen) -> None:
        """A peer says that its room is open, or over."""
        before = self.found.pop(peer, None)
        if not said.is_over:
            self.found[peer] = Found(said, identity, self.context.now_us)
            while len(self.found) > MAX_OPEN_ROOMS:
                del self.found[next(iter(self.found))]
            self._plan()
        if (None if before is None else before.said) != (None if said.is_over else said):
            self.on_changed()

    def lose(self, peer: NodeKey) -> None:
        """A peer is gone."""
        if self.found.pop(peer, None) is not None:
            self.on_changed()

    def host_of(self, room: RoomId) -> tuple[NodeKey, Found] | None:
        """Who says that it opened this room, and what it says of it."""
        hosts = [(node, found) for node, found in self.found.items() if found.said.room == room]
        return min(hosts, key=lambda host: host[0], default=None)

    def _plan(self) -> None:
        """One alarm at a time, however often rooms are announced."""
        if not self._is_planned:
            self._is_planned = True
            self.context.call_after(FORGOTTEN_MS, self._forget)

    def _forget(self) -> None:
        self._is_planned = False
        oldest_us = self.context.now_us - FORGOTTEN_MS * 1_000
        gone = [node for node, found in self.found.items() if found.heard_us <= oldest_us]
        for node in gone:
            del self.found[node]
        if gone:
            self.on_changed()
        if self.found:
            self._plan()
