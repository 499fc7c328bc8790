"""The lock of a home: one holder, named in it while it holds."""

import os
from pathlib import Path

import pytest

from popd.config import Home
from popd.wiring.home_lock import HomeInUseError, locked


def test_the_lock_names_its_holder_and_no_one_afterwards(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.lock.write_text("a longer line that was there before")
    with locked(home):
        assert home.lock.read_text() == f"{os.getpid()}\n"
    assert home.lock.read_text() == ""


def test_a_second_holder_is_refused_and_leaves_the_first_one_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with locked(home):
        with pytest.raises(HomeInUseError), locked(home):
            pass
        assert home.lock.read_text() == f"{os.getpid()}\n"
