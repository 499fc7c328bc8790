"""Nothing that should make a reward smaller ever makes it larger, and shares add up."""

from dataclasses import replace
from math import e

from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId
from consensus.parameters import MAIN
from consensus.presence import Presence
from consensus.reward import (
    Circumstances,
    Contribution,
    Word,
    agreed_metrics,
    agreed_quality_ppm,
    contribution,
    daily_decay_ppm,
    familiarity_decay_ppm,
    shares,
    tier_ppm,
)
from consensus.units import MicroJam, Milliseconds, Ppm
from simulations import scribe

PPM = st.integers(0, 1_000_000)
OPENED = 24
ABOUT = st.builds(
    Circumstances,
    quality_ppm=PPM,
    day_index=st.integers(0, 150),
    tier_ppm=st.sampled_from([0, 500_000, 1_000_000]),
    revealed=st.integers(0, OPENED),
    opened=st.just(OPENED),
    duration_ms=st.integers(60_000, 120_000),
)
WORDS = st.builds(
    Word,
    verifier=st.just(IdentityId(bytes(32))),
    familiarity_days=st.integers(0, 40),
    budget_ppm=st.integers(0, 10**10),
    presence=st.sampled_from(Presence),
)


def amount(about: Circumstances, word: Word) -> int:
    return contribution(MAIN, about, word).amount_ujam


@given(ABOUT, WORDS, st.integers(1, 40))
def test_one_more_day_of_acquaintance_never_pays_more(
    about: Circumstances, word: Word, days: int
) -> None:
    longer = word._replace(familiarity_days=word.familiarity_days + days)
    assert amount(about, longer) <= amount(about, word)


@given(ABOUT, WORDS, st.integers(1, 10**9))
def test_a_word_given_more_often_never_pays_more(
    about: Circumstances, word: Word, more: int
) -> None:
    spent = word._replace(budget_ppm=word.budget_ppm + more)
    assert amount(about, spent) <= amount(about, word)


@given(ABOUT, WORDS)
def test_farther_away_never_pays_more(about: Circumstances, word: Word) -> None:
    paid = [amount(about, word._replace(presence=presence)) for presence in Presence]
    assert paid == sorted(paid)


@given(ABOUT, WORDS)
def test_fewer_tickets_never_pay_more(about: Circumstances, word: Word) -> None:
    paid = [amount(replace(about, revealed=n), word) for n in range(OPENED + 1)]
    assert paid == sorted(paid)


@given(ABOUT, WORDS)
def test_a_later_block_of_the_day_never_pays_more(about: Circumstances, word: Word) -> None:
    paid = [amount(replace(about, day_index=i), word) for i in range(160)]
    assert paid == sorted(paid, reverse=True)
    assert paid[-1] == 0


@given(ABOUT, WORDS, PPM)
def test_more_quality_or_belief_never_pays_less(
    about: Circumstances, word: Word, quality: int
) -> None:
    low, high = sorted((quality, about.quality_ppm))
    assert amount(replace(about, quality_ppm=Ppm(low)), word) <= amount(
        replace(about, quality_ppm=Ppm(high)), word
    )
    assert amount(replace(about, tier_ppm=Ppm(0)), word) == 0


@given(ABOUT, WORDS)
def test_no_word_adds_more_than_its_part_of_a_full_reward(about: Circumstances, word: Word) -> None:
    assert 0 <= amount(about, word) <= MAIN.block_reward_ujam // MAIN.verifiers_drawn


def test_the_best_word_adds_exactly_its_part() -> None:
    best = Circumstances(Ppm(10**6), 0, Ppm(10**6), OPENED, OPENED, Milliseconds(120_000))
    word = Word(IdentityId(bytes(32)), 0, 0, Presence.SAME_LINK)
    assert amount(best, word) == 375_000
    assert amount(best, word._replace(budget_ppm=MAIN.budget_ppm)) == 187_500
    assert amount(best, word._replace(presence=Presence.REMOTE)) == 150_000


@given(ABOUT, WORDS)
def test_a_contribution_is_the_formula_rounded_down_once(about: Circumstances, word: Word) -> None:
    exact = (
        3_000_000
        * daily_decay_ppm(MAIN, about.day_index) / 1e6
        * about.quality_ppm / 1e6
        * familiarity_decay_ppm(MAIN, word.familiarity_days) / 1e6
        * 1e8 / (1e8 + word.budget_ppm)
        * MAIN.presence_ppm[word.presence] / 1e6
        / 8
        * about.tier_ppm / 1e6
        * about.revealed / about.opened
        * about.duration_ms / 120_000
    )  # fmt: skip
    assert exact - 1.001 <= amount(about, word) <= exact * (1 + 1e-9)


@given(st.lists(st.integers(0, 375_000), min_size=1, max_size=8))
def test_shares_add_up_exactly(amounts: list[int]) -> None:
    performer = IdentityId(b"p" * 32)
    parts = [Contribution(IdentityId(bytes([i]) * 32), MicroJam(n)) for i, n in enumerate(amounts)]
    found = shares(MAIN, performer, parts)
    assert sum(share.amount_ujam for share in found) == sum(amounts)
    assert all(share.amount_ujam > 0 for share in found)
    paid = {share.holder: share.amount_ujam for share in found}
    for verifier, whole in parts:
        assert paid.get(verifier, 0) == whole // 5
    if sum(amounts):
        assert found[0].holder == performer
        assert 5 * paid[performer] >= 4 * sum(amounts)


@given(st.lists(PPM, max_size=8), st.integers(0, 7), PPM)
def test_silence_and_suspicion_never_raise_the_tier(
    anomalies: list[int], position: int, worse: int
) -> None:
    drawn = 8
    tier = tier_ppm(MAIN, anomalies, drawn)
    if position < len(anomalies):
        without = anomalies[:position] + anomalies[position + 1 :]
        assert tier_ppm(MAIN, without, drawn) <= tier
        raised = [*without, max(anomalies[position], worse)]
        assert tier_ppm(MAIN, raised, drawn) <= tier


@given(st.integers(0, 60))
def test_acquaintance_fades_as_the_exponential(days: int) -> None:
    exact = e ** (-min(days, 30) / 24) * 1e6
    assert exact - 1 < familiarity_decay_ppm(MAIN, days) <= exact


@given(st.permutations(range(8)))
def test_what_is_agreed_does_not_depend_on_the_order(order: list[int]) -> None:
    metrics = [
        replace(scribe.GOOD_METRICS, events=70 + i, accuracy_ppm=Ppm(900_000 - i)) for i in order
    ]
    agreed = agreed_metrics(metrics)
    assert (agreed.events, agreed.accuracy_ppm) == (73, 899_996)
    assert agreed_quality_ppm(MAIN, agreed, Milliseconds(120_000)) > 0
