"""Talks to `tests/network/node.py` processes in namespaces."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.namespaces import Host

SCRIPT = Path(__file__).with_name("node.py")


class NodeProcess:
    """A node on a host: what it said so far, and a way to tell it things."""

    def __init__(self, host: Host, settings: dict[str, Any]) -> None:
        self.said: list[dict[str, Any]] = []
        self._process = host.start([sys.executable, str(SCRIPT), json.dumps(settings)])
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(json.loads(line))

    def of(self, kind: str, **fields: object) -> list[dict[str, Any]]:
        """What it said of a kind, with these fields."""
        wanted = {"kind": kind, **fields}.items()
        return [line for line in list(self.said) if wanted <= _hashable(line)]

    def wait(self, kind: str, limit_s: float = 10.0, **fields: object) -> dict[str, Any]:
        """The first line of a kind, with these fields; fails when it does not come."""
        return wait_for(lambda: self.of(kind, **fields), limit_s)[0]

    def tell(self, command: str) -> None:
        """Gives a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def report(self) -> dict[str, Any]:
        """A fresh report."""
        before = len(self.of("report"))
        self.tell("report")
        return wait_for(lambda: self.of("report")[before:], 5.0)[0]

    def wait_for_messages(self, count: int) -> list[str]:
        """The texts of so many messages, once they are there."""
        wait_for(lambda: self.of("message")[count - 1 :], 15.0)
        return [str(line["text"]) for line in self.of("message")]

    @property
    def key(self) -> str:
        """Its node key."""
        return str(self.wait("started", 20.0)["key"])

    @property
    def addresses(self) -> list[str]:
        """Where it can be dialled."""
        return list(self.wait("started", 20.0)["addresses"])

    def stop(self) -> None:
        """Ends it, in good order when that works."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()


def _hashable(line: dict[str, Any]) -> Any:
    return {k: v for k, v in line.items() if not isinstance(v, list | dict)}.items()


@contextmanager
def nodes(*placed: tuple[Host, dict[str, Any]]) -> Iterator[tuple[NodeProcess, ...]]:
    """Runs nodes on hosts until the context ends."""
    started: list[NodeProcess] = []
    try:
        for number, (host, settings) in enumerate(placed):
            started.append(NodeProcess(host, {"seed": number + 1, **settings}))
        for node in started:
            node.wait("started", 20.0)
        yield tuple(started)
    finally:
        for node in started:
            node.stop()


def wait_for(what: Callable[[], list[Any]], limit_s: float) -> list[Any]:
    """Waits until there is something."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing came within {limit_s} s")
