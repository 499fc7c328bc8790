"""The keystore: the file that keeps a node's keys encrypted while nobody uses them.

Opening and creating block for as long as the stretching of the passphrase takes (0.4 s for one that
a person chose), so call them from a worker thread where something else is waiting.
"""

import secrets
from pathlib import Path

from wallet.keyring import Keyring
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.places import KEYSTORE_NAME, PASSPHRASE_NAME
from wallet.private_files import (
    check_absent,
    create_private_file,
    read_private_file,
    replace_private_file,
)
from wallet.sealing import (
    LEAST_COST,
    MAX_KEYSTORE_BYTES,
    MODERATE_COST,
    NONCE_BYTES,
    SALT_BYTES,
    StretchingCost,
    opened_keyring,
    sealed_keyring,
)

MAX_PASSPHRASE_BYTES = 1024


def create_keystore(
    path: Path, keyring: Keyring, passphrase: str, cost: StretchingCost = MODERATE_COST
) -> None:
    """Write a new keystore. Raises KeystoreError EXISTS, OPEN_TO_OTHERS or EMPTY_PASSPHRASE."""
    create_private_file(path, _freshly_sealed(keyring, passphrase, cost))


def open_keystore(path: Path, passphrase: str) -> Keyring:
    """Return the keyring. Raises KeystoreError with any reason but EXISTS and EMPTY_PASSPHRASE."""
    try:
        content = read_private_file(path, MAX_KEYSTORE_BYTES)
    except KeystoreError as error:
        if error.reason is not KeystoreReason.MISSING:
            raise
        raise KeystoreError(error.reason, f"{error} Create or recover an identity first.") from None
    return opened_keyring(content, passphrase)


def change_passphrase(
    path: Path, passphrase: str, new_passphrase: str, cost: StretchingCost = MODERATE_COST
) -> None:
    """Seal the same keyring under another passphrase. Raises KeystoreError with any reason."""
    keyring = open_keystore(path, passphrase)
    replace_private_file(path, _freshly_sealed(keyring, new_passphrase, cost))


def read_passphrase_file(path: Path) -> str:
    """Return the passphrase in a private file, without the end of its line."""
    content = read_private_file(path, MAX_PASSPHRASE_BYTES)
    try:
        return content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise KeystoreError(
            KeystoreReason.DAMAGED, f"{path} is not text; a passphrase file is one line of UTF-8."
        ) from None


def create_practice_keystore(folder: Path, keyring: Keyring) -> None:
    """Write a keystore for the practice network, where nobody is asked for a passphrase.

    The passphrase is random and lies beside the keystore, both readable by their owner only: this
    protects a copied keystore, and nothing on the machine itself. Raises KeystoreError EXISTS or
    OPEN_TO_OTHERS.
    """
    keystore_path, passphrase_path = folder / KEYSTORE_NAME, folder / PASSPHRASE_NAME
    check_absent(keystore_path)
    # After a crash between the two files the passphrase is there and protects nothing yet.
    if not passphrase_path.exists():
        create_private_file(passphrase_path, f"{secrets.token_urlsafe(32)}\n".encode())
    passphrase = read_passphrase_file(passphrase_path)
    create_keystore(keystore_path, keyring, passphrase, LEAST_COST)


def open_practice_keystore(folder: Path) -> Keyring:
    """Return the keyring of a practice keystore. Raises KeystoreError as `open_keystore`."""
    passphrase = read_passphrase_file(folder / PASSPHRASE_NAME)
    return open_keystore(folder / KEYSTORE_NAME, passphrase)


def _freshly_sealed(keyring: Keyring, passphrase: str, cost: StretchingCost) -> bytes:
    salt = secrets.token_bytes(SALT_BYTES)
    return sealed_keyring(keyring, passphrase, cost, salt, secrets.token_bytes(NONCE_BYTES))
