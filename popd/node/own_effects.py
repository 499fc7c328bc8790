"""Boxes between a user's own devices: the node carries them, and the edge seals and opens them."""

from dataclasses import dataclass

from consensus.identifiers import NodeKey


@dataclass(frozen=True, slots=True)
class ReadOwnBox:
    """Effect: open a box that came."""

    peer: NodeKey
    """Who delivered it, and says to be a device of the same user."""
    data: bytes
    """The box."""


@dataclass(frozen=True, slots=True)
class SayOwnBox:
    """Command: hand a box to another device."""

    peer: NodeKey
    """Which."""
    data: bytes
    """The box."""
