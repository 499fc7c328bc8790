"""Whose keys lie in a folder, known without opening them: a small file names the public key.

It is a note and no proof: whoever opens the keys writes it anew where it is missing or wrong.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from consensus.identifiers import IdentityId, from_did, to_did
from consensus.signing import is_public_key, public_key
from wallet.devices import read_pen
from wallet.keyring import Keyring
from wallet.keystore import open_practice_keystore
from wallet.keystore_errors import KeystoreError
from wallet.places import KeyPlace, places_in
from wallet.private_files import create_private_file, read_private_file, replace_private_file

DID_NAME: Final = "did"
MAX_DID_BYTES: Final = 128


def note_identity(folder: Path, keyring: Keyring) -> None:
    """Notes whose keys lie in a folder; nothing happens where the note can't be written."""
    identity, path = IdentityId(public_key(keyring.identity_seed)), folder / DID_NAME
    if _noted(path) == identity:
        return
    write = replace_private_file if path.exists() else create_private_file
    with suppress(KeystoreError, OSError):
        write(path, f"{to_did(identity)}\n".encode())


def identity_in(place: KeyPlace) -> IdentityId | None:
    """For whom the keys of a place write; None where nobody noted it yet.

    A companion's keys are its own: it writes for the identity whose pen it borrows.
    """
    try:
        pen = read_pen(place.pen)
    except (KeystoreError, OSError):
        return None
    if pen is not None:
        return IdentityId(pen.identity)
    return _noted(place.folder / DID_NAME) or _opened(place)


def places_of(home: Path, identity: IdentityId) -> list[KeyPlace]:
    """Where in a home keys of this identity lie already, companions aside."""
    return [
        place
        for place in places_in(home)
        if not place.pen.exists() and identity_in(place) == identity
    ]


def _opened(place: KeyPlace) -> IdentityId | None:
    """By opening the keys, where their passphrase lies beside them."""
    try:
        keyring = open_practice_keystore(place.folder)
    except (KeystoreError, OSError):
        return None
    return IdentityId(public_key(keyring.identity_seed))


def _noted(path: Path) -> IdentityId | None:
    try:
        key = from_did(read_private_file(path, MAX_DID_BYTES).decode().strip())
    except (KeystoreError, OSError, ValueError):
        return None
    return key if is_public_key(key) else None
