"""What it costs to keep account of every entry, and to let go of strangers.

Accounts are measured on real traffic against the ledger alone, in CPU time of this process, the
best of several rounds of each in turns. Letting go is measured over a crowd that is over budget.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from time import process_time

from benchmarks.common import Row, below, informs, run
from benchmarks.validation import written_traffic
from consensus.entries.chains import Profile
from consensus.identifiers import IdentityId, NodeKey
from consensus.ledger import Ledger, folded
from consensus.parameters import MAIN, NetworkParams
from consensus.statement import Statement, read_statement
from consensus.units import Microseconds
from popd.node.context import Context, NodeSettings, Peer
from popd.node.keeping import Keeping
from simulations import scribe

ROUNDS = 9
CROWD = 5_000
START_MS = 1_700_000_000_000
NOW_US = Microseconds(1_800_000_000_000_000)
PEER = NodeKey(b"p" * 32)
ADMIT_GOAL_US = 10.0
STEP_GOAL_MS = 50.0
FORGET_GOAL_S = 0.5


def keeping_of(ledger: Ledger, store_bytes: int) -> Keeping:
    """The keeping of a node with one peer."""
    settings = NodeSettings(store_bytes=store_bytes)
    me, node = IdentityId(bytes(32)), NodeKey(bytes(32))
    context = Context(ledger.params, settings, me, node, bytes(32), Random(1), ledger, NOW_US)
    context.peers[PEER] = Peer(subnet="192.0.2.0/24")
    return Keeping(context, lambda authors: None)


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds that `work` takes."""
    start = process_time()
    work()
    return process_time() - start


def add(ledger: Ledger, statements: Sequence[Statement]) -> None:
    """Adds all to a ledger."""
    for statement in statements:
        ledger.add(statement)


def admit(keeping: Keeping, statements: Sequence[Statement]) -> None:
    """Takes all in, as a node does."""
    for statement in statements:
        assert keeping.admits(statement, PEER)
        changes = keeping.context.ledger.add(statement)
        keeping.note(changes, [PEER] * len(changes))


def account_us(statements: Sequence[Statement]) -> tuple[float, float]:
    """Microseconds an entry: by the ledger alone, and what accounts add."""
    alone: list[float] = []
    both: list[float] = []
    for _ in range(ROUNDS):
        alone.append(seconds(partial(add, Ledger(MAIN), statements)))
        both.append(seconds(partial(admit, keeping_of(Ledger(MAIN), 10**9), statements)))
        gc.collect()
    count = len(statements) / 1e6
    return min(alone) / count, (min(both) - min(alone)) / count


def crowd(params: NetworkParams) -> list[Statement]:
    """Chains of two entries of people whom nobody knows."""
    body = Profile(None, is_automated=False)
    people = (scribe.author(f"stranger {number}") for number in range(CROWD))
    return [who.write(params, START_MS + i, body) for who in people for i in range(2)]


def steps_ms(statements: Sequence[Statement]) -> list[float]:
    """Milliseconds of each step in which a store that is far over its budget is emptied."""
    keeping = keeping_of(folded(MAIN, statements), 1_000_000)
    keeping.trust(frozenset())
    steps: list[float] = []
    while keeping.evicting.is_on:
        keeping.context.now_us = Microseconds(keeping.context.now_us + 20_000)
        steps.append(seconds(keeping.context.ring_alarms) * 1_000)
        keeping.context.outbox.clear()
    return steps


def measure() -> Iterator[Row]:
    """All figures."""
    profiles, traffic = written_traffic()
    wires = [*profiles, *(wire for block in traffic for wire in block)]
    statements = [read_statement(wire, MAIN.name, is_signature_known=True) for wire in wires]
    alone_us, added_us = account_us(statements)
    yield below("accounts for an entry", added_us, ADMIT_GOAL_US, "us")
    yield informs("rules for an entry", alone_us, "us")
    strangers = crowd(MAIN)
    steps = steps_ms(strangers)
    yield below("longest step of evicting", max(steps), STEP_GOAL_MS, "ms")
    yield informs("steps of evicting", len(steps), "")
    ledger = folded(MAIN, strangers)
    ids = [statement.id for statement in strangers]
    yield below("forget 10,000 entries", seconds(lambda: ledger.forget(ids)), FORGET_GOAL_S, "s")


if __name__ == "__main__":
    run("CPU to keep account of entries, and to let go of them", measure)
