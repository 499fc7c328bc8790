"""The store keeps what it took, in order, whole transactions only."""

import sqlite3
from pathlib import Path

import pytest

from consensus.identifiers import ContentId, EntryId
from consensus.parameters import PRACTICE
from popd.storage.database import SCHEMA, Database, open_database
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


def test_what_is_forgotten_is_gone_and_can_be_kept_again(tmp_path: Path) -> None:
    with open_database(tmp_path / "ledger.sqlite3") as database:
        database.write(ENTRIES, [], NOW_MS)
        database.forget([ENTRIES[0].id, EntryId(bytes(32))])
        assert list(database.wires()) == [item.wire for item in ENTRIES[1:]]
        database.write(ENTRIES[:1], [], NOW_MS, [ENTRIES[1].id])
        assert {*database.wires()} == {item.wire for item in (*ENTRIES[2:], ENTRIES[0])}


def test_a_file_shrinks_when_what_it_held_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    blobs = [(ContentId(bytes([i]) * 32), bytes(100_000)) for i in range(50)]
    with open_database(path) as database:
        database.write(ENTRIES, blobs, NOW_MS)
        before = database.sizes()
        assert (before.blobs, before.blob_bytes) == (50, 5_000_000)
        assert before.entry_bytes == sum(len(item.wire) for item in ENTRIES)
        assert database.prune_blobs(NOW_MS + 1, frozenset(), 10**9) == 50
        assert database.sizes().free_bytes > 4_000_000
        assert database.shrink(500)
        assert 0 < database.sizes().free_bytes <= before.file_bytes - 500 * 4_096
        assert not database.shrink(10_000)
        after = database.sizes()
        assert (after.free_bytes, after.blobs, after.entries) == (0, 0, len(ENTRIES))
    assert path.stat().st_size < 200_000


def test_a_store_of_an_earlier_popd_learns_to_shrink_and_to_pin(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    old = sqlite3.connect(path)
    old.execute("PRAGMA journal_mode = WAL")
    old.executescript(f"{SCHEMA} PRAGMA user_version = 1;")
    old.execute("INSERT INTO blobs VALUES (?, ?, 1)", (bytes(32), bytes(1_000_000)))
    old.commit()
    old.close()
    with open_database(path) as database:
        assert database.prune_blobs(2, frozenset(), 0) == 1
        database.shrink()
        assert database.sizes().free_bytes == 0
        assert database.pins() == frozenset()
        database.set_pins([ENTRIES[0].entry.author])
    with open_database(path) as database:
        assert database.pins() == {ENTRIES[0].entry.author}


def test_blobs_go_by_age_and_then_the_oldest_until_the_rest_fits(tmp_path: Path) -> None:
    names = [ContentId(bytes([i]) * 32) for i in range(6)]

    def left(database: Database) -> list[int]:
        return [i for i, name in enumerate(names) if database.blob(name) is not None]

    with open_database(tmp_path / "ledger.sqlite3") as database:
        for i, name in enumerate(names):
            database.write([], [(name, bytes(1_000))], NOW_MS + i)
        assert database.prune_blobs(NOW_MS + 2, {names[0]}, 10**6) == 1
        assert left(database) == [0, 2, 3, 4, 5]
        assert database.prune_blobs(0, {names[0], names[3]}, 3_000) == 2
        assert left(database) == [0, 3, 5]
        assert database.prune_blobs(0, {names[0], names[3]}, 0) == 1
        assert left(database) == [0, 3]


def test_the_last_note_of_a_name_comes_back_and_a_forgotten_one_does_not(tmp_path: Path) -> None:
    path = tmp_path / "l"
    with open_database(path) as database:
        database.write([], [], NOW_MS, notes={"a": b"one", "b": b"two", "c": b"three"})
        database.write([], [], NOW_MS, notes={"a": b"four", "b": None, "d": None})
    with open_database(path) as database:
        assert database.notes() == {"a": b"four", "c": b"three"}


def test_a_store_of_before_there_were_notes_gets_room_for_them(tmp_path: Path) -> None:
    path = tmp_path / "l"
    open_database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE notes")
    connection.close()
    with open_database(path) as database:
        assert database.notes() == {}
        database.write(ENTRIES[:1], [], NOW_MS, notes={"a": b"one"})
        assert database.notes() == {"a": b"one"}


def test_a_dropped_blob_is_gone_with_the_same_transaction(tmp_path: Path) -> None:
    one, two = ContentId(bytes(32)), ContentId(bytes([1]) * 32)
    with open_database(tmp_path / "l") as database:
        database.write([], [(one, b"a comment")], NOW_MS)
        database.write([], [(two, b"another")], NOW_MS, dropped=[one, two])
        assert database.blob(one) is database.blob(two) is None
