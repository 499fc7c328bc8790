"""A town of measured processes on loopback as its keeper sees it: graph, orders, answers."""

import queue
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any, Final, Protocol, Self, TypeVar

import msgspec

from benchmarks.network_child import (
    Answer,
    Config,
    Line,
    Order,
    Ready,
    Report,
    Written,
    node_seed,
)
from consensus.identifiers import NodeKey, to_peer_id
from consensus.signing import public_key
from popd.cli.ports import free_ports

T = TypeVar("T")

NODE: Final = "benchmarks.network_node"
GOSSIP: Final = "benchmarks.network_gossip"
READY_S: Final = 240.0
"""On two cores twenty processes load Python for half a minute, and some read a ledger too."""
ANSWER_S: Final = 120.0
"""A process that is busy answers late."""
POLL_S: Final = 0.25
END_S: Final = 5.0


class ChildError(Exception):
    """A process ended or did not answer; the message says which and its last words."""


class Startable(Protocol):
    """How a process is started; it gets all of it as JSON."""

    @property
    def home(self) -> str:
        """Its folder."""

    @property
    def name(self) -> str:
        """What errors call it."""


class Child:
    """One process and the pipe to it."""

    def __init__(
        self,
        module: str,
        config: Startable,
        profile: Path | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        """Starts it, by way of another command where there is a `prefix`.

        With `profile`, cProfile writes there when it ends.
        """
        self.config = config
        self.written: list[str] = []
        """Own entries that it said are on disk."""
        home = Path(config.home)
        home.mkdir(parents=True, exist_ok=True)
        self._words = home / "words"
        watched = [] if profile is None else ["-m", "cProfile", "-o", str(profile)]
        arguments = [*watched, "-m", module, msgspec.json.encode(config).decode()]
        with self._words.open("ab") as words:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                start_new_session=True,
            )
        self._answers: queue.Queue[Answer | Ready | None] = queue.Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_ready(self) -> None:
        """Waits until it takes orders; raises ChildError when it does not."""
        self._next(READY_S)

    def is_ready(self) -> bool:
        """Whether it just came to take orders; true once. Raises ChildError where it ended."""
        if self._answers.empty():
            return False
        self._next(0)
        return True

    def order(self, do: str, **arguments: Any) -> None:
        """Tells it to do something, whose answer must be fetched later."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(msgspec.json.encode(Order(do, arguments)) + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            raise self._ended() from error

    def answer(self, kind: type[T]) -> T:
        """The answer to the oldest order without one; raises ChildError when none comes."""
        line = self._next(ANSWER_S)
        assert isinstance(line, Answer)
        return msgspec.convert(line.value, kind)

    def ask(self, do: str, kind: type[T], **arguments: Any) -> T:
        """Tells it to do something and waits for the answer."""
        self.order(do, **arguments)
        return self.answer(kind)

    def kill(self) -> None:
        """Ends it at once, in the middle of whatever it does (SIGKILL)."""
        self.process.kill()
        self.close()

    def end(self) -> None:
        """Ends it in good order, or otherwise; it is gone afterwards."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(END_S)
        self.kill()

    def close(self) -> None:
        """Takes leave of a process that has ended or is about to."""
        self.process.wait()
        self._reader.join()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with suppress(msgspec.DecodeError):  # a line that a kill cut off
                said: Line = msgspec.json.decode(line, type=Line)
                if isinstance(said, Written):
                    self.written += said.ids
                else:
                    self._answers.put(said)
        self._answers.put(None)

    def _next(self, within_s: float) -> Answer | Ready:
        try:
            line = self._answers.get(timeout=within_s)
        except queue.Empty:
            raise ChildError(f"{self.config.name} said nothing for {within_s:.0f} s") from None
        if line is None:
            raise self._ended()
        return line

    def _ended(self) -> ChildError:
        words = self._words.read_text(errors="replace").strip()[-2_000:]
        return ChildError(f"{self.config.name} ended: {words or 'without a word'}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process runs."""

    host: str = "127.0.0.1"
    """Its IP address."""
    prefix: tuple[str, ...] = ()
    """The command that starts others there."""


@dataclass(slots=True)
class Town:
    """Processes that dial each other as a graph says."""

    path: Path
    """Where their homes are."""
    graph: Sequence[Sequence[int]]
    """For each, the numbers of those that it dials."""
    module: str = NODE
    """What each runs."""
    tells_written: bool = False
    """Whether they say what they have on disk."""
    store_mb: int = 4_096
    """What each one's ledger may take up."""
    are_friends: bool = False
    """Whether everybody pinned everybody, as people do who know each other."""
    places: Sequence[Place] = ()
    """Where each runs; all on loopback where there are none."""
    profile: Path | None = None
    """Where the profile of number 0 goes."""
    configs: list[Config] = field(default_factory=list)
    """How each is started."""
    children: list[Child] = field(default_factory=list)
    """The latest process of each."""

    def __enter__(self) -> Self:
        names = [f"{self.path.name} {number}" for number in range(len(self.graph))]
        ports = free_ports(len(names))
        self.places = self.places or [Place()] * len(names)
        listen = [
            f"/ip4/{place.host}/tcp/{port}" for place, port in zip(self.places, ports, strict=True)
        ]
        self.configs = [
            Config(
                home=str(self.path / f"node-{number}"),
                name=name,
                listen=(listen[number],),
                dial=tuple(f"{listen[i]}/p2p/{peer_id(names[i])}" for i in self.graph[number]),
                tells_written=self.tells_written,
                store_mb=self.store_mb,
                pins=tuple(names) if self.are_friends else (),
            )
            for number, name in enumerate(names)
        ]
        try:
            for number, config in enumerate(self.configs):
                profile = self.profile if number == 0 else None
                prefix = self.places[number].prefix
                self.children.append(Child(self.module, config, profile, prefix))
            for child in self.children:
                child.wait_ready()
        except BaseException:
            # Ctrl-C too: no process outlives a town that did not come to be.
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with ThreadPoolExecutor(max(1, len(self.children))) as pool:
            list(pool.map(Child.end, self.children))

    def restart(self, number: int) -> None:
        """Starts a process anew on what is left on its disk; it dials everybody it was tied to.

        Waiting until it is ready is the caller's.
        """
        config = self.configs[number]
        callers = [i for i, numbers in enumerate(self.graph) if number in numbers]
        dial = (*config.dial, *(self.address(i) for i in callers))
        again = msgspec.structs.replace(config, dial=dial)
        self.children[number] = Child(self.module, again, prefix=self.places[number].prefix)

    def address(self, number: int) -> str:
        """Where others reach a process."""
        config = self.configs[number]
        return f"{config.listen[0]}/p2p/{peer_id(config.name)}"

    def ask_all(self, do: str, kind: type[T], **arguments: Any) -> list[T]:
        """Gives everybody an order; returns all answers."""
        for child in self.children:
            child.order(do, **arguments)
        return [child.answer(kind) for child in self.children]

    def reports(self) -> list[Report]:
        """What everybody says of themselves."""
        return self.ask_all("report", Report)

    def wait_settled(self, held: int, patience_s: float) -> tuple[bool, list[Report]]:
        """Waits until all have so many entries on disk and the same; or until time is over."""
        deadline = time.monotonic() + patience_s
        while True:
            reports = self.reports()
            is_settled = is_same(reports) and all(report.stored >= held for report in reports)
            if is_settled or time.monotonic() > deadline:
                return is_settled, reports
            time.sleep(POLL_S)


def is_same(reports: Sequence[Report]) -> bool:
    """Whether all have the same ledger and nobody owes an entry."""
    return len({(r.digest, r.held) for r in reports}) == 1 and not any(r.owed for r in reports)


def peer_id(name: str) -> str:
    """The libp2p peer id of the process of that name."""
    return to_peer_id(NodeKey(public_key(node_seed(name))))


def sparse_graph(count: int, seed: int) -> list[list[int]]:
    """A ring with random chords: connected, about four neighbours each."""
    chance = Random(seed)
    dialled = [[number - 1] if number else [] for number in range(count)]
    dialled[-1].append(0)
    for number in range(2, count):
        dialled[number].append(chance.randrange(number - 1))
    return [sorted(set(numbers)) for numbers in dialled]


def full_graph(count: int) -> list[list[int]]:
    """Everybody connected to everybody."""
    return [list(range(number)) for number in range(count)]


def median_report(reports: Sequence[Report], field_of: Callable[[Report], float]) -> float:
    """The middle of a figure over all."""
    return sorted(map(field_of, reports))[len(reports) // 2]
