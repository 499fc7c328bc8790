"""What anybody can mint in an observer's eyes is bounded by trust in verifiers, not by numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, LotId
from consensus.parameters import MAIN
from consensus.presence import Presence
from consensus.reward import Circumstances, Word, contribution, daily_decay_ppm
from consensus.units import MILLION, Milliseconds, Ppm
from consensus.value.bounds import (
    bound_in_eyes_ujam,
    bound_of_word_ujam,
    steady_bound_of_word_ujam,
)
from consensus.value.lot import LotView
from consensus.value.policy import Policy, Rule
from consensus.value.valuation import value_of

VERIFIERS = [IdentityId(bytes([number]) * 32) for number in range(8)]
PERFECT = Ppm(MILLION)

loads = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), min_size=1, max_size=6)
"""(performers, windows each) of one day."""


def minted_ujam(
    verifier: IdentityId, performers: int, windows: int, budget_ppm: int
) -> tuple[int, int]:
    """What a word adds to perfect blocks of people who never met it, and the budget after it."""
    added = 0
    for index in range(windows):
        about = Circumstances(PERFECT, index, PERFECT, 8, 8, Milliseconds(MAIN.window_ms))
        for _ in range(performers):
            word = Word(verifier, 0, budget_ppm, Presence.SAME_LINK)
            added += contribution(MAIN, about, word).amount_ujam
            budget_ppm += daily_decay_ppm(MAIN, index)
    return added, budget_ppm


@given(loads)
def test_a_word_adds_no_more_than_its_budget_lets_it(load):
    added, budget = 0, 0
    for performers, windows in load:
        more, budget = minted_ujam(VERIFIERS[0], performers, windows, budget)
        added += more
    assert added <= bound_of_word_ujam(MAIN, budget / MILLION)


@given(st.integers(1, 200), st.integers(1, 10))
def test_whoever_accepts_as_much_every_day_mints_less_than_a_sixth_of_a_budget(performers, windows):
    _, day_ppm = minted_ujam(VERIFIERS[0], performers, windows, 0)
    added, _ = minted_ujam(VERIFIERS[0], performers, windows, 6 * day_ppm)
    assert added <= steady_bound_of_word_ujam(MAIN)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8), st.integers(1, 300), st.integers(1, 10))
def test_a_days_mints_are_bounded_by_trust_in_verifiers_whatever_number_performs(
    trusts, performers, windows
):
    added, budget = minted_ujam(VERIFIERS[0], performers, windows, 0)
    near = dict(zip(VERIFIERS, trusts, strict=True))
    words = tuple((verifier, added) for verifier in VERIFIERS)
    lot = LotView(LotId(bytes(32)), words, (IdentityId(b"p" * 32),), 8 * added, 8 * added)
    lowering = Policy(rules=(Rule(0.5, witness=VERIFIERS[0]),))
    for policy in (Policy(), lowering, Policy(close_at=0.3)):
        worth = value_of(lot, near, policy).value_ujam
        assert worth <= bound_in_eyes_ujam(MAIN, sum(trusts), budget / MILLION) + 1e-6


def test_a_hundred_times_the_performers_are_a_few_times_the_bound():
    few, many = (bound_in_eyes_ujam(MAIN, 1.0, 10.0 * count) for count in (10, 1_000))
    assert many / few == pytest.approx(6.58, abs=0.05)


def test_one_block_is_bounded_by_its_own_share():
    assert bound_of_word_ujam(MAIN, 1.0) == MAIN.block_reward_ujam / MAIN.verifiers_drawn
