"""A partition: two halves that play and pay on their own, with one key in use in both.

Somebody's key runs on two devices, and the network is cut between them. Each half goes on: its
people play, mint and pay, and the key spends the same lot in both. Then the cut heals, and all
must come to one ledger, in which that lot is contested and honest payments stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from consensus.encoding import tagged_digest
from consensus.entries.performance import Mint
from consensus.identifiers import IdentityId, LotId, NodeKey
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.parameters import PRACTICE, NetworkParams
from consensus.signing import public_key
from consensus.units import MicroJam
from popd.node.events import SendCoins
from simulations.players import VirtualPlayer, judge_play
from simulations.swarm import study
from simulations.virtual_network import Faults, VirtualNetwork, VirtualNode

MEET_S = 3.0
"""Until everybody knows everybody."""
TAIL_S = 15.0
"""From the end of a show until its last window is minted."""
PAY_S = 5.0
"""From a payment until it is received."""
WATCH_S = 0.5
"""How often it is looked at whether all agree."""


@dataclass(frozen=True, slots=True)
class PartitionPlan:
    """What happens."""

    half: int = 10
    """Devices on each side of the cut; at least 4, so that a quorum can witness."""
    show_seconds: int = 22
    """How long each show is."""
    patience_s: float = 180.0
    """How long all may take to agree after healing."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Coins that somebody handed to somebody, as they should lie in the end."""

    key: LotKey
    """Where they lie."""
    amount_ujam: MicroJam
    """How much it is."""
    recipient: IdentityId
    """In whose purse."""


@dataclass(frozen=True, slots=True)
class PartitionReport:
    """What came of it."""

    digests: int
    """Different ledgers in the end; 1 when all agree."""
    contested: int
    """Different sets of contested lots in the end; 1 when all agree."""
    is_double_spend_contested: bool
    """Whether everybody marks the lot that was moved twice."""
    is_fork_known: bool
    """Whether everybody marks who moved it."""
    mints: tuple[int, int]
    """Blocks that each half minted on its own."""
    payments: int
    """Honest payments made while the network was cut."""
    standing: int
    """Of these, those that everybody sees with their recipient, whole and uncontested."""
    healed_s: float
    """Virtual seconds from healing until all agreed."""


class SecondDevice(VirtualNode):
    """A device on the network of its own, with somebody's key and a copy of their disk."""

    @property
    def key(self) -> NodeKey:
        """Not the first device's."""
        return NodeKey(public_key(tagged_digest("second node", self.seed)))


def run_partition(
    seed: int, plan: PartitionPlan | None = None, params: NetworkParams = PRACTICE
) -> PartitionReport:
    """Runs the story to its end."""
    return _Partition(seed, plan or PartitionPlan(), params).run()


class _Partition:
    def __init__(self, seed: int, plan: PartitionPlan, params: NetworkParams) -> None:
        assert plan.half >= 4, "too few to witness"
        self.plan = plan
        self.chance = Random(seed)
        self.network = VirtualNetwork(params, judge_play, seed, Faults())
        self.left = [self.network.add(f"left {i}") for i in range(plan.half)]
        self.right = [self.network.add(f"right {i}") for i in range(1, plan.half)]
        self.spender = self.left[0]

    def run(self) -> PartitionReport:
        for virtual in (*self.left, *self.right):
            self.network.start(virtual)
        self.network.run(MEET_S)
        spent = self._performed(self.spender)[0]
        second = self._cut()
        before = self._mints(self.left[1])
        lots = self._performed(self.left[1], self.right[0])
        mints = (self._mints(self.left[1]) - before, self._mints(self.right[0]) - before)
        self._pay(self.spender, spent, self.left[2])
        self._pay(second, spent, self.right[1])
        payments = [
            self._pay(self.left[1], lots[0], self.left[3]),
            self._pay(self.right[0], lots[1], self.right[2]),
        ]
        self.network.run(PAY_S)
        self.network.heal()
        healed_s = self._agreed_s()
        return self._report(spent, mints, payments, healed_s)

    def _performed(self, *performers: VirtualNode) -> list[LotKey]:
        """Shows at the same time; returns what the latest mint of each gave its performer."""
        for performer in performers:
            chart = study(self.plan.show_seconds, self.chance)
            VirtualPlayer(self.network, performer, chart).begin()
        self.network.run(self.plan.show_seconds + TAIL_S)
        return [_own_lot(performer) for performer in performers]

    def _cut(self) -> SecondDevice:
        """Cuts the network, with a copy of the spender's device on the other side."""
        first = self.spender
        second = SecondDevice("second", first.seed, first.settings)
        second.disk, second.blobs = list(first.disk), dict(first.blobs)
        self.network.nodes[second.key] = second
        self.right.append(second)
        self.network.partition(self.left, self.right)
        self.network.start(second)
        self.network.run(MEET_S)
        return second

    def _pay(self, giver: VirtualNode, lot: LotKey, recipient: VirtualNode) -> Payment:
        """Half of a lot changes hands."""
        state = _ledger(giver).state(giver.identity)
        assert state is not None
        amount = MicroJam(state.purse[lot] // 2)
        self.network.give(giver, SendCoins(lot, amount, recipient.identity))
        key = LotKey(lot.origin, (*lot.path, recipient.identity))
        return Payment(key, amount, recipient.identity)

    def _agreed_s(self) -> float:
        waited_s = 0.0
        while len(self.network.digests()) > 1 and waited_s < self.plan.patience_s:
            self.network.run(WATCH_S)
            waited_s += WATCH_S
        return waited_s

    def _mints(self, virtual: VirtualNode) -> int:
        ledger = _ledger(virtual)
        return sum(isinstance(ledger.statements[entry].body, Mint) for entry in ledger.applied)

    def _report(
        self,
        spent: LotKey,
        mints: tuple[int, int],
        payments: Sequence[Payment],
        healed_s: float,
    ) -> PartitionReport:
        ledgers = [_ledger(virtual) for virtual in self.network.nodes.values()]
        return PartitionReport(
            digests=len(self.network.digests()),
            contested=len({ledger.contested for ledger in ledgers}),
            is_double_spend_contested=all(spent in ledger.contested for ledger in ledgers),
            is_fork_known=all(self.spender.identity in ledger.forks for ledger in ledgers),
            mints=mints,
            payments=len(payments),
            standing=sum(
                all(_stands(payment, ledger) for ledger in ledgers) for payment in payments
            ),
            healed_s=healed_s,
        )


def _ledger(virtual: VirtualNode) -> Ledger:
    assert virtual.node is not None
    return virtual.node.ledger


def _own_lot(virtual: VirtualNode) -> LotKey:
    """What somebody's latest mint gave themselves."""
    ledger = _ledger(virtual)
    state = ledger.state(virtual.identity)
    assert state is not None
    chain = ledger.chain(state.head)
    mint = next(item for item in reversed(chain) if isinstance(item.body, Mint))
    return LotKey(LotId(mint.id), (virtual.identity,))


def _stands(payment: Payment, ledger: Ledger) -> bool:
    state = ledger.state(payment.recipient)
    return (
        state is not None
        and state.purse.get(payment.key) == payment.amount_ujam
        and payment.key not in ledger.contested
    )
