"""A swarm: nodes that play and trade in virtual time while everything around them goes wrong.

After every step of every node the invariants of the ledger are checked; in the end the network
heals, and all ledgers must be equal. One seed, one run.
"""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from consensus.chart import Chart, Note, TimingPoint
from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.identifiers import EntryId, NodeKey
from consensus.ledger import Ledger
from consensus.parameters import PRACTICE, NetworkParams
from consensus.units import MicroJam
from popd.node.admission import MAX_DEFERRED, MAX_WAITING
from popd.node.events import SendCoins, StakeCoins, UnstakeCoins
from popd.node.notices import OwnEntryWritten
from simulations.players import VirtualPlayer, judge_play
from simulations.virtual_network import Faults, VirtualNetwork, VirtualNode

FORGOTTEN = 12
"""Entries that an old disk lacks, at most."""


@dataclass(frozen=True, slots=True)
class SwarmPlan:
    """What happens to a swarm."""

    nodes: int = 6
    """How many."""
    shows: int = 3
    """Sessions that are played, one after another, by different nodes."""
    show_seconds: int = 22
    """How long each chart is."""
    crashes: int = 4
    """Crashes, each followed by a restart from disk."""
    rollbacks: int = 0
    """Of these, restarts with an old disk: the node forgot its last entries, and may fork."""
    partitions: int = 1
    """Cuts of the network, each healed later."""
    faults: Faults = field(
        default_factory=lambda: Faults((1_000, 60_000), loss=0.03, duplication=0.05)
    )
    """What goes wrong with messages."""
    skew_us: int = 200_000
    """Clocks are off by at most this much, either way."""


@dataclass(slots=True)
class SwarmReport:
    """What came of it."""

    digests: int
    """Different ledgers in the end; 1 when all agree."""
    marks: int
    """Different sets of marks in the end; 1 when all agree on forks, contested lots and stakes."""
    forks: int
    """Authors that forked."""
    mints: int
    """Blocks minted."""
    transfers: int
    """Transfers written."""
    written: int
    """Entries that nodes wrote."""
    lost: int
    """Of these, those that some node lacks in the end."""
    parted: Counter[str]
    """Why honest nodes parted from each other; for nothing is right."""
    steps: int
    """How often the invariants were checked."""


class InvariantBrokenError(AssertionError):
    """A ledger came into a state that no ledger may be in."""


def study(seconds: int, chance: Random) -> Chart:
    """A chart of about three notes a second on four lanes."""
    starts = [(1_000_000 + 250_000 * i, chance.randrange(4)) for i in range(4 * (seconds - 2))]
    notes = tuple(Note(*start) for start in starts if chance.random() < 0.75)
    return Chart("Study", "popd", 4, (TimingPoint(0, 500_000),), notes)


def check_ledger(ledger: Ledger) -> None:
    """Raises InvariantBrokenError unless coins are conserved and no balance is below nothing.

    Where nobody forked, what is in purses, at stake and on the way is what was minted.
    """
    held = list(ledger.holdings())
    if any(holding.amount_ujam <= 0 for holding in held):
        raise InvariantBrokenError("somebody holds nothing or less of a lot")
    if ledger.forks:
        return
    minted = sum(
        statement.body.amount_ujam
        for entry in ledger.applied
        for statement in (ledger.statements[entry],)
        if isinstance(statement.body, Mint | Concert)
    )
    taken = {
        (author, source)
        for author, tips in ledger.tips.items()
        for state in tips.values()
        for source in state.taken
    }
    under_way = sum(
        claim.amount_ujam
        for source, claims in ledger.claims.items()
        for holder, claim in claims.items()
        if (holder, source) not in taken
    )
    total = sum(holding.amount_ujam for holding in held) + under_way
    if total != minted:
        raise InvariantBrokenError(f"{minted} uJAM were minted, {total} are there")


def run_swarm(
    seed: int,
    plan: SwarmPlan | None = None,
    params: NetworkParams = PRACTICE,
    check: Callable[[Ledger], None] = check_ledger,
) -> SwarmReport:
    """Runs one swarm to its end; raises InvariantBrokenError when an invariant breaks."""
    return _Swarm(seed, plan or SwarmPlan(), params, check).run()


