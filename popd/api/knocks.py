"""Knocks: who shows wrong keys at the door for other devices again and again has to wait.

A short code can be guessed by whoever may try often enough. At this pace one address needs
eighteen years on average and all together a year, while a door is open for an evening.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consensus.units import Microseconds

PATIENCE: Final = 10
"""Wrong keys in a row that are taken for slips."""
PAUSE_US: Final = 6_000_000
"""Each further one is allowed after so long."""
ALL_PATIENCE: Final = 200
ALL_PAUSE_US: Final = 300_000
"""The same for all addresses together."""
MAX_ADDRESSES: Final = 1_024
"""Addresses remembered; the one that knocked longest ago is forgotten."""


@dataclass(slots=True)
class Knocks:
    """What wrong keys were shown lately, by address."""

    now_us: Callable[[], Microseconds]
    """The daemon's clock."""
    _free_us: OrderedDict[str, int] = field(default_factory=OrderedDict)
    """When all that an address did wrong will be forgotten."""
    _all_free_us: int = 0

    def miss(self, address: str) -> None:
        """A wrong key was shown."""
        now_us = self.now_us()
        self._free_us[address] = max(now_us, self._free_us.pop(address, 0)) + PAUSE_US
        self._all_free_us = max(now_us, self._all_free_us) + ALL_PAUSE_US
        if len(self._free_us) > MAX_ADDRESSES:
            self._free_us.popitem(last=False)

    def is_barred(self, address: str) -> bool:
        """Whether a key that is shown from there is not even looked at now."""
        now_us = self.now_us()
        own_us = self._free_us.get(address, 0) - now_us
        all_us = self._all_free_us - now_us
        return own_us > PATIENCE * PAUSE_US or all_us > ALL_PATIENCE * ALL_PAUSE_US
