"""A real node as a process that can be measured: libp2p, SQLite and all, without the HTTP API.

    python -m benchmarks.network_node '{"home": "...", "name": "...", "listen": [], "dial": []}'

It takes orders as lines of JSON (see `network_child`) and ends when its input ends.
"""

import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import trio

from benchmarks.network_child import (
    Arrivals,
    Config,
    Meter,
    Report,
    Written,
    node_seed,
    obey,
    say,
    short,
)
from benchmarks.network_player import coins, give_half, held_ujam, perform
from consensus.encoding import digest, tagged_digest
from consensus.entries.chains import Profile
from consensus.identifiers import ContentId, IdentityId
from consensus.ledger import Ledger
from consensus.parameters import NETWORKS
from consensus.signing import public_key
from consensus.statement import Statement, read_statement
from consensus.units import Milliseconds
from popd.api.names import names_in
from popd.api.peers import peers_view
from popd.config import Home, Settings
from popd.node.events import Event, MessageReceived, PeerConnected, Woke
from popd.storage.database import open_database
from popd.storage.shelf import open_shelf
from popd.wiring.collector import calm_collector
from popd.wiring.daemon import RunningDaemon
from popd.wiring.logs import write_logs_to
from wallet.keyring import Keyring

MAX_OWED: Final = 512
"""Entries handed to the pen and not yet stored; below what the pen keeps waiting."""
POLL_S: Final = 0.005
REHEARSAL_BATCH: Final = 256
"""Entries in one transaction of the rehearsal, as many as a daemon handles at once."""


class Rehearsal(msgspec.Struct, frozen=True):
    """How fast a process takes in entries that it has at hand."""

    entries_per_s: float
    """Of wall time."""
    cpu_s: float
    """CPU seconds for one."""


class Met(msgspec.Struct, frozen=True):
    """What a node did since its first peer came."""

    met_ns: int
    """When that was, by the machine's clock."""
    stored_ns: int
    """When its latest entry was on disk."""
    cpu_s: float
    """CPU time since then."""


def identity_seed(name: str) -> bytes:
    """The seed of an identity that follows from a name."""
    return tagged_digest("bench identity", name)


def identity_of(name: str) -> IdentityId:
    """The person who uses the process of that name."""
    return IdentityId(public_key(identity_seed(name)))


def keyring_of(config: Config) -> Keyring:
    """The keys of a node: nobody's coins are at stake, and a restart finds them again."""
    identity = identity_seed(config.identity or config.name)
    secret = tagged_digest("bench secret", config.name)
    return Keyring(identity, node_seed(config.name), secret)


class MeasuredNode(RunningDaemon):
    """A daemon whose deliveries and writes are noted."""

    def __init__(self, meter: Meter, *parts: Any, tells_written: bool) -> None:
        """`parts` are the daemon's."""
        super().__init__(*parts)
        self._meter = meter
        self._tells_written = tells_written
        self._identity = self.node.context.identity
        self._known = len(self.node.ledger.applied)
        self._asked_ns: deque[int] = deque()
        self._unhanded = 0
        self.stored_ns: dict[str, int] = {}
        """When each entry of this run was on disk."""
        self.own_ns: dict[str, int] = {}
        """When each entry that an order wrote was asked for."""
        self.met_ns = 0
        """When the first peer came; 0 before."""
        self.met_cpu_s = 0.0
        """CPU time of this process by then."""
        self._write = self._database.write
        vars(self._database)["write"] = self._noted_write

    def give(self, event: Event) -> None:
        """Counts what peers deliver, and notes when the first of them came."""
        if isinstance(event, PeerConnected) and not self.met_ns:
            self.met_ns, self.met_cpu_s = time.time_ns(), time.process_time()
        if isinstance(event, MessageReceived):
            self._meter.messages_in += 1
            self._meter.message_bytes_in += len(event.data)
        super().give(event)

    async def wait_begun(self) -> None:
        """Waits until the chain has its first entry."""
        while self.node.ledger.state(self._identity) is None:  # noqa: ASYNC110 (no event tells)
            await trio.sleep(POLL_S)

    async def write(self, count: int, per_s: float) -> None:
        """Writes entries of its own, so many a second, or as a burst where that is 0."""
        begin_s, begin_ns = trio.current_time(), time.time_ns()
        step_s = 1 / per_s if per_s else 0.0
        self._unhanded += count
        for number in range(count):
            await trio.sleep_until(begin_s + number * step_s)
            while len(self._asked_ns) >= MAX_OWED:  # noqa: ASYNC110 (another thread tells)
                await trio.sleep(POLL_S)
            self._unhanded -= 1
            self._asked_ns.append(begin_ns + round(number * step_s * 1e9))
            self.node.pen.write(self._draft)
            self.give(Woke())

    def report(self) -> Report:
        """What the node says of itself."""
        ledger = self.node.ledger
        owed = len(self._asked_ns) + self._unhanded
        return self._meter.report(
            held=len(ledger.applied),
            stored=self.stored(),
            owed=owed,
            digest=ledger.digest(),
        )

    def stored(self) -> int:
        """How many entries are on disk."""
        return self._known + len(self.stored_ns)

    def met(self) -> Met:
        """What it did since its first peer came."""
        latest_ns = max(self.stored_ns.values(), default=0)
        return Met(self.met_ns, latest_ns, time.process_time() - self.met_cpu_s)

    def _draft(self, time_ms: Milliseconds) -> Profile:
        """The smallest entry that may be repeated: another name, of the usual length."""
        return Profile(ContentId(digest(time_ms.to_bytes(8))), is_automated=True)

    def _noted_write(self, statements: Iterable[Statement], *rest: Any) -> None:
        kept = list(statements)
        self._write(kept, *rest)
        now_ns = time.time_ns()
        own = []
        for statement in kept:
            identifier = short(statement.id)
            self.stored_ns.setdefault(identifier, now_ns)
            if statement.entry.author == self._identity:
                own.append(identifier)
                if self._asked_ns:
                    self.own_ns[identifier] = self._asked_ns.popleft()
        if own and self._tells_written:
            say(Written(tuple(own)))


