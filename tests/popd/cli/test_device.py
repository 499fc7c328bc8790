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
from popd.config import Home
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


def test_a_device_that_is_not_made_for_want_of_a_passphrase_leaves_nothing(tmp_path: Path) -> None:
    empty, home = tmp_path / "empty", tmp_path / "new"
    empty.touch(mode=0o600)
    for more in ([], ["--passphrase-file", str(empty)], ["--passphrase-file", "/nowhere"]):
        refused = join(home, link(network="main"), *more)
        assert (refused.exit_code, home.exists()) == (4, False), refused.output


PHONE, LAPTOP, TABLET = "ab" * 32, "ac" * 32, "cd" * 32


def devices_of(here: str) -> list[dict[str, Any]]:
    """Three of them: the laptop holds the pen."""
    return [
        {"node": node, "name": name, "holds_pen": node == LAPTOP, "is_this": node == here,
         "is_connected": True, "seen_ms": 0}
        for node, name in ((PHONE, "phone"), (LAPTOP, "laptop"), (TABLET, "tablet"))
    ]  # fmt: skip


class FakeNode:
    """A node with devices, in a home elsewhere."""

    home = Home(Path("/a b"))

    def __init__(self, devices: list[dict[str, Any]]) -> None:
        self.devices = devices
        self.gone: list[str] = []

    def __enter__(self) -> "FakeNode":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str) -> Any:
        return {"pen": "own", "devices": self.devices}

    def delete(self, path: str) -> Any:
        self.gone.append(path)
        return {}


@pytest.mark.parametrize(
    ("here", "node", "code", "why"),
    [
        (LAPTOP, "cd", 0, "tablet is forgotten"),
        (LAPTOP, "AB", 0, "phone is forgotten"),
        (LAPTOP, "ac", 6, "holds the pen: no other can forget it"),
        (PHONE, "ac", 6, "holds the pen: no other can forget it"),
        (
            PHONE,
            "ab",
            6,
            "on the one that holds the pen: there, popctl device forget abababababab\n",
        ),
        (PHONE, "a", 5, "2 of your devices begin with 'a'. See `popctl device list --home '/a b'`"),
        (PHONE, "ee", 5, "None of your devices begins with 'ee'."),
    ],
)
def test_a_device_is_forgotten_or_it_is_said_why_it_is_not_here(
    here: str, node: str, code: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeNode(devices_of(here))
    monkeypatch.setattr("popd.cli.device.client_of", lambda *_: fake)
    done = CliRunner().invoke(main, ["device", "forget", node, "--home", "/a b"])
    assert (done.exit_code, why in done.output, len(fake.gone)) == (code, True, code == 0)


def test_one_more_device_is_paired_with_the_home_that_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = FakeNode(devices_of(LAPTOP)[1:2])
    monkeypatch.setattr("popd.cli.device.client_of", lambda *_: fake)
    done = CliRunner().invoke(main, ["device", "list"])
    assert "Add one: `popctl device pair --home '/a b'`." in done.output
