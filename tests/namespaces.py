"""Hosts of their own on one machine: network namespaces on a bridge, for tests.

    with hosts(3) as (a, b, c):
        process = a.start([sys.executable, "-m", "tests.network.node", ...])
        cut([a], [b, c])

Each host has an interface `eth0` with the address 10.77.0.N; `second_line` gives it `eth1` with
10.78.0.N on another bridge. Nothing leaves the bridges, and everything is removed in the end.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

LINES = ("10.77.0", "10.78.0")


def ip(*words: str) -> None:
    """Runs `ip`; raises CalledProcessError with what it said."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def are_permitted() -> bool:
    """Whether this process may make network namespaces."""
    name = f"popd-try-{os.getpid()}"
    try:
        ip("netns", "add", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    ip("netns", "delete", name)
    return True


@dataclass(frozen=True, slots=True)
class Host:
    """One namespace."""

    name: str
    """As `ip netns` knows it."""
    number: int
    """From 1; the last part of its addresses."""
    middle: str
    """The namespace of the bridges."""

    def address(self, line: int = 0) -> str:
        """Its address on a line."""
        return f"{LINES[line]}.{self.number}"

    def start(self, command: Sequence[str]) -> "subprocess.Popen[str]":
        """Starts a process there, with pipes to its input and output."""
        return subprocess.Popen(
            ["ip", "netns", "exec", self.name, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, command: Sequence[str]) -> str:
        """Runs a command there to its end; what it printed."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.name, *command],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def unplug(self, line: int = 0) -> None:
        """Takes its cable out: the interface goes down."""
        ip("-n", self.name, "link", "set", f"eth{line}", "down")

    def plug_in(self, line: int = 0) -> None:
        """Puts it back."""
        ip("-n", self.name, "link", "set", f"eth{line}", "up")

    def swallow(self, line: int = 0) -> None:
        """Loses all that it sends and should get on a line; nothing tells it so."""
        ip("-n", self.middle, "link", "set", f"v{line}-{self.number}", "nomaster")


def cut(one: Sequence[Host], other: Sequence[Host]) -> None:
    """Lets nothing pass between two groups, and nobody notices."""
    _route("add", one, other)
    _route("add", other, one)


def heal(one: Sequence[Host], other: Sequence[Host]) -> None:
    """Undoes `cut`."""
    _route("delete", one, other)
    _route("delete", other, one)


def _route(verb: str, group: Sequence[Host], away: Sequence[Host]) -> None:
    for host in group:
        for target in away:
            for line in range(len(LINES)):
                ip("-n", host.name, "route", verb, "blackhole", target.address(line) + "/32")


@contextmanager
def hosts(count: int, *, lines: int = 1) -> Iterator[tuple[Host, ...]]:
    """So many hosts on so many bridges; the test is skipped where that is not permitted."""
    if not are_permitted():
        pytest.skip("network namespaces are not permitted here: run as root, with iproute2")
    with ExitStack() as stack:
        mark = f"p{os.getpid() % 100_000:x}"
        middle = f"popd-{mark}-m"
        _add_namespace(middle, stack)
        for line in range(lines):
            ip("-n", middle, "link", "add", f"br{line}", "type", "bridge")
            ip("-n", middle, "link", "set", f"br{line}", "up")
        made = tuple(Host(f"popd-{mark}-{n}", n, middle) for n in range(1, count + 1))
        for host in made:
            _add_namespace(host.name, stack)
            ip("-n", host.name, "link", "set", "lo", "up")
            for line in range(lines):
                _connect(host, middle, line)
        yield made


def _add_namespace(name: str, stack: ExitStack) -> None:
    ip("netns", "add", name)
    stack.callback(ip, "netns", "delete", name)


def _connect(host: Host, middle: str, line: int) -> None:
    plug, name = f"v{line}-{host.number}", f"eth{line}"
    ip("-n", middle, "link", "add", plug, "type", "veth", "peer", "name", name, "netns", host.name)
    ip("-n", middle, "link", "set", plug, "master", f"br{line}", "up")
    ip("-n", host.name, "address", "add", f"{host.address(line)}/24", "dev", name)
    ip("-n", host.name, "link", "set", name, "up")
    if line == 0:
        ip("-n", host.name, "route", "add", "default", "dev", name)
