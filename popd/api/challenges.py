"""Challenges: what the door asks guests to sign, so that an overheard knock opens nothing.

Doors speak plain HTTP, and whoever is in the same network may listen. A challenge is good once, for
a minute and a half, for the address that asked for it; so a recorded signature is worth nothing.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consensus.units import Microseconds

CHALLENGE_SIZE: Final = 16
"""Bytes."""
CHALLENGE_US: Final = 90 * 1_000_000
"""A slow phone on a full network answers within this."""
CHALLENGES_PER_ADDRESS: Final = 8
"""As many as a household asks for at once, twice; the oldest gives way."""
MAX_CHALLENGES: Final = 4_096
"""A hall of guests that all ask at once, four times; the oldest gives way."""


@dataclass(slots=True)
class Challenges:
    """What was asked and not answered yet."""

    now_us: Callable[[], Microseconds]
    """The daemon's clock."""
    _asked: OrderedDict[bytes, tuple[str, int]] = field(default_factory=OrderedDict)
    """Of each challenge the address and when it is void, the oldest first."""
    _by_address: dict[str, list[bytes]] = field(default_factory=dict)
    """Of each address its challenges, the oldest first."""

    def __len__(self) -> int:
        """How many are out."""
        return len(self._asked)

    def ask(self, address: str) -> bytes:
        """A fresh challenge for whoever asks from an address."""
        now_us = self.now_us()
        while self._asked and next(iter(self._asked.values()))[1] <= now_us:
            self._forget(next(iter(self._asked)))
        own = self._by_address.get(address, [])
        if len(own) >= CHALLENGES_PER_ADDRESS:
            self._forget(own[0])
        if len(self._asked) >= MAX_CHALLENGES:
            self._forget(next(iter(self._asked)))
        challenge = secrets.token_bytes(CHALLENGE_SIZE)
        self._asked[challenge] = address, now_us + CHALLENGE_US
        self._by_address.setdefault(address, []).append(challenge)
        return challenge

    def take(self, challenge: bytes, address: str) -> bool:
        """Whether this was asked of an address lately; it is used up then."""
        whose, until_us = self._asked.get(challenge, ("", 0))
        if challenge not in self._asked or whose != address:
            return False
        self._forget(challenge)
        return self.now_us() < until_us

    def clear(self) -> None:
        """Whatever was asked is void."""
        self._asked.clear()
        self._by_address.clear()

    def _forget(self, challenge: bytes) -> None:
        address, _ = self._asked.pop(challenge)
        own = self._by_address[address]
        own.remove(challenge)
        if not own:
            del self._by_address[address]
