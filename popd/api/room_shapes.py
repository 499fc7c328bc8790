"""Rooms as JSON."""

from typing import Annotated

import msgspec
from msgspec import Meta

from popd.api.shapes import Hex, Person
from popd.node.sheets import MAX_LABEL_BYTES

RoomHex = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]


class PartBody(msgspec.Struct, frozen=True):
    """A part: a chart by its id, or one of our own songs with `keys` and `level`."""

    chart: Hex | None = None
    song: Annotated[str, Meta(max_length=64)] | None = None
    keys: Annotated[int, Meta(ge=1, le=18)] = 4
    level: Annotated[str, Meta(max_length=32)] = "easy"
    label: Annotated[str, Meta(max_length=MAX_LABEL_BYTES)] = ""
    """The part in words; by itself how many keys."""


class RoomBody(msgspec.Struct, frozen=True):
    """Which room."""

    room: RoomHex


class ReadyBody(msgspec.Struct, frozen=True):
    """Whether one is ready."""

    ready: bool


class OpenRoomView(msgspec.Struct, frozen=True):
    """A room that a neighbour opened."""

    id: str
    title: str
    chart: str
    """What its host plays."""
    host: Person
    members: int
    playing: bool
    """They have begun, or are about to."""


class MemberView(msgspec.Struct, frozen=True):
    """Somebody in the own room."""

    person: Person
    is_me: bool
    is_host: bool
    part: str | None
    """The chart they play."""
    label: str
    """The part in words, theirs."""
    ready: bool
    here: bool
    """They have not left, as they say themselves or others pass on."""
    connected: bool
    """Their node is connected to this one; others may still hear of them."""
    player: bool
    """They were counted in."""
    playing: bool
    ratings: int
    offset_us: int | None
    """How far their clock is ahead of this daemon's; null before it was measured."""
    uncertainty_us: int | None
    """By how much that may be wrong, if they are honest."""


class RoomView(msgspec.Struct, frozen=True):
    """The own room."""

    id: str
    title: str
    host: Person
    is_host: bool
    state: str
    """gathering, counting or playing"""
    t0_us: int | None
    """When the song begins, by this daemon's clock; null while all gather."""
    uncertainty_us: int | None
    """By how much the own start may differ from the host's."""
    can_play: bool
    """The user was counted in."""
    witnesses: int
    """How many people are connected to this node, and could witness its user: no members."""
    advice: str
    """What to do when nobody could; else empty."""
    members: list[MemberView]
    """The host first, then by name."""


class Rooms(msgspec.Struct, frozen=True):
    """The own room, if any, and those nearby that are open."""

    own: RoomView | None
    nearby: list[OpenRoomView]
