"""The file of the user's own notes: whole or not at all, and never thrown away."""

from pathlib import Path
from random import Random

import pytest
import trio

from popd.config import Settings, receives
from popd.own_notes import PETNAMES, SETTINGS, NotKeptError, OwnNotes
from popd.wiring.own import OwnKeeper

BEN = bytes([1]) * 32


def keep(path: Path, place: str, key: str, text: str, seed: int = 1) -> OwnNotes:
    return trio.run(OwnKeeper(path, Random(seed)).keep, place, key, text)


def test_a_name_is_there_after_a_restart_and_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "own"
    assert OwnKeeper(path, Random(1)).notes == OwnNotes()
    keep(path, PETNAMES, BEN.hex(), "Ben")
    keep(path, SETTINGS, "receives", "valued", seed=2)
    assert OwnKeeper(path, Random(3)).notes == OwnNotes({BEN: "Ben"}, {"receives": "valued"})
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["own"]


@pytest.mark.parametrize("content", [b"", b"popd own 1\n" + bytes(40), b"names: [ben]"])
def test_a_damaged_file_is_left_as_it_is_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own"
    path.write_bytes(content)
    path.chmod(0o600)
    keeper = OwnKeeper(path, Random(1))
    assert (keeper.notes, bool(keeper.trouble)) == (OwnNotes(), True)
    with pytest.raises(NotKeptError, match="can't be used") as told:
        trio.run(keeper.keep, PETNAMES, BEN.hex(), "Ben")
    assert "Move it away" in told.value.next_step
    assert path.read_bytes() == content


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own"
    keep(path, PETNAMES, BEN.hex(), "Ben")
    path.chmod(0o644)
    assert "chmod 600" in OwnKeeper(path, Random(1)).trouble


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own"
    keep(path, PETNAMES, BEN.hex(), "Ben")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("popd.wiring.own.replace_private_file", full)
    keeper = OwnKeeper(path, Random(2))
    with pytest.raises(NotKeptError, match="No space left"):
        trio.run(keeper.keep, PETNAMES, BEN.hex(), "Benny")
    assert keeper.notes == OwnNotes({BEN: "Ben"}, {})
    assert path.read_bytes() == before


def test_what_was_chosen_in_the_page_wins_unless_nobody_plays_or_it_is_no_choice() -> None:
    def chosen(word: str) -> OwnNotes:
        return OwnNotes({}, {"receives": word})

    assert receives(Settings(receives="all"), OwnNotes()) == "all"
    assert receives(Settings(), OwnNotes()) == "asked"
    assert receives(Settings(receives="all"), chosen("asked")) == "asked"
    assert receives(Settings(), chosen("anything")) == "asked"
    assert receives(Settings(is_automated=True), chosen("asked")) == "all"
