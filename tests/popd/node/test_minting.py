"""A block that does not mint says why, whoever was or was not there."""

from random import Random

from consensus.calibration import UNCALIBRATED, Calibration
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


def test_a_keyboard_that_is_late_mints_when_the_session_says_so_and_not_otherwise() -> None:
    states: list[WindowState] = []
    for calibration in (Calibration(0, 0, 180_000), UNCALIBRATED):
        network = VirtualNetwork(PRACTICE, judge_play, seed=6)
        performer, *witnesses = (network.add(f"node {i}") for i in range(4))
        for virtual in (performer, *witnesses):
            network.start(virtual)
        network.run(3)
        chart = study(20, Random(1))
        VirtualPlayer(network, performer, chart, calibration=calibration, late_us=180_000).begin()
        network.run(60)
        changes = [n for n in performer.notices if isinstance(n, WindowChanged)]
        states.append(changes[-1].state)
    assert states == [WindowState.MINTED, WindowState.FAILED]
