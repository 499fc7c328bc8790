"""`popctl play`: a bot stops with the command that asked for it, or with another one."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, Self

import pytest
from click.testing import CliRunner, Result

from popd.cli.play import STOPPED, play
from popd.cli.town import Town

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))
PATIENCE_S: Final = 60


class FakeNode:
    """A node whose user presses Ctrl-C while a bot plays."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def post(self, path: str, body: Any = None) -> Any:
        self.told.append(path)
        if path == "/autoplay":
            raise KeyboardInterrupt
        return {"stopping": True}


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    fake = FakeNode()
    monkeypatch.setattr("popd.cli.play.client_of", lambda *_: fake)
    return fake


def run(*arguments: str) -> Result:
    return CliRunner().invoke(play, list(arguments))


def test_an_interrupt_says_what_becomes_of_what_was_played(node: FakeNode) -> None:
    done = run("--bot", "exact")
    assert (done.exit_code, done.stderr) == (1, f"{STOPPED}\n")


def test_a_play_can_be_stopped_from_another_terminal(node: FakeNode) -> None:
    done = run("--stop")
    assert (done.exit_code, done.output, node.told) == (0, f"{STOPPED}\n", ["/stop-playing"])
    assert run("--stop", "--json").output == '{"stopping": true}\n'


@pytest.mark.network
def test_a_killed_command_leaves_nobody_playing(tmp_path: Path) -> None:
    with Town(tmp_path, 3) as town:
        place = ("--home", str(town.plans[0].home.path))
        command = [POPCTL, "play", "--bot", "exact", *place]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as playing:
            wait_until(town, is_on=True)
            playing.kill()
        wait_until(town, is_on=False)
        stopped = subprocess.run([POPCTL, "play", "--stop", *place], capture_output=True, text=True)
    assert (stopped.returncode, stopped.stderr) == (
        5, "Nobody plays here. Nothing is to be stopped.\n",
    )  # fmt: skip


def wait_until(town: Town, *, is_on: bool) -> None:
    """Waits until somebody, or nobody, performs as a neighbour sees it."""
    until_s = time.monotonic() + PATIENCE_S
    while bool(town.get(1, "/nearby")["performances"]) != is_on:
        assert time.monotonic() < until_s
        time.sleep(0.1)
