"""Sees to it that nothing is written before the own chain is known: what a backup knew is taken up,
and where a ledger was lost, peers are asked as after a restore."""

from consensus.encoding import decode, encode
from consensus.rejections import RejectionError
from consensus.statement import read_statement
from popd.config import Home, Settings
from popd.storage.database import Database
from wallet.backup import MAX_BACKUP_BYTES
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.private_files import read_private_file, replace_private_file

NOTHING_LEFT = encode(())
"""The marker stays until peers were asked."""


def miss_ledger(home: Home) -> bool:
    """Marks keys whose ledger is gone, so that others are asked for the chain before it goes on.

    Returns whether they are. Call it before the ledger is opened, and `expect_ledger` afterwards.
    """
    place = home.keys
    is_lost = place.begun.exists() and not home.ledger.exists()
    if is_lost and not place.restored.exists():
        replace_private_file(place.restored, NOTHING_LEFT)
    return is_lost


def expect_ledger(home: Home) -> None:
    """From now on these keys have a ledger here."""
    if not home.keys.begun.exists():
        replace_private_file(home.keys.begun, b"")


def take_up_chain(home: Home, settings: Settings, database: Database) -> None:
    """Stores the entries that a restore left beside the keys. Raises KeystoreError DAMAGED."""
    marker = home.keys.restored
    if not marker.exists():
        return
    try:
        wires = decode(read_private_file(marker, MAX_BACKUP_BYTES), MAX_BACKUP_BYTES)
        statements = [
            read_statement(wire, settings.network)
            for wire in (wires if isinstance(wires, tuple) else ())
            if isinstance(wire, bytes)
        ]
    except RejectionError as error:
        raise KeystoreError(
            KeystoreReason.DAMAGED,
            f"{marker} holds no chain of this network ({error.message}). Restore into this folder "
            "once more, from the backup or the words (popctl wallet restore); all else stays.",
        ) from error
    if statements:
        database.write(statements, (), 0)
        replace_private_file(marker, NOTHING_LEFT)
