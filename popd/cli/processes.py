"""Starts nodes as processes of their own, waits until they are ready, and ends them by their id."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from consensus.identifiers import NodeKey, to_peer_id
from consensus.signing import public_key
from popd.config import Home
from wallet.keyring import random_keyring
from wallet.keystore import create_practice_keystore, open_practice_keystore

READY_S: Final = 40.0
STOP_S: Final = 10.0
POLL_S: Final = 0.05


class NotReadyError(Exception):
    """A node did not start; the message says why, as far as it said itself."""

    def __init__(self, sentence: str, code: int) -> None:
        """`code` is how its process ended."""
        super().__init__(sentence)
        self.code = code


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

    @property
    def address(self) -> str:
        """Where peers reach it."""
        return f"/ip4/127.0.0.1/tcp/{self.port}/p2p/{to_peer_id(self.key)}"


def plan_practice(path: Path, name: str, *, is_automated: bool) -> Plan:
    """A practice node in a folder, with keys made where there are none, on a free port."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Home(path)
    if not home.keystore.exists():
        create_practice_keystore(path, random_keyring())
    key = NodeKey(public_key(open_practice_keystore(path).node_key_seed))
    return Plan(home, name, free_port(), key, is_automated)


def free_port() -> int:
    """A TCP port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(plan: Plan, dial: Sequence[str]) -> subprocess.Popen[bytes]:
    """Starts a practice node; it goes on when this program ends."""
    arguments = ["--network", "practice", "--name", plan.name]
    arguments += ["--listen", f"/ip4/127.0.0.1/tcp/{plan.port}"]
    for address in dial:
        arguments += ["--dial", address]
    if plan.is_automated:
        arguments.append("--automated")
    return launch(plan.home, arguments)


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
        with process.stdin:
            process.stdin.write(f"{passphrase}\n".encode())
    return process


def wait_ready(home: Home, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What a node says of itself once it is ready; raises NotReadyError when it isn't in time."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        about = running(home)
        if about is not None and about["pid"] == process.pid:
            return about
        if process.poll() is not None:
            break
        time.sleep(POLL_S)
    words = (home.path / "daemon.out").read_text(errors="replace").strip()
    said = words.splitlines()[-1] if words else "It said nothing."
    raise NotReadyError(f"The node in {home.path} did not start. {said}", process.poll() or 1)


def running(home: Home) -> dict[str, Any] | None:
    """What the node of a home says of itself, or None where none runs."""
    try:
        about: dict[str, Any] = json.loads(home.running.read_text())
        os.kill(about["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return about


def stop(home: Home) -> bool:
    """Ends the node of a home in good order; returns whether there was one."""
    about = running(home)
    if about is None:
        return False
    os.kill(about["pid"], signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while time.monotonic() < deadline and running(home) is not None:
        time.sleep(POLL_S)
    if running(home) is not None:
        os.kill(about["pid"], signal.SIGKILL)
        home.running.unlink(missing_ok=True)
    return True


def neighbour_homes(home: Home) -> list[Home]:
    """The homes of a node's practice neighbours."""
    if not home.neighbours.is_dir():
        return []
    return [Home(path) for path in sorted(home.neighbours.iterdir()) if path.is_dir()]
