"""How fast, how surely and at what price entries reach everybody in a town of real nodes."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks.common import Row, at_least, informs, progress
from benchmarks.network_child import Arrivals, Report
from benchmarks.network_town import (
    GOSSIP,
    NODE,
    Town,
    full_graph,
    median_report,
    sparse_graph,
)

NODES: Final = 20
SEED: Final = 7
PER_SECOND: Final = 100.0
"""Entries a second that the whole town writes."""
TOWN_S: Final = 60.0
FULL_S: Final = 15.0
BURST: Final = 2_000
GOSSIP_PER_SECOND: Final = 5.0
"""What twenty gossiping nodes can carry on two cores."""
GOSSIP_S: Final = 30.0
IDLE_S: Final = 10.0
MEET_S: Final = 90.0
SETTLE_S: Final = 180.0
GOSSIP_SETTLE_S: Final = 20.0
MESH_S: Final = 5.0
"""Gossip's meshes form at heartbeats, one a second."""
CHEAPER_GOAL: Final = 10.0
WORDS_EVERY_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Spread:
    """What became of the entries that a town wrote."""

    entries: int
    """How many."""
    nodes: int
    """How many processes."""
    is_settled: bool
    """Whether all had everything, and the same, in time."""
    latencies_s: tuple[float, ...]
    """For each entry that everybody has: from asking for it until the last had it on disk."""
    delivered: float
    """Share of (entry, node other than its author) that arrived."""
    cpu_s: float
    """CPU seconds of all nodes from the first entry until all was settled."""
    seconds: float
    """Wall time of the same."""
    messages: int
    """That nodes delivered to each other."""
    socket_bytes: int
    """That went out, framing and encryption included."""

    def latency_s(self, share: float) -> float:
        """By when that share of the entries was everywhere; -1 where none ever was."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else -1.0

    def cpu_us(self, idle: float = 0.0) -> float:
        """CPU for one entry on one node, without what an idle town takes (CPU seconds a second)."""
        return (self.cpu_s - idle * self.seconds) * 1e6 / (self.entries * self.nodes)


@dataclass(frozen=True, slots=True)
class TownFigures:
    """What a town was put through."""

    idle: float
    """CPU seconds a second that all its nodes take when nobody writes."""
    steady: Spread
    """Everybody writes, slowly."""
    one_burst: Spread | None
    """One writes much at once."""
    all_burst: Spread | None
    """Everybody does."""
    reports: tuple[Report, ...]
    """How the nodes were in the end."""


def pause(seconds: float, words: str) -> None:
    """Lets a phase run its time, and tells how much of it is left."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        progress(f"{words}: {left:.0f} s left")
        time.sleep(min(left, WORDS_EVERY_S))


def idle_cpu(town: Town, seconds: float) -> float:
    """CPU seconds a second that a town takes when nobody writes."""
    before = _cpu_s(town.reports())
    begin = time.monotonic()
    pause(seconds, f"{town.path.name}: idle")
    return (_cpu_s(town.reports()) - before) / (time.monotonic() - begin)


def spread(
    town: Town, shares: Sequence[int], seconds: float, patience_s: float, words: str
) -> Spread:
    """Has each node write its share within `seconds` (at once where 0), and waits for all."""
    before = town.reports()
    begin, begin_ns = time.monotonic(), time.time_ns()
    for child, count in zip(town.children, shares, strict=True):
        child.order("write", count=count, per_s=count / seconds if seconds else 0.0)
    for child in town.children:
        child.answer(type(None))
    pause(seconds, f"{town.path.name}: {words}")
    progress(f"{town.path.name}: waits until all have everything (at most {patience_s:.0f} s)")
    is_settled, after = town.wait_settled(before[0].held + sum(shares), patience_s)
    taken_s = time.monotonic() - begin
    latencies, missing = _arrived(town.ask_all("arrivals", Arrivals), begin_ns, sum(shares))
    nodes = len(shares)
    return Spread(
        entries=sum(shares),
        nodes=nodes,
        is_settled=is_settled,
        latencies_s=tuple(latencies),
        delivered=1 - missing / (sum(shares) * (nodes - 1)),
        cpu_s=_cpu_s(after) - _cpu_s(before),
        seconds=taken_s,
        messages=sum(r.messages_in for r in after) - sum(r.messages_in for r in before),
        socket_bytes=sum(r.socket_bytes_out for r in after)
        - sum(r.socket_bytes_out for r in before),
    )


def _arrived(arrivals: Sequence[Arrivals], begin_ns: int, entries: int) -> tuple[list[float], int]:
    """Seconds until everybody had each entry asked for since `begin_ns`; how often one is missing.

    Entries that were never written are missing everywhere.
    """
    asked_ns = {
        entry: asked
        for one in arrivals
        for entry, asked in one.asked_ns.items()
        if asked >= begin_ns
    }
    times_ns = {
        entry: [one.stored_ns[entry] for one in arrivals if entry in one.stored_ns]
        for entry in asked_ns
    }
    missing = (entries - len(asked_ns)) * (len(arrivals) - 1)
    missing += sum(len(arrivals) - len(times) for times in times_ns.values())
    latencies = [
        (max(times) - asked_ns[entry]) / 1e9
        for entry, times in times_ns.items()
        if len(times) == len(arrivals)
    ]
    return latencies, missing


