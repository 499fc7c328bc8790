"""Opening a file of ours: made where there is none, left alone where it is something else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StorageError(Exception):
    """The store can't be used; the message says what is safe and what to do."""


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises StorageError where what is read of the ledger at `path` is damaged."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"{path} is damaged ({error}). Nothing was changed. Move it away and start again: your "
            "node then asks others for your chain before it writes anything."
        ) from error


def open_sqlite(path: Path, schema: str, what: str, anew: str) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time, to a file of schema version 1.

    A file made here can give room back (PRAGMA incremental_vacuum); an older one keeps its form.
    Write-ahead logging with synchronous=NORMAL: a killed process loses nothing that was committed.
    `what` the file is and how to begin `anew` go into the message. Raises StorageError for a file
    that is none of ours, or one of a newer popd.
    """
    try:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=5)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if version == 0:
            connection.executescript(f"BEGIN; {schema} PRAGMA user_version = 1; COMMIT;")
            version = 1
    except sqlite3.Error as error:
        raise StorageError(
            f"{path} can't be opened as {what} ({error}). Nothing was changed. {anew}"
        ) from error
    if version != 1:
        connection.close()
        raise StorageError(
            f"{path} was written by a newer popd (schema {version}). Nothing was changed. "
            "Update popd to use it."
        )
    return connection
