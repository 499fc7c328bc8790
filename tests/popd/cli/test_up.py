"""Starting and stopping nodes, and what is said when it does not work."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

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
