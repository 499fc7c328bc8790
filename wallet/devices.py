"""What a device keeps of the user's others: keys of their channel, in private files.

The device that holds the pen has a `devices` file; each of its companions has a `pen` file, which
says whose pen it borrows. Both are JSON, small, and written whole or not at all.
"""

from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.private_files import create_private_file, read_private_file, replace_private_file

MAX_DEVICES: Final = 16
"""Companions of one pen; more than anybody plays on."""
MAX_NAME: Final = 32
"""Characters of a device's name."""
MAX_KNOWN_ADDRESSES: Final = 8
MAX_FILE_BYTES: Final = 128 * 1024
BOOK_WAY_OUT: Final = (
    "Move it away, start again, and take each device in once more: popctl device pair here, "
    "popctl device join there. They keep what they have."
)
PEN_WAY_OUT: Final = (
    "Join once more into this folder: popctl device pair on the device that has your keys, then "
    "popctl device join here. All else in the folder stays."
)

T = TypeVar("T", bound=msgspec.Struct)
Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
Address = Annotated[str, Meta(max_length=400)]
Addresses = Annotated[tuple[Address, ...], Meta(max_length=MAX_KNOWN_ADDRESSES)]
DeviceName = Annotated[str, Meta(max_length=MAX_NAME)]
Time = Annotated[int, Meta(ge=0, le=2**53)]


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A companion, as the device that holds the pen knows it."""

    node: Key
    """Its node key."""
    name: DeviceName
    """What it is called."""
    pair_key: Key
    """Seals what only the two of them may read: the next group key."""
    paired_ms: Time
    """Since when."""
    seen_ms: Time
    """When it was there last."""
    addresses: Addresses = ()
    """Where it was reached."""

    def __repr__(self) -> str:
        """Without the key: logs show it."""
        return f"Device({self.node.hex()[:8]}…, {self.name!r})"


class GoneDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A companion that was forgotten: it is told so when it comes back."""

    node: Key
    """Its node key."""
    pair_key: Key
    """Seals that one word."""

    def __repr__(self) -> str:
        """Without the key: logs show it."""
        return f"GoneDevice({self.node.hex()[:8]}…)"


class DeviceBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All companions of a pen."""

    group_key: Key
    """Seals what all of them may read; a new one whenever one is forgotten."""
    devices: Annotated[tuple[Device, ...], Meta(max_length=MAX_DEVICES)] = ()
    """Each once."""
    gone: Annotated[tuple[GoneDevice, ...], Meta(max_length=MAX_DEVICES)] = ()
    """The last that were forgotten."""

    def __repr__(self) -> str:
        """Without the key: logs show it."""
        return f"DeviceBook({self.devices!r})"


class BorrowedPen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose pen a companion borrows."""

    network: str
    """Which ledger."""
    identity: Key
    """For whom both devices are."""
    node: Key
    """The device that holds the pen."""
    addresses: Addresses
    """Where it was reached."""
    name: DeviceName
    """What this device is called."""
    secret: Annotated[bytes, Meta(max_length=32)] = b""
    """Of the pairing link, as long as it has not been answered."""
    pair_key: Annotated[bytes, Meta(max_length=32)] = b""
    """Seals what only the two of them may read; empty before they are paired."""
    group_key: Annotated[bytes, Meta(max_length=32)] = b""
    """Seals what all devices may read."""
    others: Annotated[tuple[Key, ...], Meta(max_length=MAX_DEVICES)] = ()
    """Node keys of the other companions."""
    seen_ms: Time = 0
    """When the pen was there last."""
    is_forgotten: bool = False
    """The device that holds the pen has forgotten this one."""

    @property
    def is_paired(self) -> bool:
        """Whether the two know each other, and still do."""
        return len(self.pair_key) == len(self.group_key) == 32 and not self.is_forgotten

    def __repr__(self) -> str:
        """Without keys: logs show it."""
        return f"BorrowedPen({self.node.hex()[:8]}…)"


def read_book(path: Path) -> DeviceBook | None:
    """The companions; None where there are none yet. Raises KeystoreError."""
    return _read(path, DeviceBook, BOOK_WAY_OUT)


def read_pen(path: Path) -> BorrowedPen | None:
    """Whose pen this device borrows; None where it has its own. Raises KeystoreError."""
    return _read(path, BorrowedPen, PEN_WAY_OUT)


def write_devices(path: Path, kept: DeviceBook | BorrowedPen) -> None:
    """Keeps either, whole or not at all. Raises KeystoreError or OSError."""
    write = replace_private_file if path.exists() else create_private_file
    write(path, msgspec.json.encode(kept))


def _read(path: Path, shape: type[T], way_out: str) -> T | None:
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(read_private_file(path, MAX_FILE_BYTES), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise KeystoreError(
            KeystoreReason.DAMAGED,
            f"{path} is damaged. {way_out}",
        ) from None
