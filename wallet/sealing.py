"""A keyring under a passphrase: the bytes of the keystore file, and back.

The file is two lines. The first is JSON: how the key is stretched (Argon2id), its salt, and the
keyring in a box (XSalsa20-Poly1305). The second is the BLAKE2b-256 of the first in hexadecimal.
The box alone cannot tell a wrong passphrase from a worn disk; the second line can. It protects from
accidents only: whoever alters the file on purpose and mends that line gets a box that stays shut.
Later versions keep the two lines, `format` and `version`, and may change the rest.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

import msgspec
from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox

from wallet.keyring import SECRET_BYTES, Keyring
from wallet.keystore_errors import KeystoreError, KeystoreReason

FORMAT = "popd keystore"
VERSION = 1
MAX_KEYSTORE_BYTES = 4096
"""A version 1 file has about 400 bytes; the rest is room for later versions."""

SALT_BYTES = argon2id.SALTBYTES
NONCE_BYTES = SecretBox.NONCE_SIZE
SEALED_BYTES = NONCE_BYTES + SecretBox.MACBYTES + 3 * SECRET_BYTES


@dataclass(frozen=True, slots=True)
class StretchingCost:
    """How much work each guess of a passphrase costs, its owner's as well as a thief's."""

    operations: int
    """Passes of Argon2id over its memory."""

    memory_bytes: int
    """Memory that Argon2id fills, in bytes."""


MODERATE_COST = StretchingCost(argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE)
"""For what people can remember: 256 MiB and about 0.4 s a guess."""

LEAST_COST = StretchingCost(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)
"""For passphrases of 256 random bits, which no amount of guessing finds."""

HIGHEST_COST = StretchingCost(16, argon2id.MEMLIMIT_SENSITIVE)
"""What a file may ask of this machine: 1 GiB. A hostile file would ask for a terabyte."""


class _Heading(msgspec.Struct, frozen=True):
    """What the first line of every version says."""

    format: str
    """Always `FORMAT`."""

    version: int
    """Which layout the rest of the line has."""


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of version 1; byte fields are base64."""

    format: str
    """Always `FORMAT`."""

    version: int
    """Always 1."""

    operations: int
    """Passes of Argon2id."""

    memory_bytes: int
    """Memory that Argon2id fills, in bytes."""

    salt: bytes
    """16 random bytes that make this file's key unlike any other of the same passphrase."""

    sealed: bytes
    """Nonce (24 bytes), authenticator (16 bytes) and the encrypted keyring (96 bytes)."""


def sealed_keyring(
    keyring: Keyring, passphrase: str, cost: StretchingCost, salt: bytes, nonce: bytes
) -> bytes:
    """Return the bytes of a keystore file.

    `salt` (16 bytes) and `nonce` (24 bytes) must be random and new each time. Takes as long as
    `cost` says. Raises KeystoreError EMPTY_PASSPHRASE.
    """
    assert len(salt) == SALT_BYTES
    assert len(nonce) == NONCE_BYTES
    assert _is_affordable(cost)
    if not passphrase:
        raise KeystoreError(
            KeystoreReason.EMPTY_PASSPHRASE, "An empty passphrase protects nothing; choose one."
        )
    secret = keyring.identity_seed + keyring.node_key_seed + keyring.node_secret
    sealed = bytes(_box(passphrase, cost, salt).encrypt(secret, nonce))
    document = _Document(FORMAT, VERSION, cost.operations, cost.memory_bytes, salt, sealed)
    line = msgspec.json.encode(document)
    return line + b"\n" + _checksum(line) + b"\n"


def opened_keyring(content: bytes, passphrase: str) -> Keyring:
    """Return the keyring in the bytes of a keystore file.

    Takes as long as the cost in the file says, at most `HIGHEST_COST`. Raises KeystoreError
    TRUNCATED, DAMAGED, NEWER_VERSION, COST_OUT_OF_BOUNDS or WRONG_PASSPHRASE.
    """
    document = _read_document(_whole_line(content))
    cost = StretchingCost(document.operations, document.memory_bytes)
    if not _is_affordable(cost):
        raise KeystoreError(
            KeystoreReason.COST_OUT_OF_BOUNDS,
            f"The keystore asks for {cost.memory_bytes} bytes of memory and {cost.operations} "
            "passes to be opened, which no keystore of popd does. Restore it from a copy.",
        )
    try:
        secret = _box(passphrase, cost, document.salt).decrypt(document.sealed)
    except CryptoError:
        raise KeystoreError(
            KeystoreReason.WRONG_PASSPHRASE,
            "The passphrase does not open this keystore. Try again.",
        ) from None
    return Keyring(
        identity_seed=secret[:SECRET_BYTES],
        node_key_seed=secret[SECRET_BYTES : 2 * SECRET_BYTES],
        node_secret=secret[2 * SECRET_BYTES :],
    )


def _whole_line(content: bytes) -> bytes:
    """Return the first of the two lines, after comparing it with the second."""
    if content.count(b"\n") < 2 or not content.endswith(b"\n"):
        raise KeystoreError(
            KeystoreReason.TRUNCATED,
            "The end of the keystore is missing. Restore it from a copy, or from the 24 words.",
        )
    line, _, checksum = content[:-1].partition(b"\n")
    if checksum != _checksum(line):
        raise _damage()
    return line


def _read_document(line: bytes) -> _Document:
    try:
        heading = msgspec.json.decode(line, type=_Heading)
        if heading.format == FORMAT and heading.version > VERSION:
            raise KeystoreError(
                KeystoreReason.NEWER_VERSION,
                f"The keystore has version {heading.version}, and this popd knows {VERSION}. "
                "Install a newer popd.",
            )
        document = msgspec.json.decode(line, type=_Document)
    except msgspec.DecodeError:
        raise _damage() from None
    if not _is_well_formed(document):
        raise _damage()
    return document


def _is_well_formed(document: _Document) -> bool:
    return (
        (document.format, document.version) == (FORMAT, VERSION)
        and len(document.salt) == SALT_BYTES
        and len(document.sealed) == SEALED_BYTES
    )


def _is_affordable(cost: StretchingCost) -> bool:
    return (
        LEAST_COST.operations <= cost.operations <= HIGHEST_COST.operations
        and LEAST_COST.memory_bytes <= cost.memory_bytes <= HIGHEST_COST.memory_bytes
    )


def _box(passphrase: str, cost: StretchingCost, salt: bytes) -> SecretBox:
    # Keyboards differ in how they compose an accented letter; the passphrase is the same.
    typed = unicodedata.normalize("NFKD", passphrase).encode()
    key = argon2id.kdf(
        SecretBox.KEY_SIZE, typed, salt, opslimit=cost.operations, memlimit=cost.memory_bytes
    )
    return SecretBox(key)


def _checksum(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=32).hexdigest().encode()


def _damage() -> KeystoreError:
    return KeystoreError(
        KeystoreReason.DAMAGED,
        "The keystore was altered or its disk is failing. Restore it from a copy, or from the 24 "
        "words.",
    )
