"""The store keeps what it took, in order, whole transactions only."""

import sqlite3
from pathlib import Path

import pytest

from consensus.identifiers import ContentId
from consensus.parameters import PRACTICE
from popd.storage.database import open_database
from popd.storage.sqlite_file import StorageError
from simulations.scribe import author, begin

NOW_MS = 1_700_000_000_000
ENTRIES = [begin(PRACTICE, author(f"a{i}"), NOW_MS) for i in range(5)]


def test_entries_come_back_in_order_of_arrival_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with open_database(path) as database:
        database.write(ENTRIES[:3], [], NOW_MS)
        database.write(ENTRIES[1:], [], NOW_MS)
    with open_database(path) as database:
        assert list(database.wires()) == [entry.wire for entry in ENTRIES]
        assert database.count() == 5


def test_blobs_come_back_by_digest(tmp_path: Path) -> None:
    with open_database(tmp_path / "l") as database:
        database.write([], [(ContentId(bytes(32)), b"chart")], NOW_MS)
        assert database.blob(ContentId(bytes(32))) == b"chart"
        assert database.blob(ContentId(bytes([1]) * 32)) is None


def test_what_was_committed_survives_a_process_that_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "l"
    database = open_database(path)
    database.write(ENTRIES, [], NOW_MS)
    with open_database(path) as other:
        assert other.count() == 5
    database.close()


def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "l"
    path.write_bytes(b"my diary, not a database" * 100)
    with pytest.raises(StorageError, match="Nothing was changed"):
        open_database(path)
    assert path.read_bytes() == b"my diary, not a database" * 100


def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "l"
    open_database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="newer popd"):
        open_database(path)


def test_a_full_disk_keeps_nothing_of_the_write_and_all_of_what_was_before(tmp_path: Path) -> None:
    with open_database(tmp_path / "l") as database:
        database.write(ENTRIES[:1], [], NOW_MS)
        (pages,) = database._connection.execute("PRAGMA page_count").fetchone()
        database._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match="is safe"):
            database.write(ENTRIES[1:], [(ContentId(bytes(32)), bytes(200_000))], NOW_MS)
        assert list(database.wires()) == [ENTRIES[0].wire]