class _Swarm:
    def __init__(
        self,
        seed: int,
        plan: SwarmPlan,
        params: NetworkParams,
        check: Callable[[Ledger], None],
    ) -> None:
        self.plan = plan
        self.chance = Random(seed)
        self.network = VirtualNetwork(params, judge_play, seed, plan.faults)
        self.check = check
        self.steps = 0
        self.sizes: dict[NodeKey, int] = {}
        self.written: set[EntryId] = set()
        self.network.after_step.append(self._check_step)
        self.nodes = [self.network.add(f"node {i}") for i in range(plan.nodes)]

    def run(self) -> SwarmReport:
        for virtual in self.nodes:
            virtual.clock_skew_us = self.chance.randint(-self.plan.skew_us, self.plan.skew_us)
            self.network.start(virtual)
        self.network.run(3)
        self._plan_mishaps()
        for _ in range(self.plan.shows):
            performer = self.chance.choice(self.nodes)
            if performer.node is not None:
                chart = study(self.plan.show_seconds, self.chance)
                VirtualPlayer(self.network, performer, chart).begin()
            self.network.run(self.plan.show_seconds + 15)
            self._trade()
            self._stake()
        self.network.faults = Faults()
        self.network.heal()
        for virtual in self.nodes:
            if virtual.node is None:
                self.network.start(virtual)
        self.network.run(180)
        return self._report()

    def _plan_mishaps(self) -> None:
        length_us = int(self.plan.shows * (self.plan.show_seconds + 15) * 1_000_000)
        now_us = self.network.now_us
        for number in range(self.plan.crashes):
            victim = self.chance.choice(self.nodes)
            crash_us = now_us + self.chance.randrange(length_us)
            back_us = crash_us + self.chance.randrange(20_000_000)
            self.network.later(crash_us, partial(self._crash, victim))
            is_rollback = number < self.plan.rollbacks
            self.network.later(back_us, partial(self._restart, victim, is_rollback))
        for _ in range(self.plan.partitions):
            cut_us = now_us + self.chance.randrange(length_us)
            self.network.later(cut_us, self._partition)
            self.network.later(cut_us + 15_000_000, self.network.heal)

    def _crash(self, victim: VirtualNode) -> None:
        if victim.node is not None:
            self.network.crash(victim)

    def _restart(self, victim: VirtualNode, is_rollback: bool) -> None:
        if victim.node is None:
            if is_rollback:
                del victim.disk[-self.chance.randint(1, FORGOTTEN) :]
            self.network.start(victim)

    def _partition(self) -> None:
        shuffled = self.chance.sample(self.nodes, len(self.nodes))
        half = len(shuffled) // 2
        self.network.partition(shuffled[:half], shuffled[half:])

    def _trade(self) -> None:
        """Somebody who has something gives half of it to somebody else."""
        for giver in self.chance.sample(self.nodes, len(self.nodes)):
            state = giver.node.ledger.state(giver.identity) if giver.node is not None else None
            if state is None or not state.purse:
                continue
            lot, held = self.chance.choice(sorted(state.purse.items()))
            recipient = self.chance.choice([node for node in self.nodes if node is not giver])
            if held > 1:
                command = SendCoins(lot, MicroJam(held // 2), recipient.identity)
                self.network.give(giver, command)
                return

    def _stake(self) -> None:
        """Somebody stakes a third of something, and takes back what they had at stake."""
        giver = self.chance.choice(self.nodes)
        state = giver.node.ledger.state(giver.identity) if giver.node is not None else None
        if state is None:
            return
        for stake in sorted(state.stakes):
            self.network.give(giver, UnstakeCoins(stake))
        for lot, held in sorted(state.purse.items())[:1]:
            self.network.give(giver, StakeCoins(lot, MicroJam(max(1, held // 3))))

    def _check_step(self, virtual: VirtualNode) -> None:
        if virtual.node is None:
            return
        self.steps += 1
        for notice in virtual.notices:
            if isinstance(notice, OwnEntryWritten):
                self.written.add(notice.id)
        virtual.notices.clear()
        node = virtual.node
        if len(node.admission.waiting) > MAX_WAITING or len(node.admission.deferred) > MAX_DEFERRED:
            raise InvariantBrokenError("a pool grew beyond its bound")
        size = len(node.ledger.applied)
        if self.sizes.get(virtual.key) != size:
            self.sizes[virtual.key] = size
            self.check(node.ledger)

    def _report(self) -> SwarmReport:
        ledgers = [virtual.node.ledger for virtual in self.nodes if virtual.node is not None]
        bodies = [
            statement.body.KIND
            for entry in ledgers[0].applied
            for statement in (ledgers[0].statements[entry],)
            if statement.body is not None
        ]
        return SwarmReport(
            digests=len(self.network.digests()),
            marks=len({(frozenset(led.forks.items()), led.marks) for led in ledgers}),
            forks=len(ledgers[0].forks),
            mints=bodies.count("mint"),
            transfers=bodies.count("transfer"),
            written=len(self.written),
            lost=sum(
                any(entry not in ledger.applied for ledger in ledgers) for entry in self.written
            ),
            parted=Counter(why for virtual in self.nodes for _, why in virtual.parted),
            steps=self.steps,
        )


def main() -> None:
    """Runs one swarm from the command line and prints what came of it."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="everything follows from it")
    parser.add_argument("--nodes", type=int, default=6)
    parser.add_argument("--shows", type=int, default=3)
    parser.add_argument("--rollbacks", type=int, default=0, help="restarts with an old disk")
    given = parser.parse_args()
    plan = SwarmPlan(nodes=given.nodes, shows=given.shows, rollbacks=given.rollbacks)
    sys.stdout.write(f"{run_swarm(given.seed, plan)}\n")


if __name__ == "__main__":
    main()
