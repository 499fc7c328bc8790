"""What it costs two nodes to find out what the other lacks, and how fast a fresh one catches up."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.common import Row, at_least, at_most, informs, progress
from benchmarks.network_child import Config, Report
from benchmarks.network_node import Met, Rehearsal
from benchmarks.network_town import NODE, Child, peer_id
from consensus.encoding import digest
from consensus.entries.chains import Profile
from consensus.identifiers import ContentId, NodeKey
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from popd.cli.ports import free_ports
from popd.config import Home
from popd.node.context import NodeSettings
from popd.node.events import MessageReceived
from popd.storage.database import open_database
from simulations import scribe
from simulations.players import judge_play
from simulations.virtual_network import BEGINNING_US, VirtualNetwork, VirtualNode

ENTRIES: Final = 100_000
SHAPES: Final = {"by_1000": 1_000, "by_100000": 100_000}
"""How many authors the entries are of."""
DIFFERENT: Final = 50
"""Entries that each side has and the other lacks, each of another author."""
LATENCY_US: Final = 10_000
ROOMY_BYTES: Final = 4_096_000_000
"""Of a store in which all these strangers fit: nobody is measured."""
BYTES_FACTOR: Final = 3
BYTES_EXTRA: Final = 32_000
ROUND_TRIPS: Final = 8
COMPARE_S: Final = 60.0
"""Virtual seconds."""
CATCH_UP_GOAL: Final = 0.6
CATCH_UP_S: Final = 240.0
POLL_S: Final = 0.5
QUIET_S: Final = 20.0
"""A node that takes nothing in for so long has given up."""


class CountingNetwork(VirtualNetwork):
    """A virtual network on which nothing goes wrong, and everything that travels is counted."""

    def __init__(self) -> None:
        """Nobody is there yet."""
        super().__init__(PRACTICE, judge_play, seed=1)
        self.bytes = 0
        """Of all messages."""
        self.messages = 0
        """That were sent."""
        self.steps: dict[NodeKey, int] = {}
        """The longest chain of messages, each an answer to the one before, that ends at a node."""

    def _deliver(self, sender: VirtualNode, receiver: VirtualNode, data: bytes) -> None:
        if frozenset({sender.key, receiver.key}) in self.cut:
            return
        self.bytes += len(data)
        self.messages += 1
        step = self.steps.get(sender.key, 0) + 1

        def arrive() -> None:
            self.steps[receiver.key] = max(step, self.steps.get(receiver.key, 0))
            self.give(receiver, MessageReceived(sender.key, data))

        self.later(self.now_us + LATENCY_US, arrive)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two nodes exchanged until they had the same."""

    is_same: bool
    """Whether they came to it."""
    bytes: int
    """Of all messages, both ways."""
    messages: int
    """Both ways."""
    round_trips: float
    """Half the longest chain of messages, each sent after the one before had arrived."""
    seconds: float
    """Virtual, with messages that take LATENCY_US."""
    differing_bytes: int
    """Of the entries that one of them lacked."""
    cpu_s: float
    """CPU seconds of both."""


def written_entries(entries: int, authors: int) -> list[list[Statement]]:
    """The chains of so many authors, of the smallest entries that may be repeated."""
    begin_ms = BEGINNING_US // 1_000 - entries
    each = entries // authors
    chains: list[list[Statement]] = []
    for number in range(authors):
        who = scribe.author(f"author {number}")
        bodies = (_named(number, place) for place in range(each))
        chains.append(
            [who.write(PRACTICE, begin_ms + place, body) for place, body in enumerate(bodies)]
        )
    return chains


def _named(number: int, place: int) -> Profile:
    return Profile(ContentId(digest(b"%d %d" % (number, place))), is_automated=True)


