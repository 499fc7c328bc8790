"""Who may come in: connections that never shake hands, and strangers that do nothing, give way."""

import ipaddress
from collections import Counter
from dataclasses import dataclass
from typing import Final

MAX_HALF_OPEN: Final = 64
"""Connections that may be shaking hands at a time."""
MAX_HALF_OPEN_PER_SOURCE: Final = 24
HALF_OPEN_RIGHT_US: Final = 1_000_000
"""A connection that is younger does not give way: shaking hands takes time."""
MAX_INBOUND: Final = 128
"""Connections that others opened."""
MAX_INBOUND_PER_SOURCE: Final = 24
"""Of one address; this machine's own is not limited."""
IPV6_SOURCE_PREFIX: Final = 64
"""Whoever has one address of such a network has all of them."""

Remote = tuple[str, int]
"""Host and port that a connection comes from."""


@dataclass(slots=True)
class Guest:
    """A connection that came in."""

    remote: Remote
    """Where from."""
    source: str
    """Whom to charge for it."""
    since_us: int
    """When."""
    is_open: bool = False
    """Whether it has shaken hands."""
    carries_path: bool = False
    """Whether a peer's messages travel on it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a connection."""

    is_admitted: bool
    """Whether it may go on."""
    evicted: Remote | None = None
    """Who is closed to make room."""


def source_of(host: str) -> str:
    """Whom to charge for a connection from a host."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_SOURCE_PREFIX), strict=False))


class Guard:
    """Keeps count of the guests; closing them is the caller's."""

    def __init__(self) -> None:
        """Nobody is there yet."""
        self._guests: dict[Remote, Guest] = {}
        self.refused = 0
        """Connections that were turned away or closed to make room."""

    @property
    def half_open(self) -> int:
        """How many have not shaken hands."""
        return sum(not guest.is_open for guest in self._guests.values())

    @property
    def inbound(self) -> int:
        """How many have."""
        return sum(guest.is_open for guest in self._guests.values())

    def enter(self, remote: Remote, now_us: int) -> Decision:
        """A connection came in."""
        source = source_of(remote[0])
        half_open = [guest for guest in self._guests.values() if not guest.is_open]
        victim = None
        if sum(guest.source == source for guest in half_open) >= MAX_HALF_OPEN_PER_SOURCE:
            victim = _oldest([guest for guest in half_open if guest.source == source])
        elif len(half_open) >= MAX_HALF_OPEN:
            greediest = Counter(guest.source for guest in half_open).most_common(1)[0][0]
            victim = _oldest([guest for guest in half_open if guest.source == greediest])
        if victim is not None and now_us - victim.since_us < HALF_OPEN_RIGHT_US:
            self.refused += 1
            return Decision(is_admitted=False)
        self._guests[remote] = Guest(remote, source, now_us)
        return self._admit(victim)

    def open(self, remote: Remote) -> Decision:
        """A connection has shaken hands."""
        guest = self._guests.get(remote)
        if guest is None:
            return Decision(is_admitted=False)
        inbound = [other for other in self._guests.values() if other.is_open]
        alike = [other for other in inbound if other.source == guest.source]
        crowd = None
        if len(inbound) >= MAX_INBOUND:
            crowd = inbound
        elif len(alike) >= MAX_INBOUND_PER_SOURCE and not _is_loopback(guest.source):
            crowd = alike
        if crowd is None:
            guest.is_open = True
            return Decision(is_admitted=True)
        victim = _oldest([other for other in crowd if not other.carries_path])
        if victim is None:
            self.refused += 1
            return Decision(is_admitted=False)
        guest.is_open = True
        return self._admit(victim)

    def note_path(self, remote: Remote, *, carries_path: bool) -> None:
        """A peer's messages begin, or cease, to travel on a connection."""
        if remote in self._guests:
            self._guests[remote].carries_path = carries_path

    def leave(self, remote: Remote) -> None:
        """A connection is gone."""
        self._guests.pop(remote, None)

    def _admit(self, victim: Guest | None) -> Decision:
        if victim is None:
            return Decision(is_admitted=True)
        self.refused += 1
        self.leave(victim.remote)
        return Decision(is_admitted=True, evicted=victim.remote)


def _oldest(guests: list[Guest]) -> Guest | None:
    return min(guests, key=lambda guest: guest.since_us, default=None)


def _is_loopback(source: str) -> bool:
    try:
        return ipaddress.ip_network(source).is_loopback
    except ValueError:
        return False
