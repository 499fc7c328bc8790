"""What a user does with rooms."""

from dataclasses import dataclass

from consensus.chart import Chart
from popd.node.messages.rooms import RoomId


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """Command: open a room that others may join."""

    room: RoomId
    """16 fresh random bytes."""
    title: str
    """The song, at most 80 bytes."""
    chart: Chart
    """One's own part; whoever joins may have it."""
    label: str
    """The part in words, at most 64 bytes."""


@dataclass(frozen=True, slots=True)
class JoinRoom:
    """Command: join a room that a peer opened, or come back to it."""

    room: RoomId
    """Which."""


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    """Command: leave; the room of a host who leaves is over."""


@dataclass(frozen=True, slots=True)
class ChoosePart:
    """Command: take a part."""

    chart: Chart
    """What to play."""
    label: str
    """The part in words, at most 64 bytes."""


@dataclass(frozen=True, slots=True)
class SetReady:
    """Command: say whether one is ready."""

    is_ready: bool
    """Ready to begin."""


@dataclass(frozen=True, slots=True)
class StartRoom:
    """Command of the host: count in those who are ready."""


RoomCommand = OpenRoom | JoinRoom | LeaveRoom | ChoosePart | SetReady | StartRoom
