"""Faulty links: nodes keep writing while messages are lost, doubled and out of order."""

from dataclasses import dataclass, field

from consensus.encoding import digest
from consensus.entries.chains import Profile
from consensus.identifiers import ContentId
from consensus.parameters import PRACTICE, NetworkParams
from consensus.units import Milliseconds
from popd.node.events import Woke
from simulations.players import judge_play
from simulations.virtual_network import Faults, VirtualNetwork, VirtualNode

MEET_S = 3.0
"""Until everybody knows everybody."""
WATCH_S = 0.1
"""How often it is looked at whether all agree."""


@dataclass(frozen=True, slots=True)
class FaultyPlan:
    """What happens."""

    nodes: int = 6
    """How many, all connected to each other."""
    seconds: int = 60
    """How long they write."""
    per_second: int = 5
    """Entries a second that all of them write together."""
    faults: Faults = field(
        default_factory=lambda: Faults((1_000, 200_000), loss=0.10, duplication=0.10)
    )
    """What goes wrong, to the very end."""
    patience_s: float = 300.0
    """How long all may take to agree after the last entry."""


@dataclass(frozen=True, slots=True)
class FaultyReport:
    """What came of it."""

    digests: int
    """Different ledgers in the end; 1 when all agree."""
    lacking: int
    """Entries written that some node lacks in the end."""
    agreed_s: float
    """Virtual seconds from the last entry until all agreed."""


def run_faulty_links(
    seed: int, plan: FaultyPlan | None = None, params: NetworkParams = PRACTICE
) -> FaultyReport:
    """Runs the nodes until they agree, or until patience is at its end."""
    plan = plan or FaultyPlan()
    network = VirtualNetwork(params, judge_play, seed, plan.faults)
    nodes = [network.add(f"node {i}") for i in range(plan.nodes)]
    for virtual in nodes:
        network.start(virtual)
    network.run(MEET_S)
    total = plan.seconds * plan.per_second
    for _ in range(total):
        write_something(network, network.chance.choice(nodes))
        network.run(1 / plan.per_second)
    agreed_s = 0.0
    while len(network.digests()) > 1 and agreed_s < plan.patience_s:
        network.run(WATCH_S)
        agreed_s += WATCH_S
    expected = total + plan.nodes
    held = [len(v.node.ledger.applied) for v in nodes if v.node is not None]
    return FaultyReport(
        digests=len(network.digests()),
        lacking=expected - min(held),
        agreed_s=round(agreed_s, 3),
    )


def write_something(network: VirtualNetwork, virtual: VirtualNode) -> None:
    """Has a node write the smallest entry that may be repeated: another name."""
    assert virtual.node is not None
    virtual.node.pen.write(_another_name)
    network.give(virtual, Woke())


def _another_name(time_ms: Milliseconds) -> Profile:
    return Profile(ContentId(digest(time_ms.to_bytes(8))), is_automated=True)
