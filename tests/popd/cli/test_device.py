"""`popctl device join`: makes a home that borrows a pen, and never harms one that has its own."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from consensus.identifiers import IdentityId, NodeKey
from consensus.signing import public_key
from popd.cli.joining import pen_after_meeting
from popd.cli.main import main
from wallet.devices import read_pen, write_devices
from wallet.keyring import random_keyring
from wallet.keystore import create_practice_keystore, open_practice_keystore
from wallet.keystore_errors import KeystoreError
from wallet.pairing import PairingLink, to_link

ME, OTHER = (IdentityId(public_key(bytes([n]) * 32)) for n in (1, 2))
NODE = NodeKey(public_key(bytes([3]) * 32))


def link(who: IdentityId = ME, network: str = "practice", secret: int = 0) -> str:
    places = ("/ip4/127.0.0.1/tcp/4001",)
    return to_link(PairingLink(network, who, NODE, places, bytes([secret]) * 32))


def join(home: Path, *arguments: str) -> Result:
    arguments = ("--home", str(home), "--no-start", *arguments)
    return CliRunner().invoke(main, ["device", "join", *arguments])


def test_a_new_home_has_keys_of_its_own_and_knows_whose_pen_it_borrows(tmp_path: Path) -> None:
    home = tmp_path / "new"
    result = join(home, link(), "--name", "lap\ttop")
    assert result.exit_code == 0, result.output
    assert "not taken in yet: start it within five minutes" in result.output
    pen = read_pen(home / "pen")
    assert pen is not None
    assert (pen.identity, pen.node, pen.name, pen.is_paired) == (ME, NODE, "lap top", False)
    keyring = open_practice_keystore(home)
    assert public_key(keyring.identity_seed) not in (ME, NODE)
    again = join(home, link(secret=9))
    assert again.exit_code == 0, again.output
    assert open_practice_keystore(home) == keyring


def test_a_home_with_an_identity_of_its_own_or_of_somebody_else_stays_as_it_is(
    tmp_path: Path,
) -> None:
    create_practice_keystore(tmp_path / "mine", random_keyring())
    result = join(tmp_path / "mine", link())
    assert (result.exit_code, "identity of its own" in result.output) == (6, True)
    assert not (tmp_path / "mine" / "pen").exists()
    assert join(tmp_path / "theirs", link(OTHER)).exit_code == 0
    result = join(tmp_path / "theirs", link(ME))
    assert (result.exit_code, "somebody else" in result.output) == (6, True)


def test_a_device_that_was_forgotten_does_not_join_again(tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert join(home, link()).exit_code == 0
    pen = read_pen(home / "pen")
    assert pen is not None
    write_devices(home / "pen", msgspec.structs.replace(pen, is_forgotten=True))
    result = join(home, link(secret=9))
    assert (result.exit_code, "was forgotten" in result.output) == (6, True)


def test_a_device_whose_pen_file_is_damaged_joins_again_and_keeps_its_keys(tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert join(home, link()).exit_code == 0
    keyring = open_practice_keystore(home)
    (home / "pen").write_bytes(b"worn out")
    with pytest.raises(KeystoreError, match="popctl device join here"):
        read_pen(home / "pen")
    again = join(home, link(secret=9))
    assert again.exit_code == 0, again.output
    pen = read_pen(home / "pen")
    assert (pen is not None and pen.identity, open_practice_keystore(home)) == (ME, keyring)
    assert (home / "pen.damaged").read_bytes() == b"worn out"


@pytest.mark.parametrize(
    "text", ["", "popd:pay?x", link()[:-2], link() + "&x=1", "\0", "x" * 5_000]
)
def test_what_is_no_link_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    result = join(tmp_path / "new", text)
    assert result.exit_code == 2
    assert "That is no pairing link" in result.output
    assert not (tmp_path / "new").exists()


def test_a_link_of_another_network_than_asked_for_is_refused(tmp_path: Path) -> None:
    assert join(tmp_path / "new", link(), "--network", "main").exit_code == 2
    assert not (tmp_path / "new").exists()


def test_the_link_is_asked_for_where_it_is_not_given(tmp_path: Path) -> None:
    arguments = ["device", "join", "--no-start", "--home", str(tmp_path / "new")]
    result = CliRunner().invoke(main, arguments, input=f"{link()}\n")
    assert result.exit_code == 0, result.output
    assert read_pen(tmp_path / "new" / "pen") is not None


@pytest.mark.parametrize(
    ("seen", "expected", "most_pauses"),
    [
        ([("unpaired", False)] * 3 + [("here", True)], ("here", True), 3),
        (
            [("unpaired", False), ("unpaired", True)] + [("unpaired", False)] * 99,
            ("unpaired", True),
            20,
        ),
        ([("unpaired", False)] * 99, ("unpaired", False), 50),
        ([("forgotten", True)], ("forgotten", True), 0),
    ],
)
def test_a_device_is_taken_in_or_hears_soon_after_they_met_that_it_is_not(
    seen: list[tuple[str, bool]], expected: tuple[str, bool], most_pauses: int
) -> None:
    answers, pauses = iter(seen), list[float]()

    def look() -> dict[str, Any]:
        pen, is_connected = next(answers)
        holder = {"holds_pen": True, "is_connected": is_connected}
        return {"pen": pen, "devices": [holder, {"holds_pen": False, "is_connected": True}]}

    assert pen_after_meeting(look, pauses.append) == expected
    assert len(pauses) <= most_pauses
