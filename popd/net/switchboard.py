"""Which session a path belongs to, and when a session begins and ends."""

import secrets
from collections.abc import Callable

from consensus.identifiers import NodeKey
from popd.net.frames import ID_SIZE, NO_ID, BrokenFramingError, Hello
from popd.net.peering import Path, PathName, Peering

MAX_OWN_IDS = 1_024
"""Halves of names of sessions that have not begun."""


class Switchboard:
    """The peerings of this node.

    A session is named by two halves, one drawn by each side. A side that knows the other's half
    says so in its hello: when both agree it is one more path of the same session; a half that
    nobody knows means that the session is gone, and a new half means that the peer started anew.
    """

    def __init__(
        self,
        begin: Callable[[NodeKey, bytes, bytes, PathName], Peering],
        on_end: Callable[[Peering], None],
    ) -> None:
        """`begin` makes a peering from a key, both halves of its name and the first path's name;
        `on_end` hears of its end."""
        self.peerings: dict[NodeKey, Peering] = {}
        self._begin = begin
        self._on_end = on_end
        self._own_ids: dict[NodeKey, bytes] = {}

    def greeting(
        self, key: NodeKey, addresses: tuple[str, ...], *, is_relay: bool = False
    ) -> Hello:
        """What to say first on a path to this peer."""
        peering = self.peerings.get(key)
        if peering is None:
            return Hello(self._own_id(key), NO_ID, 0, is_relay, addresses)
        received = peering.session.received
        return Hello(peering.own_id, peering.peer_id, received, is_relay, addresses)

    def join(self, key: NodeKey, hello: Hello, path: Path, now_us: int) -> Peering | None:
        """The peering that the path now belongs to; None when the peer means one that is gone.

        Raises BrokenFramingError for a hello that can't be.
        """
        peering = self.peerings.get(key)
        if peering is not None and peering.peer_id == hello.own_id:
            if hello.peer_id not in {NO_ID, peering.own_id}:
                return None
        elif hello.peer_id not in {NO_ID, self._own_ids.get(key)}:
            return None
        elif hello.received:
            raise BrokenFramingError("a new session in which something was said")
        else:
            if peering is not None:
                self.end(peering)
            peering = self._begin(key, self._own_id(key), hello.own_id, path.name)
            self.peerings[key] = peering
            self._own_ids.pop(key, None)
        peering.add(path, hello, now_us)
        return peering

    def note_stale(self, key: NodeKey, greeting: Hello) -> None:
        """The peer does not know the session that a greeting named."""
        peering = self.peerings.get(key)
        if peering is not None and peering.own_id == greeting.own_id:
            self.end(peering)
        elif self._own_ids.get(key) == greeting.own_id:
            del self._own_ids[key]

    def end(self, peering: Peering) -> None:
        """Ends a session; the next one with this peer gets a new name."""
        if self.peerings.get(peering.key) is peering:
            del self.peerings[peering.key]
            peering.close()
            self._on_end(peering)

    def tick(self, now_us: int) -> None:
        """Looks after all paths and ends what is over."""
        for peering in list(self.peerings.values()):
            peering.tick(now_us)
            if peering.is_over(now_us):
                self.end(peering)

    def _own_id(self, key: NodeKey) -> bytes:
        if key not in self._own_ids:
            if len(self._own_ids) >= MAX_OWN_IDS:
                del self._own_ids[next(iter(self._own_ids))]
            self._own_ids[key] = secrets.token_bytes(ID_SIZE)
        return self._own_ids[key]
