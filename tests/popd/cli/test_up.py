"""Starting and stopping nodes, and what is said when it does not work."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import httpx
import pytest

from consensus.identifiers import NodeKey, to_peer_id
from consensus.signing import public_key
from popd.cli.processes import running
from popd.config import Home, load_settings

pytestmark = pytest.mark.network

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))


def popctl(
    *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [POPCTL, *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        env={**os.environ, **(environment or {})},
    )


def test_a_node_on_main_opens_with_its_passphrase_file_and_with_no_other(tmp_path: Path) -> None:
    home, secret, wrong = tmp_path / "home", tmp_path / "secret", tmp_path / "wrong"
    for path, words in ((secret, "correct horse"), (wrong, "battery staple")):
        path.touch(mode=0o600)
        path.write_text(f"{words}\n")
    place = ("--network", "main", "--home", str(home))
    up = popctl("up", *place, "--passphrase-file", str(secret))
    assert up.returncode == 0, up.stderr
    status = popctl("status", "--json", *place)
    assert json.loads(status.stdout)["network"] == "main"
    assert popctl("down", *place).returncode == 0
    refused = popctl("up", *place, "--passphrase-file", str(wrong))
    assert refused.returncode == 4
    assert "passphrase" in refused.stderr.lower()
    assert "correct horse" not in (home / "daemon.log").read_text()


def test_a_home_has_one_daemon_and_a_second_up_says_where_the_page_is(tmp_path: Path) -> None:
    place = ("--home", str(tmp_path))
    first = popctl("up", *place)
    again = popctl("up", *place)
    assert (first.returncode, again.returncode) == (0, 0)
    assert "runs already" in again.stdout
    foreground = popctl("up", *place, "--foreground", "--network", "practice")
    assert "runs already" in foreground.stdout
    assert popctl("down", *place).returncode == 0
    assert popctl("down", *place).returncode == 3


def test_a_page_that_is_open_finds_its_node_again_after_a_restart(tmp_path: Path) -> None:
    place = ("--home", str(tmp_path))
    pages = []
    for _ in range(2):
        pages.append(re.findall(r"http://\S+", popctl("up", *place).stdout))
        assert popctl("down", *place).returncode == 0
    assert pages[0] == pages[1]


def test_name_peers_and_port_of_one_start_count_at_the_next(tmp_path: Path) -> None:
    place, home = ("--home", str(tmp_path)), Home(tmp_path)
    peer = f"/ip4/127.0.0.1/tcp/9/p2p/{to_peer_id(NodeKey(public_key(bytes(32))))}"
    first = popctl("up", *place, "--name", "Ann", "--dial", peer)
    assert f"Kept for later starts: dial and name, in {home.config}." in first.stdout
    before = running(home)
    assert popctl("down", *place).returncode == 0
    again = popctl("up", *place)
    assert "Kept" not in again.stdout
    after = running(home)
    assert (before is not None and before.addresses) == (after is not None and after.addresses)
    wallet = httpx.Client(transport=httpx.HTTPTransport(uds=str(home.socket)))
    with wallet:
        state = wallet.get("http://localhost/api/v1/wallet").json()
    assert state["identity"]["name"] == "Ann"
    assert load_settings(home, {}).dial == (peer,)
    assert popctl("down", *place).returncode == 0


def test_a_phone_is_let_in_with_a_code_and_not_on_an_address_of_others(tmp_path: Path) -> None:
    place = ("--home", str(tmp_path))
    shown = popctl("up", *place, "--lan", "127.0.0.1")
    assert shown.returncode == 0
    assert re.search(r"http://127\.0\.0\.1:\d+/#join=[\w-]{43}\n", shown.stdout)
    elsewhere = popctl("up", *place, "--lan", "192.0.2.55")
    assert (elsewhere.returncode, "can't be let in on 192.0.2.55" in elsewhere.stderr) == (6, True)
    assert popctl("up", *place, "--lan", "--foreground").returncode == 2
    assert popctl("down", *place).returncode == 0


def assert_all_are_nearby(place: tuple[str, ...]) -> None:
    deadline = time.monotonic() + 30
    nearby = 0
    while nearby < 4 and time.monotonic() < deadline:
        nearby = len(json.loads(popctl("status", "--json", *place).stdout)["neighbours"])
    assert nearby == 4


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("wallet", "list"), ("play", "--bot", "human_like"), ("down",)],
)
def test_without_a_node_every_command_says_so_and_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = popctl(*arguments, "--home", str(tmp_path))
    assert done.returncode == 3
    assert "No node runs" in done.stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('nickname = "Ana"\n')
    done = popctl("up", "--home", str(tmp_path))
    assert done.returncode != 0
    assert "nickname" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (("--listen", "/dns4/localhost/tcp/0"), {}, 2, "an IP address of this machine"),
        (("--listen", "nonsense"), {}, 2, "listen has 'nonsense'"),
        (("--dial", "/ip4/127.0.0.1/tcp/1"), {}, 2, "dial has"),
        ((), {"POPNODE_API_PORT": "70000"}, 2, "api_port"),
        ((), {"POPNODE_NETWORK": "moon"}, 2, "'moon' is not one of"),
        (("--home", "/proc/nothing"), {}, 1, "/proc/nothing can't be made"),
        (("--home", __file__), {}, 1, "is not a folder"),
        (("--home", f"{__file__}/below"), {}, 1, "is not a folder"),
    ],
)
def test_what_keeps_a_node_from_starting_is_said_in_a_sentence(
    tmp_path: Path,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    code: int,
    words: str,
) -> None:
    done = popctl("up", "--home", str(tmp_path), *arguments, environment=environment)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert words in done.stderr


def test_an_unknown_network_in_the_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('network = "moon"\n')
    done = popctl("up", "--home", str(tmp_path))
    assert (done.returncode, "moon" in done.stderr) == (2, True)


def test_a_broken_practice_keystore_is_code_4(tmp_path: Path) -> None:
    for name in ("keystore", "keystore.passphrase"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("broken\n")
    for arguments in (("--practice",), ()):
        done = popctl("up", "--home", str(tmp_path), *arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (4, False)


def test_neighbours_join_a_node_that_runs_and_down_ends_them_all(tmp_path: Path) -> None:
    place = ("--home", str(tmp_path))
    assert popctl("up", *place).returncode == 0
    try:
        joined = popctl("up", "--practice", *place)
        assert (joined.returncode, "Your node runs already" in joined.stdout) == (0, True)
        assert_all_are_nearby(place)
    finally:
        down = popctl("down", *place)
    assert "and 4 practice neighbours" in down.stdout
    assert [home.name for home in (tmp_path / "neighbours").glob("*/running.json")] == []


def test_a_node_that_lost_its_words_can_still_be_ended(tmp_path: Path) -> None:
    place = ("--home", str(tmp_path))
    assert popctl("up", *place).returncode == 0
    (tmp_path / "running.json").unlink()
    again = popctl("up", *place)
    assert (again.returncode, f"down --home {tmp_path}" in again.stderr) == (1, True)
    assert popctl("down", *place).returncode == 0
