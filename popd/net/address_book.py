"""Where peers were, are, or are said to be, and when it is worth trying again."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from consensus.identifiers import NodeKey
from popd.net.subnets import Endpoint, Transport, endpoint_of

MAX_PEERS: Final = 512
MAX_ADDRESSES_PER_PEER: Final = 8
TARGET_PEERS: Final = 12
"""With fewer peers, strangers that discovery found are dialled."""
SPARES: Final = 1
"""Paths that are kept beside the one in use, where there are other addresses."""
USER_SPARES: Final = 2
"""The same for addresses that the user gave."""
SPARE_PATIENCE_US: Final = 3_000_000
"""A peer is known for so long before spares are dialled: the other side may, too."""


class Source(IntEnum):
    """Who told of an address; the lower, the sooner it is tried."""

    USER = 0
    """The user wants this peer."""
    LAN = 1
    """It was announced on the same network."""
    PEER = 2
    """The peer itself told it."""
    TABLE = 3
    """The distributed table has it."""


FIRST_PAUSE_US: Final[Mapping[Source, int]] = {
    Source.USER: 250_000,
    Source.LAN: 500_000,
    Source.PEER: 2_000_000,
    Source.TABLE: 2_000_000,
}
"""Between two attempts, at first; doubled after each failure."""
LONGEST_PAUSE_US: Final[Mapping[Source, int]] = {
    Source.USER: 10_000_000,
    Source.LAN: 30_000_000,
    Source.PEER: 60_000_000,
    Source.TABLE: 300_000_000,
}


@dataclass(slots=True)
class Known:
    """An address and what became of it."""

    key: NodeKey
    """Whose it is."""
    address: str
    """A multiaddress with a peer id."""
    endpoint: Endpoint
    """Where it leads."""
    source: Source
    """Who told of it."""
    told_us: int
    """When it was last told."""
    due_us: int
    """Before this there is no use in trying."""
    failures: int = 0
    """In a row."""
    succeeded_us: int | None = None
    """When a path last opened there."""
    error: str = ""
    """Why the last attempt failed."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How a connected peer is reached."""

    endpoints: Set[Endpoint]
    """The far ends of its living paths."""
    since_us: int
    """When its first path opened."""


class AddressBook:
    """Addresses by peer. Bounded: what was told longest ago without success is forgotten."""

    def __init__(self, own: NodeKey) -> None:
        """An empty book; one's own addresses are never in it."""
        self._own = own
        self._peers: dict[NodeKey, dict[str, Known]] = {}

    def note(self, key: NodeKey, address: str, source: Source, now_us: int) -> None:
        """Somebody told of an address."""
        endpoint = endpoint_of(address)
        if key == self._own or endpoint is None:
            return
        known = self._peers.setdefault(key, {})
        entry = known.get(address)
        if entry is not None:
            entry.source = min(entry.source, source)
            entry.told_us = now_us
            return
        known[address] = Known(key, address, endpoint, source, now_us, now_us)
        if len(known) > MAX_ADDRESSES_PER_PEER:
            _forget(known)
        if len(self._peers) > MAX_PEERS:
            self._forget_peer()

    def note_success(self, address: Known, now_us: int) -> None:
        """A path opened."""
        address.failures, address.succeeded_us, address.error = 0, now_us, ""
        address.due_us = now_us + FIRST_PAUSE_US[address.source]

    def note_failure(self, address: Known, error: str, now_us: int) -> None:
        """No path opened."""
        first_us, longest_us = FIRST_PAUSE_US[address.source], LONGEST_PAUSE_US[address.source]
        address.due_us = now_us + min(longest_us, first_us << min(address.failures, 16))
        address.failures += 1
        address.error = error

    def is_wanted(self, key: NodeKey) -> bool:
        """Whether the user asked for this peer."""
        return any(a.source is Source.USER for a in self._peers.get(key, {}).values())

    def all(self) -> Iterable[Known]:
        """Every address."""
        for known in self._peers.values():
            yield from known.values()

    def __len__(self) -> int:
        return len(self._peers)

    def due(self, reached: Mapping[NodeKey, Reached], now_us: int) -> list[Known]:
        """What to dial now, the most wanted first; at most one address of each peer."""
        chosen: list[Known] = []
        for key, known in self._peers.items():
            if key in reached:
                useful = list(_spares(known.values(), reached[key], now_us))
            else:
                useful = list(known.values())
            ready = [address for address in useful if address.due_us <= now_us]
            if ready:
                chosen.append(min(ready, key=_order))
        room = max(0, TARGET_PEERS - len(reached))
        strangers = [a for a in chosen if a.key not in reached and not self.is_wanted(a.key)]
        refused = {a.key for a in sorted(strangers, key=_order)[room:]}
        return sorted((a for a in chosen if a.key not in refused), key=_order)

    def _forget_peer(self) -> None:
        def last_use(key: NodeKey) -> tuple[bool, int]:
            known = self._peers[key].values()
            latest_us = max(max(a.told_us, a.succeeded_us or 0) for a in known)
            return self.is_wanted(key), latest_us

        del self._peers[min(self._peers, key=last_use)]


def _order(address: Known) -> tuple[bool, int, int, str]:
    is_relayed = address.endpoint.transport is Transport.RELAY
    return is_relayed and address.failures > 0, address.failures, address.source, address.address


def _spares(known: Iterable[Known], reached: Reached, now_us: int) -> Iterable[Known]:
    """Addresses that would give another path than the peer has, or a direct one."""
    is_early = now_us - reached.since_us < SPARE_PATIENCE_US
    direct = {e for e in reached.endpoints if e.transport is not Transport.RELAY}
    for address in known:
        if is_early and address.source is not Source.USER:
            continue
        if len(direct) > (USER_SPARES if address.source is Source.USER else SPARES):
            continue
        is_relayed = address.endpoint.transport is Transport.RELAY
        is_enough = is_relayed and len(reached.endpoints) > SPARES
        if address.endpoint not in reached.endpoints and not is_enough:
            yield address


def _forget(known: dict[str, Known]) -> None:
    def last_use(address: str) -> tuple[bool, int]:
        entry = known[address]
        return entry.source is Source.USER, max(entry.told_us, entry.succeeded_us or 0)

    del known[min(known, key=last_use)]
