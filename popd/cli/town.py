"""A town of practice nodes: real processes on loopback, all connected to each other."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import httpx

from popd.cli.ports import free_ports
from popd.cli.processes import Plan, plan_practice, start, stop, wait_ready

POLL_S: Final = 0.1
CALL_S: Final = 15.0
PLAY_S: Final = 900.0


class TownError(Exception):
    """Something did not happen in time, or a node refused; the message says which and what."""


@dataclass(slots=True)
class Town:
    """The nodes; number 0 performs."""

    path: Path
    """Where their homes are."""
    count: int
    """How many."""
    plans: list[Plan] = field(default_factory=list)
    """Each node's name, keys and place."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """The latest process of each."""

    def __enter__(self) -> Self:
        self.plans = [
            plan_practice(self.path / f"node-{i}", f"node-{i}", port, is_automated=True)
            for i, port in enumerate(free_ports(self.count))
        ]
        self.processes = [start(plan, self._others(i)) for i, plan in enumerate(self.plans)]
        try:
            for plan, process in zip(self.plans, self.processes, strict=True):
                wait_ready(plan.home, process)
        except BaseException:
            # Ctrl-C too: no node outlives a town that did not come to be.
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for plan, process in zip(self.plans, self.processes, strict=True):
            try:
                process.wait(CALL_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            stop(plan.home)

    def kill(self, number: int) -> None:
        """Ends a node at once, in the middle of whatever it does (SIGKILL)."""
        os.kill(self.processes[number].pid, signal.SIGKILL)
        self.processes[number].wait()

    def restart(self, number: int) -> None:
        """Starts a node again on what is left on its disk."""
        plan = self.plans[number]
        self.processes[number] = start(plan, self._others(number))
        wait_ready(plan.home, self.processes[number])

    def get(self, number: int, path: str, **query: str) -> Any:
        """What a node answers to a question; raises TownError when it does not."""
        return self._answer(number, "GET", path, CALL_S, params=query)

    def post(self, number: int, path: str, body: Any, timeout_s: float = CALL_S) -> Any:
        """What a node answers to a command; raises TownError when it refuses."""
        return self._answer(number, "POST", path, timeout_s, json=body)

    def wait_until(self, holds: Callable[[], bool], within_s: float, what: str) -> None:
        """Waits for something; raises TownError when it does not come."""
        deadline = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > deadline:
                raise TownError(f"{what}: not within {within_s:.0f} s")
            time.sleep(POLL_S)

    def wait_connected(self, within_s: float = 60.0) -> None:
        """Waits until everybody knows who everybody is."""
        self.wait_until(
            lambda: all(
                len(self.get(i, "/status")["neighbours"]) == self.count - 1
                for i in range(self.count)
            ),
            within_s,
            "all nodes connected to each other",
        )

    def digests(self) -> dict[str, str]:
        """Each node's ledger digest."""
        return {plan.name: self.get(i, "/status")["digest"] for i, plan in enumerate(self.plans)}

    def wait_agreed(self, within_s: float = 60.0) -> dict[str, str]:
        """Waits until all ledgers are the same; returns their digests."""
        self.wait_until(
            lambda: len(set(self.digests().values())) == 1, within_s, "all ledgers equal"
        )
        return self.digests()

    def _others(self, number: int) -> list[str]:
        """Whom a node dials: those before it, and after a restart everybody."""
        is_restart = len(self.processes) == self.count
        reach = self.count if is_restart else number
        return [plan.address for i, plan in enumerate(self.plans[:reach]) if i != number]

    def _answer(
        self, number: int, method: str, path: str, timeout_s: float, **arguments: Any
    ) -> Any:
        transport = httpx.HTTPTransport(uds=str(self.plans[number].home.socket))
        try:
            with httpx.Client(transport=transport, timeout=timeout_s) as client:
                response = client.request(method, f"http://localhost/api/v1{path}", **arguments)
        except httpx.HTTPError as error:
            raise TownError(f"{self.plans[number].name} did not answer {path}: {error}") from error
        if not response.is_success:
            raise TownError(f"{self.plans[number].name} refused {path}: {response.text[:500]}")
        return response.json()
