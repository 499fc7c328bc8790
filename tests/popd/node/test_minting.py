"""A block that does not mint says why, whoever was or was not there."""

from random import Random
from types import SimpleNamespace
from typing import cast

import pytest

from consensus.calibration import UNCALIBRATED, Calibration
from consensus.parameters import PRACTICE
from popd.node.minting import OwnBlock, _appeal_words
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


@pytest.mark.parametrize(
    ("spoken", "asked", "said"),
    [
        (4, 1, "1 of your 5 witnesses, who has not given a word yet, was asked to look at it."),
        (2, 2, "2 of your 5 witnesses, who have not given their word yet, were asked to look at "
               "it."),
        (4, 0, "1 of your 5 witnesses has not given a word: not connected now, or the day to do so "
               "is over."),
        (3, 0, "2 of your 5 witnesses have not given their word: not connected now, or the day to "
               "do so is over."),
        (5, 0, "All of your witnesses have given their word, and a word once given stands."),
    ],
)  # fmt: skip
def test_one_and_several_witnesses_are_told_of_in_whole_sentences(
    spoken: int, asked: int, said: str
) -> None:
    own = SimpleNamespace(
        record=SimpleNamespace(drawn=range(5)), verdicts=dict.fromkeys(range(spoken))
    )
    assert _appeal_words(cast(OwnBlock, own), asked)[0] == said
