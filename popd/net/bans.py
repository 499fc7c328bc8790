"""Peers that are kept out for a while."""

from typing import Final

from consensus.identifiers import NodeKey

MAX_BANS: Final = 1_024
"""Beyond, the ban that ends first is forgotten: keys are free, so a longer list is no safer."""


class Bans:
    """When each ban ends."""

    def __init__(self) -> None:
        """Nobody is banned."""
        self._until_us: dict[NodeKey, int] = {}

    def ban(self, key: NodeKey, until_us: int) -> None:
        """Keeps a peer out until then; an earlier ban that ends later stays."""
        self._until_us[key] = max(until_us, self._until_us.get(key, until_us))
        if len(self._until_us) > MAX_BANS:
            del self._until_us[min(self._until_us, key=self._until_us.__getitem__)]

    def is_banned(self, key: NodeKey, now_us: int) -> bool:
        """Whether a peer is kept out now."""
        until_us = self._until_us.get(key)
        if until_us is None:
            return False
        if until_us <= now_us:
            del self._until_us[key]
            return False
        return True

    def __len__(self) -> int:
        return len(self._until_us)
