from random import Random

import pytest

from consensus.challenge import RIFF_LENGTH_US
from game.bots.gaussian import Gaussian
from game.bots.riff_reaction import RiffReaction
from game.bots.riff_table import RiffTable
from simulations.detection.liveness import (
    FLOOR_PPM,
    SLOT_US,
    WINDOW_US,
    Liveness,
    liveness_of,
    session_nonces,
)


def test_a_play_made_beforehand_answers_no_riff() -> None:
    assert liveness_of(Gaussian(10_000), 4, Random(1)) == Liveness(0, 0)


def test_a_quick_machine_answers_every_riff() -> None:
    quick = RiffReaction(reaction_us=200_000, sd_us=5_000, miss_ppm=0)
    assert liveness_of(quick, 4, Random(1)) == Liveness(1_000_000, 200_000)


def test_a_machine_slower_than_riffs_answers_none() -> None:
    slow = RiffReaction(reaction_us=1_500_000, reaction_spread=0.01)
    assert liveness_of(slow, 4, Random(1)).answered_ppm == 0


def test_a_table_that_knows_every_nonce_answers_and_one_that_knows_none_fails() -> None:
    told = RiffTable(foretold=1.0, sd_us=5_000)
    guessing = RiffTable(foretold=0.0, sd_us=5_000)
    assert liveness_of(told, 4, Random(1)).answered_ppm == 1_000_000
    assert liveness_of(guessing, 4, Random(1)).answered_ppm < FLOOR_PPM


@pytest.mark.parametrize("seed", range(5))
def test_every_slot_of_a_window_has_a_riff_that_ends_in_it(seed: int) -> None:
    nonces = session_nonces(Random(seed))
    assert [nonce.slot for nonce in nonces] == list(range(WINDOW_US // SLOT_US))
    assert all(
        nonce.slot * SLOT_US <= nonce.time_us
        and nonce.time_us + RIFF_LENGTH_US <= (nonce.slot + 1) * SLOT_US
        for nonce in nonces
    )
