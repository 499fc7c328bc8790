"""Where the keys of a home lie: one folder an identity, and one of them in use.

The first identity's keys lie in the home itself; each further one has a folder of its own below
`identities/`. A small file names the one in use.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.private_files import create_private_file, replace_private_file

KEYSTORE_NAME: Final = "keystore"
PASSPHRASE_NAME: Final = "keystore.passphrase"
FIRST: Final = "first"
"""What the identity in the home itself is called."""
CHOICE_NAME: Final = "identity"
RESTORED_NAME: Final = "restored"
BEGUN_NAME: Final = "begun"
PEN_NAME: Final = "pen"
DEVICES_NAME: Final = "devices"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
MAX_CHOICE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """The folder of one identity's keys."""

    name: str
    """What its owner calls it on this machine; nobody else learns it."""
    folder: Path
    """Where they lie."""

    @property
    def keystore(self) -> Path:
        """The keys, encrypted."""
        return self.folder / KEYSTORE_NAME

    @property
    def passphrase(self) -> Path:
        """The passphrase in a private file; only where nobody chose one."""
        return self.folder / PASSPHRASE_NAME

    @property
    def restored(self) -> Path:
        """There while the chain of these keys is not known again; may hold what a backup knew."""
        return self.folder / RESTORED_NAME

    @property
    def begun(self) -> Path:
        """There once a ledger was opened with these keys: they may have a chain from then on."""
        return self.folder / BEGUN_NAME

    @property
    def pen(self) -> Path:
        """Whose pen this device borrows; only on a companion."""
        return self.folder / PEN_NAME

    @property
    def devices(self) -> Path:
        """The companions of the device that holds the pen."""
        return self.folder / DEVICES_NAME


def place_named(home: Path, name: str) -> KeyPlace:
    """The place of an identity; raises KeystoreError BAD_NAME for what can't name one."""
    if not NAME.fullmatch(name):
        raise KeystoreError(
            KeystoreReason.BAD_NAME,
            "A name of an identity has up to 32 small letters, digits and hyphens.",
        )
    return KeyPlace(name, home if name == FIRST else home / "identities" / name)


def places_in(home: Path) -> list[KeyPlace]:
    """All identities that have keys here, the first one first, then by name."""
    folder = home / "identities"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    known = [place_named(home, name) for name in (FIRST, *names) if NAME.fullmatch(name)]
    return [place for place in known if place.keystore.exists()]


def place_in_use(home: Path) -> KeyPlace:
    """The place whose keys a daemon of this home opens, whether or not there are any yet."""
    try:
        chosen = (home / CHOICE_NAME).read_bytes()[:MAX_CHOICE_BYTES].decode().strip()
    except (FileNotFoundError, UnicodeDecodeError):
        chosen = FIRST
    return place_named(home, chosen if NAME.fullmatch(chosen) else FIRST)


def use_place(home: Path, place: KeyPlace) -> None:
    """From the next start on these keys are opened; raises KeystoreError MISSING."""
    if not place.keystore.exists():
        raise KeystoreError(
            KeystoreReason.MISSING,
            f"There is no identity {place.name!r} here. See `popctl wallet identities`.",
        )
    choice = home / CHOICE_NAME
    write = replace_private_file if choice.exists() else create_private_file
    write(choice, f"{place.name}\n".encode())
