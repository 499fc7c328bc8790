"""The store: entries in order of arrival, and blobs by digest, written in whole transactions."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Self

from consensus.identifiers import ContentId
from consensus.statement import Statement
from popd.storage.sqlite_file import StorageError, open_sqlite

SCHEMA: Final = """
CREATE TABLE entries (
    arrival INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    author BLOB NOT NULL,
    number INTEGER NOT NULL,
    wire BLOB NOT NULL
) STRICT;
CREATE TABLE blobs (
    id BLOB PRIMARY KEY,
    data BLOB NOT NULL,
    stored_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


class Database:
    """One open store. Any thread may use it, one at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use `open_database`."""
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def write(
        self, statements: Iterable[Statement], blobs: Iterable[tuple[ContentId, bytes]], now_ms: int
    ) -> None:
        """Keeps entries and blobs in one transaction; what is there already stays as it is.

        Raises StorageError when the disk does not take it; then nothing of it was kept.
        """
        rows = [(s.id, s.entry.author, s.entry.number, s.wire) for s in statements]
        try:
            with self._connection:
                self._connection.executemany(
                    "INSERT INTO entries (id, author, number, wire) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (id) DO NOTHING",
                    rows,
                )
                self._connection.executemany(
                    "INSERT INTO blobs (id, data, stored_ms) VALUES (?, ?, ?)"
                    " ON CONFLICT (id) DO NOTHING",
                    [(blob, data, now_ms) for blob, data in blobs],
                )
        except sqlite3.Error as error:
            raise StorageError(
                f"The ledger could not be written ({error}). What was there before is safe. "
                "Free some disk space, or check that the folder is writable, and start again."
            ) from error

    def wires(self) -> Iterator[bytes]:
        """All entries in order of arrival."""
        for (wire,) in self._connection.execute("SELECT wire FROM entries ORDER BY arrival"):
            yield wire

    def count(self) -> int:
        """How many entries there are."""
        (count,) = self._connection.execute("SELECT count(*) FROM entries").fetchone()
        return int(count)

    def blob(self, blob: ContentId) -> bytes | None:
        """A chart or evidence, or None."""
        row = self._connection.execute("SELECT data FROM blobs WHERE id = ?", (blob,)).fetchone()
        return None if row is None else bytes(row[0])


def open_database(path: Path) -> Database:
    """Opens the store, and makes it where there is none.

    Raises StorageError for a file that is no store, or one of a newer popd.
    """
    anew = "Move it away to start with an empty one; peers will fill it again."
    return Database(open_sqlite(path, SCHEMA, "a ledger", anew))