def rehearse(stored: Path, network: str) -> Rehearsal:
    """Validates and stores what a ledger file holds as fast as this process can, in a new one."""
    params = NETWORKS[network]
    with open_database(stored) as source:
        wires = list(source.wires())
    ledger = Ledger(params)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(Path(folder, "ledger.sqlite3")) as store,
    ):
        begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
        for batch in batched(wires):
            statements = [read_statement(wire, params.name) for wire in batch]
            for statement in statements:
                ledger.add(statement)
            store.write(statements, [], 0)
        taken_s, taken_cpu_s = time.perf_counter() - begin_s, time.process_time() - begin_cpu_s
    assert len(ledger.applied) == len(wires), "entries in another order than they were written"
    return Rehearsal(len(wires) / taken_s, taken_cpu_s / len(wires))


def batched(wires: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The wires, REHEARSAL_BATCH at a time."""
    return (wires[i : i + REHEARSAL_BATCH] for i in range(0, len(wires), REHEARSAL_BATCH))


async def serve(daemon: MeasuredNode, rehearsal: Rehearsal | None) -> None:
    """Runs the node and carries out orders until the input ends."""
    async with trio.open_nursery() as nursery:
        network = partial(daemon.network.run, daemon.settings.listens_on, daemon.settings.dial)
        await nursery.start(network)
        nursery.start_soon(daemon.run)
        await daemon.wait_begun()
        await obey(orders(daemon, rehearsal, nursery))
        nursery.cancel_scope.cancel()


def orders(
    daemon: MeasuredNode, rehearsal: Rehearsal | None, nursery: trio.Nursery
) -> dict[str, Callable[..., object]]:
    """What a node can be told to do; what takes long goes on in the nursery."""
    node = daemon.node
    return {
        "write": lambda count, per_s: nursery.start_soon(daemon.write, count, per_s),
        "perform": lambda seconds, seed: nursery.start_soon(perform, daemon, seconds, seed),
        "give_half": lambda lot, recipient: give_half(daemon, lot, recipient),
        "report": daemon.report,
        "stored": daemon.stored,
        "arrivals": lambda: Arrivals(daemon.own_ns, daemon.stored_ns),
        "held": lambda: [short(entry) for entry in node.ledger.applied],
        "forks": lambda: len(node.ledger.forks),
        "coins": lambda: coins(daemon),
        "held_ujam": lambda lot: held_ujam(daemon, lot),
        "met": daemon.met,
        "peers": lambda: peers_view(node, daemon.edge(), names_in(node.context)),
        "rehearsed": lambda: rehearsal,
    }


def main() -> None:
    """Runs one node as its argument says."""
    config = msgspec.json.decode(sys.argv[1], type=Config)
    rehearsal = rehearse(Path(config.rehearses), "practice") if config.rehearses else None
    home = Home(Path(config.home))
    home.path.mkdir(parents=True, exist_ok=True)
    write_logs_to(home.log)
    settings = Settings(
        network="practice",
        name=config.name,
        listen=config.listen,
        dial=config.dial,
        store_mb=config.store_mb,
        is_automated=True,
    )
    with open_database(home.ledger) as database, open_shelf(home.shelf) as shelf:
        database.set_pins(frozenset(map(identity_of, config.pins)))
        parts = (home, settings, keyring_of(config), database, shelf)
        daemon = MeasuredNode(Meter(), *parts, tells_written=config.tells_written)
        calm_collector()
        trio.run(serve, daemon, rehearsal)


if __name__ == "__main__":
    main()
