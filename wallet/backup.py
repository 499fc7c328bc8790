"""A backup: keys, chain and private files of an identity in one file, under its passphrase.

The file is a heading, the keystore as it is, and a box (XSalsa20-Poly1305) whose key follows from
the identity's seed, so that one passphrase opens both; then a digest that tells a torn file from
a wrong passphrase. The chain is in it so that whoever restores knows where it ended.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from consensus.encoding import Canonical, decode, digest, encode, keyed_digest
from consensus.fields import Fields
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import public_key
from consensus.statement import Statement, read_statement
from consensus.units import Milliseconds
from wallet.keyring import Keyring
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.sealing import MAX_KEYSTORE_BYTES, opened_keyring

HEADING: Final = b"popd backup 1\n"
VERSION: Final = 1
MAX_BACKUP_BYTES: Final = 256 * 1024 * 1024
"""A chain of half a million entries."""
MAX_FILES: Final = 16
MAX_ENTRY_BYTES: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 8 * 1024 * 1024
"""Names of the most people, each changed dozens of times, fill half of it."""
DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds besides the keys."""

    network: str
    """Which ledger the chain belongs to."""
    made_ms: Milliseconds
    """When it was made."""
    wires: tuple[bytes, ...] = ()
    """The entries of the identity's own chain, every branch, in order of their numbers."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Private files of the home, by name: what counts for its owner, names they gave."""


def sealed_backup(keystore: bytes, keyring: Keyring, contents: Contents) -> bytes:
    """The bytes of a backup file. `keystore` is the keystore file that holds `keyring`."""
    assert keystore.count(b"\n") == 2
    assert len(keystore) <= MAX_KEYSTORE_BYTES
    body = encode(
        (
            VERSION,
            contents.network,
            contents.made_ms,
            contents.wires,
            tuple(sorted(contents.files.items())),
        )
    )
    box = bytes(_box(keyring).encrypt(zlib.compress(body, level=6)))
    whole = HEADING + keystore + box
    return whole + digest(whole)


def opened_backup(data: bytes, passphrase: str) -> tuple[Keyring, bytes, Contents]:
    """The keys, the keystore file and the rest of a backup, all checked.

    Raises KeystoreError TRUNCATED, DAMAGED, NEWER_VERSION, WRONG_PASSPHRASE and what opening a
    keystore raises; DAMAGED as well where the chain in it is not the identity's, whole.
    """
    if not data.startswith(HEADING[:12]):
        raise KeystoreError(KeystoreReason.DAMAGED, "That file is no backup of popd.")
    if not data.startswith(HEADING):
        raise KeystoreError(
            KeystoreReason.NEWER_VERSION, "A newer popd made that backup. Install a newer popd."
        )
    whole = data[:-DIGEST_BYTES]
    lines = whole.removeprefix(HEADING).split(b"\n", 2)
    if len(lines) < 3 or digest(whole) != data[-DIGEST_BYTES:]:
        raise KeystoreError(
            KeystoreReason.TRUNCATED,
            "The backup was cut off or altered. Take another copy, or restore from the 24 words.",
        )
    first, second, box = lines
    keystore = first + b"\n" + second + b"\n"
    keyring = opened_keyring(keystore, passphrase)
    try:
        body = _inflated(_box(keyring).decrypt(box))
        contents = _read(decode(body, MAX_BACKUP_BYTES))
        check_chain(contents, IdentityId(public_key(keyring.identity_seed)))
    except (CryptoError, zlib.error, RejectionError) as error:
        raise KeystoreError(
            KeystoreReason.DAMAGED, f"The keys are whole, but not what lies beside them: {error}."
        ) from error
    return keyring, keystore, contents


def check_chain(contents: Contents, identity: IdentityId) -> tuple[Statement, ...]:
    """The entries of a backup, which are the identity's, signed, and follow on each other.

    Raises RejectionError where they don't.
    """
    known: set[EntryId] = {NO_ENTRY}
    statements = []
    for wire in contents.wires:
        statement = read_statement(wire, contents.network)
        if statement.entry.author != identity or statement.entry.prev not in known:
            raise RejectionError(
                RejectionReason.BROKEN_CHAIN, "the chain is not the identity's, whole"
            )
        known.add(statement.id)
        statements.append(statement)
    return tuple(statements)


def _read(body: Canonical) -> Contents:
    fields = Fields("backup", body, 5)
    fields.integer(VERSION, VERSION)
    network = fields.text(32)
    made_ms = Milliseconds(fields.integer())
    wires = tuple(
        Fields("entry", (wire,), 1).binary(1, MAX_ENTRY_BYTES) for wire in fields.array(0, 2**24)
    )
    files = dict(_file(item) for item in fields.array(0, MAX_FILES))
    return Contents(network, made_ms, wires, files)


def _file(body: Canonical) -> tuple[str, bytes]:
    fields = Fields("file", body, 2)
    return fields.text(64), fields.binary(0, MAX_FILE_BYTES)


def _inflated(data: bytes) -> bytes:
    """Whatever it was deflated from, but no more of it than a backup may hold."""
    inflating = zlib.decompressobj()
    body = inflating.decompress(data, MAX_BACKUP_BYTES)
    if inflating.unconsumed_tail or not inflating.eof:
        raise zlib.error("it holds more than a backup does")
    return body


def _box(keyring: Keyring) -> SecretBox:
    return SecretBox(keyed_digest(keyring.identity_seed, b"popd backup"))
