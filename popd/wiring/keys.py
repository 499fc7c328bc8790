"""Opens the keys of a home; on practice they are made without a question."""

import sys
from pathlib import Path

from popd.config import Home, Settings
from wallet.keyring import Keyring, random_keyring
from wallet.keystore import (
    create_keystore,
    create_practice_keystore,
    open_keystore,
    open_practice_keystore,
    read_passphrase_file,
)
from wallet.whose import note_identity


def open_keyring(home: Home, settings: Settings, passphrase_file: str | None) -> Keyring:
    """The keys of a home, made where there are none, with a note whose they are.

    The passphrase and errors are as of `_opened`.
    """
    keyring = _opened(home, settings, passphrase_file)
    note_identity(home.keys.folder, keyring)
    return keyring


def _opened(home: Home, settings: Settings, passphrase_file: str | None) -> Keyring:
    """The keys of a home, made where there are none.

    The passphrase is in the file; without one, `practice` uses its own 0600 file, and other
    networks take a line from standard input. Raises KeystoreError.
    """
    keys = home.keys
    if passphrase_file is None and settings.network == "practice":
        if not keys.keystore.exists():
            create_practice_keystore(keys.folder, random_keyring())
        if keys.passphrase.exists():
            return open_practice_keystore(keys.folder)
    if passphrase_file is None:
        passphrase = sys.stdin.readline().rstrip("\n")
    else:
        passphrase = read_passphrase_file(Path(passphrase_file))
    if not keys.keystore.exists():
        create_keystore(keys.keystore, random_keyring(), passphrase)
    return open_keystore(keys.keystore, passphrase)
