"""A block that does not mint says why, whoever was or was not there."""

from random import Random

from consensus.parameters import PRACTICE
from popd.node.notices import WindowChanged, WindowState
from simulations.players import VirtualPlayer, judge_play
from simulations.swarm import study
from simulations.virtual_network import VirtualNetwork


def test_a_block_whose_witnesses_all_left_says_that_nobody_was_there() -> None:
    network = VirtualNetwork(PRACTICE, judge_play, seed=3)
    performer, *witnesses = (network.add(f"node {i}") for i in range(4))
    for virtual in (performer, *witnesses):
        network.start(virtual)
    network.run(3)
    VirtualPlayer(network, performer, study(20, Random(1))).begin()
    network.run(15)
    for virtual in witnesses:
        network.crash(virtual)
    network.run(30)
    last = [n for n in performer.notices if isinstance(n, WindowChanged)][-1]
    assert (last.state, last.next_step) == (
        WindowState.FAILED,
        "Play again while your witnesses are around.",
    )
    assert "nobody was drawn" in last.why
