"""A companion plays with the pen of another device, and does nothing by itself as its user."""

from random import Random

from consensus.entries.attestation import Attestation
from consensus.entries.performance import Block, Mint, Session
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from popd.node.context import NodeSettings
from popd.node.events import SendCoins
from popd.node.notices import SessionRefused, WindowChanged, WindowState
from simulations.players import VirtualPlayer, judge_play
from simulations.swarm import study
from simulations.virtual_network import VirtualNetwork, VirtualNode

LENGTH_S = 20


def town() -> tuple[VirtualNetwork, VirtualNode, VirtualNode, list[VirtualNode]]:
    network = VirtualNetwork(PRACTICE, judge_play, seed=3)
    desk = network.add("ann", NodeSettings(takes_gifts=True))
    laptop = network.add_companion(desk, "laptop")
    others = [network.add(f"node {number}", NodeSettings()) for number in range(3)]
    for virtual in (desk, laptop, *others):
        network.start(virtual)
    network.run(3)
    return network, desk, laptop, others


def written(virtual: VirtualNode, whose: VirtualNode) -> list[object]:
    """The bodies of somebody's only chain, as a node has it."""
    assert virtual.node is not None
    ledger = virtual.node.ledger
    assert len(ledger.tips[whose.identity]) == 1
    state = ledger.state(whose.identity)
    assert state is not None
    return [statement.body for statement in ledger.chain(state.head)]


def test_what_a_companion_plays_is_witnessed_and_mints_on_the_one_chain() -> None:
    network, desk, laptop, others = town()
    VirtualPlayer(network, laptop, study(LENGTH_S, Random(1))).begin()
    network.run(60)
    chain = written(others[0], desk)
    assert chain == written(desk, desk) == written(laptop, desk)
    sessions = [body for body in chain if isinstance(body, Session)]
    assert [body.performer_node for body in sessions] == [laptop.key]
    assert desk.identity not in {opening.candidate for opening in sessions[0].openings}
    assert sum(isinstance(body, Block) for body in chain) == 1
    assert sum(isinstance(body, Mint) for body in chain) == 1
    last = [notice for notice in laptop.notices if isinstance(notice, WindowChanged)][-1]
    assert last.state is WindowState.MINTED
    assert len(network.digests()) == 1


def test_a_companion_witnesses_judges_and_receives_nothing_by_itself() -> None:
    network, desk, laptop, others = town()
    performer = others[0]
    VirtualPlayer(network, performer, study(LENGTH_S, Random(1))).begin()
    network.run(60)
    (session,) = [b for b in written(desk, performer) if isinstance(b, Session)]
    assert laptop.key not in {opening.candidate_node for opening in session.openings}
    assert desk.key in {opening.candidate_node for opening in session.openings}
    assert performer.node is not None
    assert laptop.node is not None
    state = performer.node.ledger.state(performer.identity)
    assert state is not None
    network.crash(desk)
    (lot,) = [key for key, amount in state.purse.items() if amount]
    network.give(performer, SendCoins(lot, 1_000, desk.identity))
    network.run(20)
    assert laptop.node.pen.asked is None
    assert not laptop.node.pen.drafts
    network.start(desk)
    network.run(20)
    assert sum(isinstance(body, Attestation) for body in written(laptop, desk)) == 1
    after = laptop.node.ledger.state(desk.identity)
    assert after is not None
    assert after.purse[LotKey(lot.origin, (*lot.path, desk.identity))] == 1_000


def test_nobody_is_asked_to_witness_while_the_pen_is_away() -> None:
    network, desk, laptop, _ = town()
    network.crash(desk)
    VirtualPlayer(network, laptop, study(LENGTH_S, Random(1))).begin()
    network.run(10)
    refused = [notice for notice in laptop.notices if isinstance(notice, SessionRefused)]
    assert [notice.why for notice in refused] == ["The device that holds your pen is away."]
    assert laptop.node is not None
    assert not laptop.node.performing.is_busy
