"""A partition of real nodes: processes in network namespaces, and routes that lead nowhere.

The story is that of `simulations.partition`, in real time and over real connections.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.common import progress
from benchmarks.network_node import keyring_of
from benchmarks.network_player import Coins
from benchmarks.network_town import Child, Place, Town, full_graph, is_same
from consensus.signing import public_key
from popd.config import Home
from simulations.partition import PartitionReport
from tests.namespaces import cut, heal, hosts

SHOW_S: Final = 22
MEET_S: Final = 120.0
MINT_S: Final = 180.0
APART_S: Final = 20.0
"""By then links over which nothing comes any more are given up."""
PAY_S: Final = 60.0
HEAL_S: Final = 180.0
POLL_S: Final = 0.5


class DidNotHappenError(Exception):
    """Something did not happen in time; the message says what."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Coins that were handed over."""

    lot: str
    """Where they lie then."""
    amount_ujam: int
    """How much."""


def run_real_partition(half: int) -> PartitionReport:
    """Runs the story with so many nodes on each side; raises DidNotHappenError where it stalls."""
    with tempfile.TemporaryDirectory() as folder, hosts(2 * half) as places:
        prefixes = [Place(host.address(), ("ip", "netns", "exec", host.name)) for host in places]
        graph = full_graph(2 * half)
        progress(f"partition: {2 * half} real nodes start")
        with Town(Path(folder, "cut"), graph, places=prefixes) as town:
            _until(lambda: town.wait_settled(2 * half, 0)[0], MEET_S, "all know each other")
            (spent,) = _performed(town, [0])
            _until(lambda: is_same(town.reports()), MEET_S, "all know of the first coin")
            before = town.children[1].ask("coins", Coins).mints
            cut(places[:half], places[half:])
            _second_device(town, 2 * half - 1)
            progress(f"partition: cut; links fall silent ({APART_S:.0f} s)")
            time.sleep(APART_S)
            lots = _performed(town, [1, half])
            mints = tuple(
                town.children[number].ask("coins", Coins).mints - before for number in (1, half)
            )
            spends = [(0, spent, 2), (2 * half - 1, spent, half + 1)]
            gifts = [(1, lots[0], 3), (half, lots[1], half + 2)]
            for payment in spends:
                _pay(town, *payment)
            payments = [_pay(town, *payment) for payment in gifts]
            progress("partition: the cut heals")
            heal(places[:half], places[half:])
            begin = time.monotonic()
            _until(lambda: is_same(town.reports()), HEAL_S, "all agree", is_must=False)
            return _report(town, spent, (mints[0], mints[1]), payments, time.monotonic() - begin)


def _performed(town: Town, performers: Sequence[int]) -> list[str]:
    """Shows at the same time; returns what each performer's own mint gave them."""
    children = [town.children[number] for number in performers]
    for child in children:
        child.ask("perform", type(None), seconds=SHOW_S, seed=child.process.pid)
    progress(f"partition: {len(children)} play and mint")
    _until(lambda: all(_minted(child) for child in children), MINT_S, "a mint of each")
    return [_minted(child)[-1] for child in children]


def _minted(child: Child) -> tuple[str, ...]:
    return child.ask("coins", Coins).minted


def _second_device(town: Town, number: int) -> None:
    """Puts another device in a node's place, with the key and the disk of number 0."""
    town.children[number].end()
    first = town.configs[0]
    home = Home(town.path / "second")
    home.path.mkdir()
    with (
        closing(sqlite3.connect(Home(Path(first.home)).ledger)) as source,
        closing(sqlite3.connect(home.ledger)) as target,
    ):
        source.backup(target)
    town.configs[number] = msgspec.structs.replace(
        town.configs[number], home=str(home.path), name="second", identity=first.name
    )
    town.restart(number)
    town.children[number].wait_ready()


def _pay(town: Town, giver: int, lot: str, recipient: int) -> Paid:
    """Half of a lot changes hands, and is received."""
    identity = public_key(keyring_of(town.configs[recipient]).identity_seed).hex()
    child = town.children[giver]
    there, amount = child.ask("give_half", tuple[str, int], lot=lot, recipient=identity)
    receiver = town.children[recipient]
    _until(
        lambda: receiver.ask("held_ujam", int, lot=there) == amount,
        PAY_S,
        f"{receiver.config.name} received what {child.config.name} gave",
    )
    return Paid(there, amount)


def _report(
    town: Town,
    spent: str,
    mints: tuple[int, int],
    payments: Sequence[Paid],
    healed_s: float,
) -> PartitionReport:
    found = town.ask_all("coins", Coins)
    spender = spent.rpartition(":")[2]
    standing = [
        all(held == paid.amount_ujam for held in town.ask_all("held_ujam", int, lot=paid.lot))
        for paid in payments
    ]
    return PartitionReport(
        digests=len({report.digest for report in town.reports()}),
        contested=len({each.contested for each in found}),
        is_double_spend_contested=all(spent in each.contested for each in found),
        is_fork_known=all(spender in each.forked for each in found),
        mints=mints,
        payments=len(payments),
        standing=sum(standing),
        healed_s=healed_s,
    )


def _until(holds: Callable[[], bool], within_s: float, what: str, *, is_must: bool = True) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            if is_must:
                raise DidNotHappenError(f"{what}: not within {within_s:.0f} s")
            return
        time.sleep(POLL_S)
