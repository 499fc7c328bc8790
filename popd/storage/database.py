"""The store: entries in order of arrival, and blobs by digest, written in whole transactions."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.statement import Statement
from popd.node.stock import StoreSizes
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

PINS: Final = "CREATE TABLE IF NOT EXISTS pins (identity BLOB PRIMARY KEY) STRICT, WITHOUT ROWID"
"""Whom the user pinned; stores of an earlier popd get it when they are opened."""
NOTES: Final = (
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, data BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID"
)
"""What the node wrote down; likewise."""
INCREMENTAL: Final = 2
"""What PRAGMA auto_vacuum says of a file that can shrink step by step."""
SHRINK_PAGES: Final = 1_024
"""Pages given back in one step: 4 MiB, some milliseconds."""


class Database:
    """One open store. Any thread may use it, one at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use `open_database`."""
        self._connection = connection
        self._free_pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def write(
        self,
        statements: Iterable[Statement],
        blobs: Iterable[tuple[ContentId, bytes]],
        now_ms: int,
        forgotten: Iterable[EntryId] = (),
        notes: Mapping[str, bytes | None] = MappingProxyType({}),
        dropped: Iterable[ContentId] = (),
    ) -> None:
        """Keeps entries and blobs in one transaction; what is there already stays as it is.

        `forgotten` are let go in the same transaction; none of them is among `statements`.
        `notes` take the place of those of the same name, or let them go (None). Blobs that are
        `dropped` are gone, even if they are among `blobs`.
        Raises StorageError when the disk does not take it; then nothing of it happened.
        """
        rows = [(s.id, s.entry.author, s.entry.number, s.wire) for s in statements]
        with self._transaction():
            self._connection.executemany(
                "DELETE FROM entries WHERE id = ?", [(entry,) for entry in forgotten]
            )
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
            self._connection.executemany(
                "DELETE FROM blobs WHERE id = ?", [(blob,) for blob in dropped]
            )
            self._connection.executemany(
                "DELETE FROM notes WHERE name = ?", [(name,) for name in notes]
            )
            self._connection.executemany(
                "INSERT INTO notes (name, data) VALUES (?, ?)",
                [(name, data) for name, data in notes.items() if data is not None],
            )

    def forget(self, entries: Iterable[EntryId]) -> None:
        """Lets go of entries; those that are not there are no matter. Raises StorageError."""
        self.write((), (), 0, entries)

    def prune_blobs(self, before_ms: int, needed: Set[ContentId], max_bytes: int) -> int:
        """Lets go of blobs that nobody needs; returns how many went.

        What was stored before `before_ms` goes, then the oldest until all are at most
        `max_bytes` together; never one that is `needed`. Raises StorageError.
        """
        rows = self._connection.execute(
            "SELECT id, stored_ms, length(data) FROM blobs ORDER BY stored_ms, id"
        ).fetchall()
        total = sum(size for _, _, size in rows)
        going: list[bytes] = []
        for blob, stored_ms, size in rows:
            if stored_ms >= before_ms and total <= max_bytes:
                break
            if blob not in needed:
                going.append(blob)
                total -= size
        with self._transaction():
            self._connection.executemany(
                "DELETE FROM blobs WHERE id = ?", [(blob,) for blob in going]
            )
        return len(going)

    def shrink(self, max_pages: int = SHRINK_PAGES) -> bool:
        """Gives some of the room that is free in the file back to the disk.

        Returns whether there is more. Raises StorageError.
        """
        with self._transaction():
            # It frees one page a step, and only a script takes all steps.
            self._connection.executescript(f"PRAGMA incremental_vacuum({max_pages:d})")
        before, free = self._free_pages, self._row("PRAGMA freelist_count")[0]
        self._free_pages = free
        return bool(free and free != before)

    def sizes(self) -> StoreSizes:
        """What the file holds, counted now."""
        entries, entry_bytes = self._row("SELECT count(*), total(length(wire)) FROM entries")
        blobs, blob_bytes = self._row("SELECT count(*), total(length(data)) FROM blobs")
        pages, free, page = (
            self._row(f"PRAGMA {name}")[0] for name in ("page_count", "freelist_count", "page_size")
        )
        return StoreSizes(
            entries, int(entry_bytes), blobs, int(blob_bytes), pages * page, free * page
        )

    def pins(self) -> frozenset[IdentityId]:
        """Whom the user pinned."""
        rows = self._connection.execute("SELECT identity FROM pins")
        return frozenset(IdentityId(identity) for (identity,) in rows)

    def notes(self) -> dict[str, bytes]:
        """What the node wrote down, by name."""
        rows = self._connection.execute("SELECT name, data FROM notes")
        return {name: bytes(data) for name, data in rows}

    def set_pins(self, pinned: Iterable[IdentityId]) -> None:
        """The user pinned these people, and nobody else. Raises StorageError."""
        with self._transaction():
            self._connection.execute("DELETE FROM pins")
            self._connection.executemany(
                "INSERT INTO pins (identity) VALUES (?)", [(identity,) for identity in pinned]
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it or nothing; raises StorageError when the disk does not take it."""
        try:
            with self._connection:
                yield
        except sqlite3.Error as error:
            raise StorageError(
                f"The ledger could not be written ({error}). What was there before is safe. "
                "Free some disk space, or check that the folder is writable, and start again."
            ) from error

    def _row(self, query: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self._connection.execute(query).fetchone()
        return row

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

    One that was made before stores could shrink is rebuilt once, where the disk has room for that.
    Raises StorageError for a file that is no store, or one of a newer popd.
    """
    anew = "Move it away to start with an empty one; peers will fill it again."
    connection = open_sqlite(path, SCHEMA, "a ledger", anew)
    try:
        connection.execute(PINS)
        connection.execute(NOTES)
    except sqlite3.Error as error:
        connection.close()
        raise StorageError(f"{path} can't be written ({error}). Nothing was changed.") from error
    _make_shrinkable(connection)
    return Database(connection)


def _make_shrinkable(connection: sqlite3.Connection) -> None:
    (form,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    if form != INCREMENTAL:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        with suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")