def _cpu_s(reports: Sequence[Report]) -> float:
    return sum(report.cpu_s for report in reports)


def evenly(total: int, nodes: int) -> list[int]:
    """Everybody's share of what a town writes."""
    return [total // nodes + (number < total % nodes) for number in range(nodes)]


def from_one(total: int, nodes: int) -> list[int]:
    """All of it is one node's."""
    return [total] + [0] * (nodes - 1)


def measured_town(
    name: str, graph: Sequence[Sequence[int]], seconds: float, per_s: float, burst: int
) -> TownFigures:
    """Puts a town of real nodes through a steady load and two bursts (none where `burst` is 0)."""
    nodes = len(graph)
    with tempfile.TemporaryDirectory() as folder:
        progress(f"{name}: {nodes} nodes start")
        with Town(Path(folder, name), graph, NODE) as town:
            town.wait_settled(nodes, MEET_S)
            idle = idle_cpu(town, IDLE_S)
            shares = evenly(round(per_s * seconds), nodes)
            steady = spread(town, shares, seconds, SETTLE_S, f"{per_s:g} entries/s")
            bursts = [
                spread(town, split(burst, nodes), 0, SETTLE_S, "a burst")
                for split in (from_one, evenly)
                if burst
            ]
            one, everybody = bursts or (None, None)
            return TownFigures(idle, steady, one, everybody, tuple(town.reports()))


@cache
def sparse_town() -> TownFigures:
    """The town of the claims; measured once a run."""
    return measured_town("town", sparse_graph(NODES, SEED), TOWN_S, PER_SECOND, BURST)


def town_rows(name: str, figures: TownFigures) -> Iterator[Row]:
    """What is said of a town."""
    spreads = {
        "": figures.steady,
        "_burst_of_one": figures.one_burst,
        "_burst_of_all": figures.all_burst,
    }
    found = {suffix: each for suffix, each in spreads.items() if each is not None}
    is_same = all(each.is_settled for each in found.values())
    yield at_least(f"{name}_same_digest", is_same, 1, "of 1")
    for suffix, each in found.items():
        yield informs(f"{name}{suffix}_delivered", each.delivered, "share")
        yield informs(f"{name}{suffix}_p50", each.latency_s(0.50), "s to everybody")
        yield informs(f"{name}{suffix}_p99", each.latency_s(0.99), "s to everybody")
        cpu_us = each.cpu_us(figures.idle)
        yield informs(f"{name}{suffix}_cpu", cpu_us, "us an entry and node")
    pairs = figures.steady.entries * figures.steady.nodes
    yield informs(f"{name}_messages", figures.steady.messages / pairs, "an entry and node")
    yield informs(f"{name}_bytes", figures.steady.socket_bytes / pairs, "sent an entry and node")
    yield informs(f"{name}_idle_cpu", figures.idle * 100 / figures.steady.nodes, "% of a core")
    memory = median_report(figures.reports, lambda r: r.rss_bytes) / 1e6
    yield informs(f"{name}_memory", memory, "MB a node")
    yield informs(f"{name}_files", median_report(figures.reports, lambda r: r.open_files), "open")


def town() -> Iterator[Row]:
    """Twenty nodes with about four neighbours each."""
    yield from town_rows("town", sparse_town())


def full_town() -> Iterator[Row]:
    """Twenty nodes, each connected to all others."""
    graph = full_graph(NODES)
    yield from town_rows("full", measured_town("full", graph, FULL_S, PER_SECOND, 0))


def measured_gossip(
    graph: Sequence[Sequence[int]], seconds: float, per_s: float
) -> tuple[float, Spread]:
    """The idle CPU of gossiping hosts, and what became of what they told each other."""
    nodes = len(graph)
    with tempfile.TemporaryDirectory() as folder:
        progress(f"gossip: {nodes} hosts start")
        with Town(Path(folder, "gossip"), graph, GOSSIP) as hosts:
            pause(MESH_S, "gossip: meshes form")
            idle = idle_cpu(hosts, IDLE_S)
            shares = evenly(round(per_s * seconds), nodes)
            words = f"{per_s:g} items/s"
            return idle, spread(hosts, shares, seconds, GOSSIP_SETTLE_S, words)


def cheaper_than_gossip() -> Iterator[Row]:
    """The town held against one gossip message an entry, on the same graph."""
    figures = sparse_town()
    idle, gossip = measured_gossip(sparse_graph(NODES, SEED), GOSSIP_S, GOSSIP_PER_SECOND)
    ours_us, theirs_us = figures.steady.cpu_us(figures.idle), gossip.cpu_us(idle)
    with_idle = gossip.cpu_us() / figures.steady.cpu_us()
    yield at_least("cheaper_than_gossip", theirs_us / ours_us, CHEAPER_GOAL, "times")
    yield informs("cheaper_with_idle_cpu", with_idle, "times")
    yield informs("gossip_cpu", theirs_us, "us an item and node")
    yield informs("gossip_cpu_with_idle", gossip.cpu_us(), "us an item and node")
    yield informs("gossip_delivered", gossip.delivered, "share")
    yield informs("gossip_p99", gossip.latency_s(0.99), "s to everybody")
    yield informs("gossip_idle_cpu", idle * 100 / gossip.nodes, "% of a core")
