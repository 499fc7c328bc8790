"""What the API says of peers and of the daemon's health."""

from typing import Literal

import msgspec


class PeerPath(msgspec.Struct, frozen=True):
    """One way to a peer."""

    address: str
    transport: str
    """`tcp`, `ws` or `relay`."""
    outbound: bool
    """Dialled from here."""
    state: str
    """`active`, `spare` or `failing`."""
    round_trip_ms: float | None
    loss_ppm: int
    bytes_per_s: int


class Incident(msgspec.Struct, frozen=True):
    """Something that a peer did wrong."""

    time_ms: int
    what: str
    """In words."""
    detail: str


class PeerState(msgspec.Struct, frozen=True):
    """A node that can be reached."""

    node: str
    """Its peer id."""
    identity: str | None
    """Who uses it, in hex; null before it said so."""
    name: str
    practice: bool
    """No person plays there."""
    since_ms: int
    subnet: str
    paths: list[PeerPath]
    """The active one first."""
    path_changes: int
    messages_in: int
    messages_out: int
    bytes_in: int
    bytes_out: int
    waiting_bytes: int
    """Not yet acknowledged by it."""
    shed: int
    """Live messages that it was too slow for."""
    is_eager: bool
    """Fresh entries go there at once; otherwise as hints."""
    refused: int
    """Messages of its that were not looked at, because it sent too many."""
    points: int
    """What is held against it; at a hundred we part."""
    incidents: list[Incident]


class BannedPeer(msgspec.Struct, frozen=True):
    """A node that we parted from."""

    node: str
    until_ms: int
    times: int
    """How often we parted."""
    why: str
    incidents: list[Incident]


class Unreached(msgspec.Struct, frozen=True):
    """An address that can't be reached."""

    address: str
    attempts: int
    error: str


class Peers(msgspec.Struct, frozen=True):
    """All of them."""

    peers: list[PeerState]
    banned: list[BannedPeer]
    unreached: list[Unreached]


class Finding(msgspec.Struct, frozen=True):
    """What a check found."""

    level: Literal["good", "note", "problem"]
    subject: str
    """What was looked at."""
    what: str
    """What was found."""
    next: str = ""
    """What to do; empty when there is nothing to do."""


class Checkup(msgspec.Struct, frozen=True):
    """What a look at everything found."""

    healthy: bool
    """No problem was found."""
    findings: list[Finding]
