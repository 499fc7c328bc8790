"""What becomes of the ledger when messages get lost, nodes are killed, and the network is cut."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.common import Row, at_least, at_most, informs, progress
from benchmarks.network_cut import DidNotHappenError, run_real_partition
from benchmarks.network_town import ChildError, Town, full_graph
from simulations.faulty_links import run_faulty_links
from simulations.partition import PartitionReport, run_partition
from tests.namespaces import are_permitted

SEEDS: Final = range(5)
KILLS: Final = 120
KILL_EVERY_S: Final = 1.0
KILL_NODES: Final = 6
EACH_PER_SECOND: Final = 20.0
"""Entries a second that each node writes while it lives."""
HALF: Final = 10
"""Real nodes on each side of the cut."""
MEET_S: Final = 30.0
SETTLE_S: Final = 180.0
WORDS_EVERY: Final = 10


@dataclass(frozen=True, slots=True)
class Killed:
    """What became of a town whose nodes were killed again and again."""

    kills: int
    """How often one was killed."""
    acknowledged: int
    """Entries that a node said were on its disk."""
    lost: int
    """Of these, those that some node lacks in the end."""
    forks: int
    """Nodes that wrote two entries of one number, because they forgot the first."""
    is_same: bool
    """Whether all ledgers were the same in the end."""
    settled_s: float
    """Wall seconds from the last start until they were."""


def killed(kills: int, nodes: int, seed: int) -> Killed:
    """Kills a random node every second and starts it again from its disk, under load."""
    with tempfile.TemporaryDirectory() as folder:
        progress(f"kills: {nodes} nodes start")
        with Town(Path(folder, "kills"), full_graph(nodes), tells_written=True) as town:
            town.wait_settled(nodes, MEET_S)
            acknowledged = _under_fire(town, kills, Random(seed))
            progress("kills: waits until all have the same")
            begin = time.monotonic()
            is_same, _ = town.wait_settled(len(acknowledged), SETTLE_S)
            settled_s = time.monotonic() - begin
            acknowledged.update(entry for child in town.children for entry in child.written)
            everywhere = set.intersection(*map(set, town.ask_all("held", list[str])))
            forks = max(town.ask_all("forks", int))
        lost = len(acknowledged - everywhere)
        return Killed(kills, len(acknowledged), lost, forks, is_same, settled_s)


def _under_fire(town: Town, kills: int, chance: Random) -> set[str]:
    """Kills, restarts, and keeps all alive writing; returns what the killed had acknowledged."""
    acknowledged: set[str] = set()
    begin = time.monotonic()
    seconds = kills * KILL_EVERY_S
    living = set(range(len(town.children)))
    for number in living:
        _write(town, number, seconds)
    for kill in range(kills):
        _pass_time(town, living, begin + (kill + 1) * KILL_EVERY_S, begin + seconds)
        if kill % WORDS_EVERY == 0:
            progress(f"kills: {begin + seconds - time.monotonic():.0f} s left")
        victim = chance.choice(sorted(living or range(len(town.children))))
        town.children[victim].kill()
        acknowledged.update(town.children[victim].written)
        living.discard(victim)
        town.restart(victim)
    for number in set(range(len(town.children))) - living:
        town.children[number].wait_ready()
    return acknowledged


def _pass_time(town: Town, living: set[int], until: float, end: float) -> None:
    """Waits, and has those write that are ready meanwhile."""
    while True:
        for number in set(range(len(town.children))) - living:
            if town.children[number].is_ready():
                living.add(number)
                _write(town, number, end - time.monotonic())
        if (left := until - time.monotonic()) <= 0:
            return
        time.sleep(min(left, 0.05))


def _write(town: Town, number: int, seconds: float) -> None:
    count = max(0, round(seconds * EACH_PER_SECOND))
    with suppress(ChildError):
        town.children[number].ask("write", type(None), count=count, per_s=EACH_PER_SECOND)


def faults() -> Iterator[Row]:
    """Six nodes in virtual time; a tenth of all messages lost, another doubled, all shuffled."""
    progress("faults: virtual time")
    reports = [run_faulty_links(seed) for seed in SEEDS]
    is_same = all(report.digests == 1 and report.lacking == 0 for report in reports)
    agreed_s = [report.agreed_s for report in reports]
    yield at_least("faults_same_digest", is_same, 1, "of 1")
    yield at_most("faults_parted", sum(report.parted for report in reports), 0, "honest nodes")
    yield informs("faults_agreed_median", median(agreed_s), "virtual s")
    yield informs("faults_agreed_worst", max(agreed_s), "virtual s")


def kills(count: int = KILLS) -> Iterator[Row]:
    """Real nodes under load, one killed every second and started again from its disk."""
    found = killed(count, KILL_NODES, seed=1)
    yield at_most("kills_lost", found.lost, 0, "acknowledged entries")
    yield at_least("kills_same_digest", found.is_same, 1, "of 1")
    yield at_most("kills_forks", found.forks, 0, "nodes")
    yield informs("kills", found.kills, "kills")
    yield informs("kills_acknowledged", found.acknowledged, "entries")
    yield informs("kills_settled", found.settled_s, "s")


def partition() -> Iterator[Row]:
    """Two halves of ten; one key is used in both, and moves one lot twice."""
    progress("partition: virtual time")
    yield from _partition_rows("partition", [run_partition(seed) for seed in SEEDS], "virtual s")
    if are_permitted():
        yield from _real_partition()
    else:
        progress("partition: network namespaces are not permitted here: run it as root")


def _real_partition() -> Iterator[Row]:
    name = "partition_real"
    try:
        report = run_real_partition(HALF)
    except DidNotHappenError as stalled:
        progress(f"{name}: {stalled}")
        yield at_least(f"{name}_same_digest", 0, 1, "of 1")
    else:
        yield from _partition_rows(name, [report], "s")


def _partition_rows(name: str, reports: Sequence[PartitionReport], unit: str) -> Iterator[Row]:
    is_contested = all(
        report.contested == 1 and report.is_double_spend_contested and report.is_fork_known
        for report in reports
    )
    standing = sum(report.standing for report in reports)
    payments = sum(report.payments for report in reports)
    minted = min(min(report.mints) for report in reports)
    is_same = all(report.digests == 1 for report in reports)
    yield at_least(f"{name}_same_digest", is_same, 1, "of 1")
    yield at_least(f"{name}_contested_everywhere", is_contested, 1, "of 1")
    yield at_least(f"{name}_payments_stand", standing / payments, 1, "share")
    yield at_least(f"{name}_mints_in_each_half", minted, 1, "mints")
    yield informs(f"{name}_healed", max(report.healed_s for report in reports), unit)
