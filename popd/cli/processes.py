"""Starts nodes as processes of their own, waits until they are ready, and ends them by their id."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from consensus.identifiers import NodeKey, to_peer_id
from consensus.signing import public_key
from popd.config import Home
from wallet.keyring import random_keyring
from wallet.keystore import (
    create_keystore,
    create_practice_keystore,
    open_keystore,
    open_practice_keystore,
)

READY_S: Final = 40.0
STOP_S: Final = 10.0
KILL_S: Final = 5.0
POLL_S: Final = 0.05
PID_ATTEMPTS: Final = 10
MAX_PID_SIZE: Final = 32
"""A pid has ten digits at most; the lock file may hold anything."""


class NotReadyError(Exception):
    """A node did not start; the message says why, as far as it said itself."""

    def __init__(self, sentence: str, code: int) -> None:
        """`code` is how its process ended."""
        super().__init__(sentence)
        self.code = code


class Running(msgspec.Struct, frozen=True):
    """A node that runs; only its pid is certain."""

    pid: int
    """The process that holds the lock of the home."""
    network: str = ""
    """Which ledger; empty where the node does not say."""
    page: str = ""
    """The address of its page with the token; empty where the node does not say."""
    addresses: tuple[str, ...] = ()
    """Where peers reach it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A practice node that is to be started."""

    home: Home
    """Its folder, with its keys."""
    name: str
    """What it calls itself."""
    port: int
    """Its libp2p port on loopback."""
    key: NodeKey
    """Its node key."""
    is_automated: bool
    """No person plays there."""
    passphrase: str | None = field(default=None, repr=False)
    """Of its keys, where somebody chose one."""

    @property
    def address(self) -> str:
        """Where peers reach it."""
        return f"/ip4/127.0.0.1/tcp/{self.port}/p2p/{to_peer_id(self.key)}"


def plan_practice(
    path: Path, name: str, port: int, *, is_automated: bool, passphrase: str | None = None
) -> Plan:
    """A practice node in a folder, with keys made where there are none, on a port of loopback.

    The passphrase is needed where somebody chose one. Raises KeystoreError.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Home(path)
    keys = home.keys
    if not keys.keystore.exists():
        if passphrase is None:
            create_practice_keystore(keys.folder, random_keyring())
        else:
            create_keystore(keys.keystore, random_keyring(), passphrase)
    if passphrase is None:
        keyring = open_practice_keystore(keys.folder)
    else:
        keyring = open_keystore(keys.keystore, passphrase)
    key = NodeKey(public_key(keyring.node_key_seed))
    return Plan(home, name, port, key, is_automated, passphrase)


def start(plan: Plan, dial: Sequence[str], more: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Starts a practice node, with more arguments; it goes on when this program ends."""
    arguments = ["--network", "practice", "--name", plan.name]
    arguments += ["--listen", f"/ip4/127.0.0.1/tcp/{plan.port}"]
    for address in dial:
        arguments += ["--dial", address]
    if plan.is_automated:
        arguments.append("--automated")
    return launch(plan.home, [*arguments, *more], plan.passphrase)


def launch(
    home: Home, arguments: Sequence[str], passphrase: str | None = None
) -> subprocess.Popen[bytes]:
    """Starts a node with these arguments, its words going to a file in its home.

    A passphrase goes through a pipe: it shows in no process list.
    """
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.running.unlink(missing_ok=True)
    words = (home.path / "daemon.out").open("wb")
    with words:
        process = subprocess.Popen(
            [sys.executable, "-m", "popd", "--home", str(home.path), *arguments],
            stdin=subprocess.DEVNULL if passphrase is None else subprocess.PIPE,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    if process.stdin is not None and passphrase is not None:
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(f"{passphrase}\n".encode())
    return process


def wait_ready(home: Home, process: subprocess.Popen[bytes]) -> Running:
    """What a node says of itself once it is ready; raises NotReadyError when it isn't in time."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        about = running(home)
        if about is not None and about.pid == process.pid and about.page:
            return about
        if process.poll() is not None:
            break
        time.sleep(POLL_S)
    words = (home.path / "daemon.out").read_text(errors="replace")
    raise NotReadyError(
        f"The node in {home.path} did not start. {last_words(words)}", process.poll() or 1
    )


def last_words(text: str) -> str:
    """The last line that is words, rather than the frame around an error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    worded = [line for line in lines if line[0].isalpha() and " " in line]
    return (worded or lines or ["It said nothing."])[-1]


def running(home: Home) -> Running | None:
    """What the node of a home says of itself, or None where none runs.

    A node runs where the lock of its home is held, and nowhere else: a pid alone may by now be
    somebody else's.
    """
    pid = _holder(home)
    if pid is None:
        return None
    try:
        about = msgspec.json.decode(home.running.read_bytes(), type=Running)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Running(pid)
    return about if about.pid == pid else Running(pid)


def _holder(home: Home) -> int | None:
    """The pid of the process that holds the lock of a home, or None where it is free."""
    for _ in range(PID_ATTEMPTS):
        try:
            descriptor = os.open(home.lock, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            words = os.read(descriptor, MAX_PID_SIZE).strip()
        else:
            return None
        finally:
            os.close(descriptor)
        if words.isdigit() and int(words) > 1:
            return int(words)
        time.sleep(POLL_S)  # it took the lock just now, or is about to let it go
    return None


def stop(home: Home) -> bool:
    """Ends the node of a home in good order; returns whether there was one."""
    return stop_all([home]) == 1


def stop_all(homes: Sequence[Home]) -> int:
    """Ends the nodes of these homes, in good order where they can; returns how many there were.

    All are gone when it returns, unless the kernel itself can't end one.
    """
    found = {home: about for home in homes if (about := running(home)) is not None}
    for number, seconds in ((signal.SIGTERM, STOP_S), (signal.SIGKILL, KILL_S)):
        for home, about in found.items():
            _signal(home, about.pid, number)
        deadline = time.monotonic() + seconds
        while any(_holder(h) == about.pid for h, about in found.items()):
            if time.monotonic() > deadline:
                break
            time.sleep(POLL_S)
    for home in found:
        if running(home) is None:
            home.running.unlink(missing_ok=True)
    return len(found)


def _signal(home: Home, pid: int, number: signal.Signals) -> None:
    """Signals the node of a home, if it is still that process that holds the lock."""
    if _holder(home) == pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def neighbour_homes(home: Home) -> list[Home]:
    """The homes of a node's practice neighbours."""
    if not home.neighbours.is_dir():
        return []
    return [Home(path) for path in sorted(home.neighbours.iterdir()) if path.is_dir()]
