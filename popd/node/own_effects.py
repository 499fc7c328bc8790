"""Between a user's own devices: what the node has carried, sealed and opened for it."""

from dataclasses import dataclass

from consensus.identifiers import EntryId, NodeKey
from popd.node.pen_words import (
    PenWord,
)


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


@dataclass(frozen=True, slots=True)
class Confide:
    """Effect: say this to another device, sealed."""

    peer: NodeKey
    """Which; it hears nothing if it is none of the user's."""
    word: PenWord
    """What."""


@dataclass(frozen=True, slots=True)
class Confided:
    """Event: another device of the same user said this."""

    peer: NodeKey
    """Which."""
    word: PenWord
    """What."""


@dataclass(frozen=True, slots=True)
class DeviceForgotten:
    """Event: the user has forgotten another device."""

    peer: NodeKey
    """Which."""


@dataclass(frozen=True, slots=True)
class Unsign:
    """Effect: an entry that waits to be signed is not to be signed any more."""

    entry: EntryId
    """Which."""