def compared(chains: Sequence[Sequence[Statement]], different: int) -> Comparison:
    """Two nodes meet; the last entries of `different` chains are lacking on each side."""
    network = CountingNetwork()
    roomy = NodeSettings(store_bytes=ROOMY_BYTES)
    one, other = network.add("one", roomy), network.add("other", roomy)
    lacking = [chain[-1] for chain in chains[:: len(chains) // (2 * different)][: 2 * different]]
    without_one = {statement.id for statement in lacking[::2]}
    without_other = {statement.id for statement in lacking[1::2]}
    everything = [statement for chain in chains for statement in chain]
    one.disk = [statement for statement in everything if statement.id not in without_one]
    other.disk = [statement for statement in everything if statement.id not in without_other]
    network.partition([one], [other])
    network.start(one)
    network.start(other)
    network.run(1)
    network.bytes = network.messages = 0
    begin_us, begin_cpu_s = network.now_us, time.process_time()
    is_same = _meet(network, (one, other), len(everything) + 2)
    own = [node.disk[-1] for node in (one, other)]
    return Comparison(
        is_same=is_same,
        bytes=network.bytes,
        messages=network.messages,
        round_trips=max(network.steps.values()) / 2,
        seconds=(network.now_us - begin_us) / 1e6,
        differing_bytes=sum(len(statement.wire) for statement in (*lacking, *own)),
        cpu_s=time.process_time() - begin_cpu_s,
    )


def _meet(network: CountingNetwork, nodes: Sequence[VirtualNode], expected: int) -> bool:
    """Joins the nodes and waits until they have the same."""
    network.heal()
    deadline_us = network.now_us + int(COMPARE_S * 1_000_000)
    while network.now_us < deadline_us:
        network.run(LATENCY_US / 2_000_000)
        if all(v.node is not None and len(v.node.ledger.applied) == expected for v in nodes):
            return len(network.digests()) == 1
    return False


def reconcile() -> Iterator[Row]:
    """A hundred entries of difference in a hundred thousand."""
    for name, authors in SHAPES.items():
        progress(f"reconcile {name}: writes {ENTRIES} entries of {authors} authors")
        chains = written_entries(ENTRIES, authors)
        progress(f"reconcile {name}: two nodes compare")
        found = compared(chains, DIFFERENT)
        allowed = BYTES_FACTOR * found.differing_bytes + BYTES_EXTRA
        yield at_least(f"reconcile_{name}_same_digest", found.is_same, 1, "of 1")
        yield at_most(f"reconcile_{name}_bytes", found.bytes, allowed, "bytes")
        yield at_most(f"reconcile_{name}_trips", found.round_trips, ROUND_TRIPS, "round trips")
        yield informs(f"reconcile_{name}_messages", found.messages, "messages")
        yield informs(f"reconcile_{name}_seconds", found.seconds, "virtual s")
        yield informs(f"reconcile_{name}_differing", found.differing_bytes, "bytes")
        yield informs(f"reconcile_{name}_cpu", found.cpu_s, "s of both")


def catch_up() -> Iterator[Row]:
    """A fresh node takes everything from one that has it, both real."""
    for name, authors in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            yield from _caught_up(f"catch_up_{name}", Path(folder), authors)


def _caught_up(name: str, folder: Path, authors: int) -> Iterator[Row]:
    full, fresh = pair_configs(folder)
    progress(f"{name}: writes {ENTRIES} entries of {authors} authors")
    fill(full, written_entries(ENTRIES, authors))
    children: list[Child] = []
    try:
        for words, config in (("reads its ledger", full), ("rehearses", fresh)):
            progress(f"{name}: {config.name} {words}")
            children.append(Child(NODE, config))
            children[-1].wait_ready()
        rehearsal = children[1].ask("rehearsed", Rehearsal)
        _watch(name, children[1])
        met = children[1].ask("met", Met)
        reports = [child.ask("report", Report) for child in children]
    finally:
        for child in children:
            child.end()
    report = reports[1]
    rate = report.held / (met.stored_ns - met.met_ns) * 1e9
    is_same = len({each.digest for each in reports}) == 1
    yield at_least(f"{name}_same_digest", is_same, 1, "of 1")
    yield at_least(name, rate / rehearsal.entries_per_s, CATCH_UP_GOAL, "of its own pace")
    yield informs(f"{name}_rate", rate, "entries/s")
    yield informs(f"{name}_own_pace", rehearsal.entries_per_s, "entries/s")
    yield informs(f"{name}_cpu", met.cpu_s * 1e6 / report.held, "us an entry")
    yield informs(f"{name}_own_pace_cpu", rehearsal.cpu_s * 1e6, "us an entry")
    yield informs(f"{name}_bytes", report.socket_bytes_in / report.held, "received an entry")
    yield informs(f"{name}_memory", report.rss_bytes / 1e6, "MB")


def pair_configs(folder: Path) -> tuple[Config, Config]:
    """A node that has everything, and a fresh one that dials it and rehearses with its ledger."""
    names = ("full", "fresh")
    listen = [f"/ip4/127.0.0.1/tcp/{port}" for port in free_ports(2)]
    full, fresh = (
        Config(home=str(folder / name), name=name, listen=(address,), dial=())
        for name, address in zip(names, listen, strict=True)
    )
    dial = (f"{listen[0]}/p2p/{peer_id(full.name)}",)
    stored = str(Home(Path(full.home)).ledger)
    return full, Config(fresh.home, fresh.name, fresh.listen, dial, rehearses=stored)


def fill(config: Config, chains: Sequence[Sequence[Statement]]) -> None:
    """Gives a node that has not started a ledger."""
    home = Home(Path(config.home))
    home.path.mkdir(parents=True)
    with open_database(home.ledger) as store:
        store.write((statement for chain in chains for statement in chain), [], 0)


def _watch(name: str, fresh: Child) -> None:
    """Waits until the fresh node has everything or gave up.

    It is asked for nothing but a count: the digest of such a ledger takes it half a second.
    """
    deadline = time.monotonic() + CATCH_UP_S
    held, since = 0, time.monotonic()
    while held < ENTRIES + 2 and time.monotonic() < min(deadline, since + QUIET_S):
        time.sleep(POLL_S)
        now_held = fresh.ask("stored", int)
        if now_held != held:
            held, since = now_held, time.monotonic()
            progress(f"{name}: {held} entries of {ENTRIES}")
