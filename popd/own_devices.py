"""The user's devices, as the daemon and its API hand them to each other."""

from dataclasses import dataclass, field
from enum import StrEnum

from consensus.identifiers import NodeKey


class PenState(StrEnum):
    """Whether what is to be written can be written now."""

    OWN = "own"
    """This device holds the pen."""
    HERE = "here"
    """The device that holds it is there."""
    LOCKED = "locked"
    """The device that holds it is there, and its keys are locked."""
    AWAY = "away"
    """The device that holds it can't be reached now."""
    UNPAIRED = "unpaired"
    """The device that holds it has not answered yet."""
    FORGOTTEN = "forgotten"
    """The device that holds it has forgotten this one."""


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """One of the user's devices."""

    node: NodeKey
    """Its node key."""
    name: str
    """What it is called; empty where that isn't known."""
    holds_pen: bool
    """It writes the chain; the others ask it."""
    is_this: bool
    """It is the one that says so."""
    is_connected: bool
    """It can be reached now."""
    seen_ms: int
    """When it was there last; 0 where that isn't known."""


@dataclass(frozen=True, slots=True)
class PairingTicket:
    """What another device needs to join."""

    link: str = field(repr=False)
    """To be opened once, on the other device."""
    until_us: int
    """When it is void, by the daemon's clock."""


class DeviceError(Exception):
    """Something about devices can't be done; nothing was changed."""

    def __init__(self, why: str, next_step: str) -> None:
        """Both are sentences."""
        super().__init__(why)
        self.next_step = next_step
