"""Which node runs, by its lock alone, and how it is ended without touching anything else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from popd.cli.processes import Running, last_words, running, stop, stop_all
from popd.config import Home

HOLDER = """
import signal, sys, time
from pathlib import Path
from popd.config import Home
from popd.wiring.home_lock import locked
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
with locked(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(home: Home, manner: str = "polite") -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", HOLDER, str(home.path), manner]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_live_pid_in_a_home_that_nobody_holds_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        home.running.write_text(json.dumps({"pid": bystander.pid, "page": "http://x/"}))
        home.lock.write_text(f"{bystander.pid}\n")
        assert (running(home), stop(home), bystander.poll()) == (None, False, None)
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize(
    "content",
    [b'"x"', b"[]", b"", b"\xff", b"{}", b'{"pid": "1"}', b'{"pid": 1, "page": "http://x/"}'],
)
def test_of_a_node_whose_words_are_no_use_only_the_pid_is_known(
    tmp_path: Path, content: bytes
) -> None:
    home = Home(tmp_path)
    home.running.write_bytes(content)
    with holder(home) as process:
        assert running(home) == Running(process.pid)


def test_what_the_holder_says_of_itself_is_believed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with holder(home) as process:
        about = {"pid": process.pid, "network": "practice", "page": "p", "addresses": ["a"]}
        home.running.write_text(json.dumps(about))
        assert running(home) == Running(process.pid, "practice", "p", ("a",))


def test_a_zombie_counts_as_dead(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with holder(home) as process:
        process.kill()
        assert process.stdout is not None
        process.stdout.read()  # its end means that the kernel has closed what it held
        assert (running(home), stop(home)) == (None, False)


def test_a_node_that_does_not_listen_is_ended_anyway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("popd.cli.processes.STOP_S", 0.3)
    homes = [Home(tmp_path / "1"), Home(tmp_path / "2"), Home(tmp_path / "none")]
    with holder(homes[0], "stubborn") as first, holder(homes[1]) as second:
        assert stop_all(homes) == 2
        assert [running(home) for home in homes] == [None, None, None]
        assert (first.wait(5), second.wait(5)) == (-9, -15)


def test_the_last_line_that_is_words_is_what_a_node_said() -> None:
    text = (
        "Traceback (most recent call last):\nConfigError: the port is taken\n  +-----\n    ^^^^ ^\n"
    )
    assert last_words(text) == "ConfigError: the port is taken"
    assert last_words("\n") == "It said nothing."
