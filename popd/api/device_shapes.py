"""The user's devices, and what follows the user from one to another, as JSON."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MAX_VALUES = 256
MAX_TEXT = 256

OwnMap = Literal["settings", "keymaps", "runs"]
"""What the page reads of the user's own notes; names of people have a place of their own."""


class DeviceView(msgspec.Struct, frozen=True):
    """One of the user's devices."""

    node: str
    """Its node key in hexadecimal digits."""
    name: str
    """What it is called; may be empty."""
    holds_pen: bool
    """It writes the chain; the others ask it."""
    is_this: bool
    """It is the one that answers."""
    is_connected: bool
    """It can be reached now."""
    seen_ms: int
    """When it was there last; 0 where that isn't known."""


class Devices(msgspec.Struct, frozen=True):
    """All of them, this one's pen first."""

    pen: str
    """Of this device: own, here, locked, away, unpaired or forgotten."""
    devices: list[DeviceView]


class DeviceTicket(msgspec.Struct, frozen=True):
    """What another device needs to join; good once."""

    link: str
    """To be opened there with `popctl device join`."""
    code: list[str]
    """The same as a QR code without its quiet zone: a row a text, 1 for dark."""
    until_us: int
    """When it is void, by the daemon's clock."""


class OwnValues(msgspec.Struct, frozen=True):
    """One map of the user's own notes."""

    values: Annotated[
        dict[Annotated[str, Meta(max_length=MAX_TEXT)], Annotated[str, Meta(max_length=MAX_TEXT)]],
        Meta(max_length=MAX_VALUES),
    ]
    """By name. What is put in is kept beside what was there; an empty text is taken back."""
