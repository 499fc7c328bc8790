"""What becomes of a town of honest nodes while rogues attack one of them in every way."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import trio

from benchmarks.common import Row, at_least, at_most, informs, progress
from benchmarks.network_child import Arrivals
from benchmarks.network_town import Town, full_graph
from consensus.identifiers import to_peer_id
from tests.attacks import ATTACKS, Attack
from tests.rogues import Rogue

HONEST: Final = 3
STORE_MB: Final = 8
"""Strangers may take a tenth of it, far less than a crowd of rogues brings."""
ENTRIES: Final = 200
"""What each honest node writes in all."""
PATIENCE_S: Final = 40.0
ENDURED_S: Final = 13.0
"""How long an attack goes on that need not end with its rogue."""
SETTLE_S: Final = 90.0
POLL_S: Final = 0.1
MOST_GROWTH: Final = 100_000_000
"""Bytes of memory that all attacks together may cost a node."""
MOST_OVERHEAD: Final = 24_000_000
"""Bytes on disk beside the store's budget: the log of writes ahead, and what pages leave free."""


@dataclass(frozen=True, slots=True)
class Met:
    """How an attack ended."""

    name: str
    """Which attack."""
    is_dropped: bool
    """The rogue is kept out, for one of the reasons that the attack gives."""
    seconds: float
    """Until it was."""
    why: tuple[str, ...]
    """What `popctl peers` holds against it, in words."""
    growth_bytes: int
    """What the node's memory grew by meanwhile."""


@dataclass(frozen=True, slots=True)
class Siege:
    """What became of the town."""

    met: Sequence[Met]
    """Each attack."""
    is_converged: bool
    """All honest entries are with all honest nodes."""
    growth_bytes: int
    """What the attacked node's memory grew by in all."""
    disk_bytes: int
    """What the ledger of the attacked node takes up on disk."""
    parted: int
    """Honest nodes that an honest node keeps out."""


def siege(names: Sequence[str] = tuple(ATTACKS)) -> Siege:
    """One attack after the other on number 0 of a small town that goes on writing."""
    with tempfile.TemporaryDirectory() as folder:
        path, graph = Path(folder, "siege"), full_graph(HONEST)
        with Town(path, graph, store_mb=STORE_MB, are_friends=True) as town:
            town.wait_settled(HONEST, PATIENCE_S)
            begin_bytes = town.reports()[0].rss_bytes
            met = [under_attack(town, name) for name in names]
            growth_bytes = town.reports()[0].rss_bytes - begin_bytes
            is_converged = converges(town)
            keys = {child.config.name: town.address(n) for n, child in enumerate(town.children)}
            honest = {address.rpartition("/")[2] for address in keys.values()}
            parted = sum(
                ban["node"] in honest
                for about in town.ask_all("peers", dict[str, Any])
                for ban in about["banned"]
            )
            home = Path(town.configs[0].home)
            disk_bytes = sum(file.stat().st_size for file in home.glob("ledger*"))
        return Siege(met, is_converged, growth_bytes, disk_bytes, parted)


def under_attack(town: Town, name: str) -> Met:
    """One attack, while everybody writes."""
    progress(f"hostile: {name}")
    each = ENTRIES // len(ATTACKS)
    town.ask_all("write", type(None), count=each, per_s=5.0)
    before = town.reports()[0].rss_bytes
    begin = time.monotonic()
    is_dropped, why = trio.run(_attack, town, name, ATTACKS[name])
    seconds = time.monotonic() - begin
    return Met(name, is_dropped, seconds, why, town.reports()[0].rss_bytes - before)


async def _attack(town: Town, name: str, attack: Attack) -> tuple[bool, tuple[str, ...]]:
    rogue = Rogue(name, town.address(0))
    node = to_peer_id(rogue.network.key)
    words = {reason.words for reason in attack.reasons}
    is_dropped = False
    why: tuple[str, ...] = ()
    async with trio.open_nursery() as nursery:
        await nursery.start(rogue.run)
        nursery.start_soon(attack.run, rogue)
        with trio.move_on_after(PATIENCE_S if words else ENDURED_S):
            while not is_dropped:
                await trio.sleep(POLL_S)
                about = await trio.to_thread.run_sync(_peers, town)
                is_dropped, why = held_against(about, node)
        nursery.cancel_scope.cancel()
    return is_dropped and bool(words & set(why)), why


def _peers(town: Town) -> dict[str, Any]:
    about: dict[str, Any] = town.children[0].ask("peers", dict[str, Any])
    return about


def held_against(about: Mapping[str, Any], node: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a peer is kept out, and what is said of it."""
    for peer in about["banned"]:
        if peer["node"] == node:
            return True, tuple(incident["what"] for incident in peer["incidents"])
    for peer in about["peers"]:
        if peer["node"] == node:
            return False, tuple(incident["what"] for incident in peer["incidents"])
    return False, ()


def converges(town: Town) -> bool:
    """Whether in the end every honest entry is with every honest node."""
    deadline = time.monotonic() + SETTLE_S
    while True:
        honest = {entry for a in town.ask_all("arrivals", Arrivals) for entry in a.asked_ns}
        owed = any(report.owed for report in town.reports())
        if not owed and all(honest <= set(held) for held in town.ask_all("held", list[str])):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)


def hostile() -> Iterator[Row]:
    """Every attack on a town of three, one after the other, with small stores."""
    found = siege()
    for met in found.met:
        progress(f"hostile: {met.name}: {' '.join(met.why) or 'nothing is held against it'}")
        if ATTACKS[met.name].reasons:
            yield at_least(f"hostile_{met.name}_dropped", met.is_dropped, 1, "of 1")
            yield informs(f"hostile_{met.name}_dropped_after", met.seconds, "s")
        yield informs(f"hostile_{met.name}_memory", met.growth_bytes / 1e6, "MB")
    yield at_least("hostile_converged", found.is_converged, 1, "of 1")
    yield at_most("hostile_honest_parted", found.parted, 0, "nodes")
    yield at_most("hostile_memory", found.growth_bytes / 1e6, MOST_GROWTH / 1e6, "MB")
    most_mb = STORE_MB + MOST_OVERHEAD / 1e6
    yield at_most("hostile_disk", found.disk_bytes / 1e6, most_mb, "MB")
