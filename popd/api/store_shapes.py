"""What is kept and why, as JSON. Sizes are bytes, shares ppm."""

from typing import Annotated

import msgspec
from msgspec import Meta

from popd.api.shapes import Person


class TierState(msgspec.Struct, frozen=True):
    """Entries that are kept for one reason."""

    tier: str
    """own_and_path, trusted, named or strangers"""
    why: str
    """The reason in words."""
    authors: int
    entries: int
    bytes: int
    bound_bytes: int
    """What it may take up."""
    used_ppm: int
    """How much of that it does."""


class DelivererState(msgspec.Struct, frozen=True):
    """Strangers that one peer delivered first."""

    peer: str
    """Empty for what was here before the node started."""
    subnet: str
    authors: int
    bytes: int


class SubnetState(msgspec.Struct, frozen=True):
    """Strangers that came from one subnet."""

    subnet: str
    """Empty where that isn't known."""
    authors: int
    bytes: int


class DeclinedState(msgspec.Struct, frozen=True):
    """People who are not kept whole at present, for one reason."""

    reason: str
    why: str
    authors: int
    latest: list[Person]


class BlobsState(msgspec.Struct, frozen=True):
    """Charts and evidence."""

    count: int
    bytes: int
    bound_bytes: int


class FileState(msgspec.Struct, frozen=True):
    """The file on disk."""

    bytes: int
    free_bytes: int
    """What of it is free: given back to the disk step by step."""


class StoreState(msgspec.Struct, frozen=True):
    """What is kept, and why."""

    store_bytes: int
    kept_bytes: int
    strangers_bound_bytes: int
    peer_bound_bytes: int
    subnet_bound_bytes: int
    roomy: bool
    """Every stranger is taken in whole."""
    emptying: bool
    """Entries of strangers are being let go."""
    tiers: list[TierState]
    peers: list[DelivererState]
    subnets: list[SubnetState]
    declined: list[DeclinedState]
    evicted_entries: int
    """Since the node started."""
    blobs: BlobsState
    file: FileState
    pinned: list[Person]
    next_steps: list[str] = msgspec.field(name="next")
    """What to do where something does not fit; empty where all is well."""


class PinBody(msgspec.Struct, frozen=True):
    """Keep everything of somebody."""

    person: Annotated[str, Meta(max_length=80)]
    """A did:key or 64 hexadecimal digits."""


class Pins(msgspec.Struct, frozen=True):
    """Of whom everything is kept."""

    pinned: list[Person]
