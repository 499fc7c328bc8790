"""Knocks: who shows wrong keys at the door for other devices again and again has to wait.

A short code can be guessed by whoever may try often enough, and whoever waits because of others'
guesses is locked out. So each address answers for its own guesses first; and what all may guess
together has two purses: one for newcomers, who guessed wrong three times an hour at most, another
for everybody else. A crowd of guessers empties theirs and waits, while a fresh phone types the code
and comes in. All 254 addresses of a small network can't empty the newcomers' purse, and to keep it
empty takes four thousand. Even then the QR code, whose secret nobody guesses, always lets in.

How long guessing takes: there are 24^6, about 191 million codes. One address tries one each 6 s, so
18 years on average. All together try one each 0.3 s out of either purse: on average 166 days of an
open door; in an evening of twelve hours they find the code once in 660 evenings.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from consensus.units import Microseconds


class Patience(NamedTuple):
    """How much guessing is borne."""

    free: int
    """Wrong keys at once, before one has to wait."""
    pause_us: int
    """Each further one is allowed after so long."""

    def later(self, free_us: int, now_us: int) -> int:
        """When all will be forgotten, after one more wrong key."""
        return max(now_us, free_us) + self.pause_us

    def is_over(self, free_us: int, now_us: int) -> bool:
        """Whether one has to wait, of whom all will be forgotten at a time."""
        return free_us - now_us > self.free * self.pause_us


OWN: Final = Patience(10, 6_000_000)
"""Of one address: some slips in a row."""
NEWCOMER: Final = Patience(2, 1_200_000_000)
"""Within this an address is one that just came, and mistyped; then it waits with the guessers."""
ALL: Final = Patience(200, 300_000)
"""Of everybody together who is no newcomer."""
ALL_NEWCOMERS: Final = Patience(1_000, 300_000)
"""Of all newcomers together: three slips of 254 addresses fit."""
MAX_ADDRESSES: Final = 4_096
"""Addresses remembered; the one that knocked longest ago is forgotten, and a newcomer again."""


@dataclass(slots=True)
class Knocks:
    """What wrong keys were shown lately, by address."""

    now_us: Callable[[], Microseconds]
    """The daemon's clock."""
    _free_us: OrderedDict[str, tuple[int, int]] = field(default_factory=OrderedDict)
    """When all that an address did wrong will be forgotten, and when it is a newcomer again."""
    _all_free_us: dict[bool, int] = field(default_factory=dict)
    """The same for all newcomers together, and for all others."""

    def miss(self, address: str) -> None:
        """A wrong key was shown."""
        now_us = self.now_us()
        is_new = self._is_new(address)
        bound = ALL_NEWCOMERS if is_new else ALL
        self._all_free_us[is_new] = bound.later(self._all_free_us.get(is_new, 0), now_us)
        own_us, new_us = self._free_us.pop(address, (0, 0))
        self._free_us[address] = OWN.later(own_us, now_us), NEWCOMER.later(new_us, now_us)
        if len(self._free_us) > MAX_ADDRESSES:
            self._free_us.popitem(last=False)

    def is_barred(self, address: str) -> bool:
        """Whether a key that is shown from there is not even looked at now."""
        now_us, (own_us, _) = self.now_us(), self._free_us.get(address, (0, 0))
        is_new = self._is_new(address)
        bound = ALL_NEWCOMERS if is_new else ALL
        all_us = self._all_free_us.get(is_new, 0)
        return OWN.is_over(own_us, now_us) or bound.is_over(all_us, now_us)

    def _is_new(self, address: str) -> bool:
        _, new_us = self._free_us.get(address, (0, 0))
        return not NEWCOMER.is_over(new_us, self.now_us())
