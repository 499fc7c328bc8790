"""How near a witness was: three classes, of which the lower of both sides' claims counts."""

from enum import IntEnum
from typing import Final


class Presence(IntEnum):
    """Presence classes, farther first; the value is the index into the network's table."""

    REMOTE = 0
    NEAR = 1
    SAME_LINK = 2


MAX_PRESENCE: Final = max(Presence)
