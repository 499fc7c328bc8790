"""Several real nodes in one process, which play or watch, and note when frames go out and come in.

python -m benchmarks.live_node '{"home": "...", "nodes": [...]}'
"""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import trio

from benchmarks.network_child import Arrivals, Config, Meter, obey
from benchmarks.network_node import MeasuredNode, keyring_of
from benchmarks.network_player import perform
from consensus.encoding import digest
from popd.config import Home, Settings
from popd.node.effects import Effect, Send
from popd.node.events import WatchSession
from popd.node.messages import from_bytes
from popd.node.messages.live import Frame
from popd.node.notices import FrameSeen, Notice
from popd.storage.database import open_database
from popd.storage.shelf import open_shelf
from popd.wiring.collector import calm_collector
from popd.wiring.logs import write_logs_to


class LiveConfig(msgspec.Struct, frozen=True):
    """How a process with several nodes is started."""

    home: str
    """Its folder."""
    name: str
    """What errors call it."""
    nodes: tuple[Config, ...]
    """Each of its nodes."""
    witnesses: bool = False
    """Whether they witness; spectators don't."""


class Frames(msgspec.Struct, frozen=True):
    """When frames were made and seen, in nanoseconds of the machine's clock, by their mark."""

    made_ns: dict[str, int]
    """Frames of this process's own play."""
    played_us: dict[str, int]
    """For each of them, when its last event was played, since 1970."""
    seen_ns: list[dict[str, int]]
    """For each node, the frames that it showed its user."""


class LiveNode(MeasuredNode):
    """A measured node that notes its frames."""

    def __init__(self, meter: Meter, *parts: Any) -> None:
        super().__init__(meter, *parts, tells_written=False)
        self.made_ns: dict[str, int] = {}
        self.played_us: dict[str, int] = {}
        self.seen_ns: dict[str, int] = {}

    def watch(self) -> int:
        """Watches all that is on; returns how much that is."""
        performances = self.node.air.now()
        for performance in performances:
            self.give(WatchSession(performance.id))
        return len(performances)

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Send) and effect.is_live:
            message = from_bytes(effect.data)
            if isinstance(message, Frame) and message.keys:
                self._note_made(message)
        super()._carry_out(effect)

    def _note_made(self, frame: Frame) -> None:
        show = self.node.performing.show
        if show is not None and show.id == frame.session:
            mark = mark_of(frame.window, frame.keys)
            begin_ms = show.session.start_ms + frame.window * self.params.window_ms
            self.made_ns.setdefault(mark, time.time_ns())
            self.played_us[mark] = begin_ms * 1_000 + max(e.time_us for e in frame.keys)

    def _tell(self, notice: Notice) -> None:
        if isinstance(notice, FrameSeen) and notice.keys:
            self.seen_ns.setdefault(mark_of(notice.window, notice.keys), time.time_ns())
        super()._tell(notice)


def mark_of(window: int, keys: object) -> str:
    """Tells one frame from the others of a session."""
    return digest(repr((window, keys)).encode())[:8].hex()


async def serve(daemons: list[LiveNode]) -> None:
    """Runs the nodes and carries out orders until the input ends."""
    async with trio.open_nursery() as nursery:
        for daemon in daemons:
            network = partial(daemon.network.run, daemon.settings.listens_on, daemon.settings.dial)
            await nursery.start(network)
            nursery.start_soon(daemon.run)
        for daemon in daemons:
            await daemon.wait_begun()
        await obey(orders(daemons, nursery))
        nursery.cancel_scope.cancel()


def orders(daemons: list[LiveNode], nursery: trio.Nursery) -> dict[str, Callable[..., object]]:
    """What a process can be told to do; the first of its nodes plays and writes."""
    first = daemons[0]
    return {
        "write": lambda count, per_s: nursery.start_soon(first.write, count, per_s),
        "perform": lambda seconds, seed: nursery.start_soon(perform, first, seconds, seed),
        "watch": lambda: [daemon.watch() for daemon in daemons],
        "peers": lambda: [len(daemon.node.context.peers) for daemon in daemons],
        "cpu_s": time.process_time,
        "asked": lambda: Arrivals(first.own_ns, {}),
        "stored": lambda: [daemon.stored_ns for daemon in daemons],
        "mints": lambda: sum(s.body.KIND == "mint" for s in _applied(first) if s.body is not None),
        "frames": lambda: Frames(
            first.made_ns, first.played_us, [daemon.seen_ns for daemon in daemons]
        ),
    }


def _applied(daemon: LiveNode) -> list[Any]:
    ledger = daemon.node.ledger
    return [ledger.statements[entry] for entry in ledger.applied]


def main() -> None:
    """Runs the nodes that the argument names."""
    config = msgspec.json.decode(sys.argv[1], type=LiveConfig)
    meter = Meter()
    with ExitStack() as stack:
        daemons = []
        for node in config.nodes:
            home = Home(Path(node.home))
            home.path.mkdir(parents=True, exist_ok=True)
            settings = Settings(
                network="practice",
                name=node.name,
                listen=node.listen,
                dial=node.dial,
                store_mb=node.store_mb,
                is_witness=config.witnesses,
                receives="all",
                is_automated=True,
            )
            database = stack.enter_context(open_database(home.ledger))
            shelf = stack.enter_context(open_shelf(home.shelf))
            daemons.append(LiveNode(meter, home, settings, keyring_of(node), database, shelf))
        write_logs_to(Home(Path(config.nodes[0].home)).log)
        calm_collector()
        trio.run(serve, daemons)


if __name__ == "__main__":
    main()
