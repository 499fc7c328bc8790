"""A lost or damaged ledger: nothing is written before others told how far the chain came."""

from pathlib import Path

import pytest

from consensus.parameters import PRACTICE
from popd.config import Home
from popd.storage.database import open_database
from popd.storage.sqlite_file import StorageError, readable
from popd.wiring.restored import expect_ledger, miss_ledger
from simulations.scribe import author, begin


@pytest.fixture
def home(tmp_path: Path) -> Home:
    tmp_path.chmod(0o700)
    return Home(tmp_path)


def test_fresh_keys_miss_no_ledger(home: Home) -> None:
    assert not miss_ledger(home)
    assert not home.keys.restored.exists()


def test_keys_whose_ledger_is_there_miss_none(home: Home) -> None:
    open_database(home.ledger).close()
    expect_ledger(home)
    assert not miss_ledger(home)
    assert not home.keys.restored.exists()


def test_keys_whose_ledger_was_moved_away_ask_others_first(home: Home) -> None:
    open_database(home.ledger).close()
    expect_ledger(home)
    home.ledger.rename(home.path / "elsewhere")
    assert miss_ledger(home)
    assert home.keys.restored.exists()


def test_what_a_restore_left_is_not_overwritten(home: Home) -> None:
    open_database(home.ledger).close()
    expect_ledger(home)
    home.ledger.unlink()
    home.keys.restored.write_bytes(b"a chain")
    assert miss_ledger(home)
    assert home.keys.restored.read_bytes() == b"a chain"


def test_a_damaged_ledger_is_left_alone_and_says_what_to_do(home: Home) -> None:
    with open_database(home.ledger) as database:
        database.write([begin(PRACTICE, author(f"{n}"), 1) for n in range(200)], [], 1)
    pages = bytearray(home.ledger.read_bytes())
    pages[8_192:] = b"\xa5" * (len(pages) - 8_192)
    home.ledger.write_bytes(pages)
    with (
        pytest.raises(StorageError, match="Move it away and start again"),
        open_database(home.ledger) as database,
        readable(home.ledger),
    ):
        list(database.wires())
    assert home.ledger.read_bytes() == pages
