"""Letting other devices in, as JSON."""

from typing import Annotated

import msgspec
from msgspec import Meta


class LanBody(msgspec.Struct, frozen=True):
    """Where to let other devices in."""

    address: Annotated[str, Meta(max_length=64)] = ""
    """An IPv4 address of this machine; empty for the one that others reach."""


class LanState(msgspec.Struct, frozen=True):
    """Where other devices are let in."""

    address: str
    """Such as http://192.0.2.4:8772/; empty for nowhere."""


class Ticket(msgspec.Struct, frozen=True):
    """What a phone needs to join."""

    address: str
    """To be opened once."""
    code: list[str]
    """The same as a QR code without its quiet zone: a row a text, 1 for dark."""
    until_us: int
    """When it is void, by the daemon's clock."""


class JoinBody(msgspec.Struct, frozen=True):
    """A ticket, from behind `#join=`."""

    ticket: Annotated[str, Meta(max_length=128)]


class Joined(msgspec.Struct, frozen=True):
    """What the device shows from now on."""

    token: str
    until_us: int
    """When it is void, by the daemon's clock."""
    scope: str
