"""A lot is worth the trusted words behind it, and nothing that can be had for free."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, LotId
from consensus.value.bulk import lot_table, values_of
from consensus.value.lot import LotView
from consensus.value.policy import MAX_FACTOR, Policy, Rule
from consensus.value.surroundings import Surroundings, trust_shares
from consensus.value.valuation import Continuity, Valuation, Word, value_of

ANA, BO, CY, PIA, OBSERVER = (IdentityId(bytes([number]) * 32) for number in range(5))
PEOPLE = (ANA, BO, CY, PIA)
LOT = LotView(
    LotId(bytes(32)), ((ANA, 300_000), (BO, 100_000)), (PIA, CY), 200_000, 400_000, ("concert",)
)

identities = st.sampled_from(PEOPLE)
proximities = st.dictionaries(identities, st.floats(0, 1)).map(lambda near: {OBSERVER: 1.0} | near)
lots = st.builds(
    lambda words, path, amount, tags, contested: LotView(
        LotId(bytes(32)),
        tuple(words.items()),
        tuple(path),
        min(amount, sum(words.values())),
        sum(words.values()),
        tuple(tags),
        contested,
    ),
    st.dictionaries(identities, st.integers(0, 375_000)),
    st.lists(identities, min_size=1, max_size=30),
    st.integers(0, 3_000_000),
    st.lists(st.sampled_from(["concert", "bot"]), unique=True),
    st.booleans(),
)
factors = st.floats(-2, 3)
rules = st.one_of(
    st.builds(Rule, factors, tag=st.sampled_from(["concert", "bot"])),
    st.builds(Rule, factors, witness=identities),
    st.builds(Rule, factors, holder=identities, hands_over=st.none() | st.integers(0, 5)),
    st.builds(Rule, factors, witness_cluster=st.sampled_from(["east", "west"])),
    st.builds(Rule, factors, holder_cluster=st.sampled_from(["east", "west"])),
)
policies = st.builds(
    Policy,
    continuity_floor=st.floats(0, 1),
    cluster_credit=st.floats(0, 1),
    stranger_trust=st.floats(0, 1),
    close_at=st.just(0.0) | st.floats(0.01, 1),
    contested_factor=factors,
    rules=st.lists(rules, max_size=7).map(tuple),
)
CLUSTERS = {ANA: "east", BO: "east", CY: "west"}
surroundings = st.builds(
    Surroundings,
    clusters=st.just(CLUSTERS),
    shares=st.dictionaries(st.sampled_from(["east", "west"]), st.floats(0, 1)),
)


def test_the_parts_are_those_of_the_specification():
    found = value_of(LOT, {OBSERVER: 1.0, ANA: 0.4, CY: 0.2})
    assert found == Valuation(
        (Word(ANA, 150_000.0, 0.4, 0.4), Word(BO, 50_000.0, 0.0, 0.0)), Continuity(0.6, CY, 0.2)
    )
    assert found.support_ujam == pytest.approx(60_000)
    assert found.value_ujam == pytest.approx(36_000)


def test_the_observers_own_word_and_hand_count_in_full():
    lot = replace(LOT, contributions=((OBSERVER, 400_000),), path=(PIA, OBSERVER))
    assert value_of(lot, {OBSERVER: 1.0}).value_ujam == 200_000


def test_a_lot_that_never_moved_has_full_continuity():
    assert value_of(replace(LOT, path=(PIA,)), {ANA: 0.4}).continuity == Continuity()


def test_only_the_last_sixteen_distinct_holders_count():
    crowd = tuple(IdentityId(bytes([number]) * 32) for number in range(10, 26))
    near = dict.fromkeys(crowd, 0.9)
    assert value_of(replace(LOT, path=(PIA, CY, *crowd)), near).continuity.trust == 0.9
    assert value_of(replace(LOT, path=(PIA, CY, *crowd[1:])), near).continuity.weakest == CY


def test_a_contested_lot_is_worth_nothing_unless_the_policy_says_otherwise():
    contested = replace(LOT, contested=True)
    near = {ANA: 0.4, CY: 1.0}
    assert value_of(contested, near).value_ujam == 0
    assert value_of(contested, near, Policy(contested_factor=0.5)).value_ujam == 30_000


def test_rules_on_tags_words_and_holders_all_apply():
    rules = (Rule(2.0, tag="concert"), Rule(0.0, tag="bot"), Rule(-1.0, holder=PIA))
    about_ana = Rule(0.5, witness=ANA)
    found = value_of(LOT, {ANA: 0.4, CY: 1.0}, Policy(rules=(about_ana, *rules)))
    assert found.rules == (rules[0], rules[2])
    assert found.words[0].rules == (about_ana,)
    assert found.value_ujam == pytest.approx(-60_000)


def test_rules_together_multiply_by_no_more_than_one_may():
    policy = Policy(rules=(Rule(500.0, tag="concert"),) * 4)
    found = value_of(LOT, {ANA: 0.4, CY: 1.0}, policy)
    assert found.value_ujam == pytest.approx(60_000 * MAX_FACTOR)


def test_a_holder_is_known_by_their_cluster_as_far_as_the_policy_says():
    around = Surroundings(clusters={CY: "west"}, shares={"west": 0.8})
    assert value_of(LOT, {CY: 0.1}, surroundings=around).continuity == Continuity(
        0.9, CY, 0.8, True
    )
    half = Policy(cluster_credit=0.5)
    found = value_of(LOT, {CY: 0.1}, half, surroundings=around)
    assert found.continuity == Continuity(0.7, CY, 0.4, True)


def test_trust_in_others_is_shared_out_over_their_clusters_without_ones_own():
    near = {OBSERVER: 1.0, ANA: 0.3, BO: 0.1, CY: 0.1}
    assert trust_shares(OBSERVER, near, CLUSTERS | {OBSERVER: "west"}) == pytest.approx(
        {"east": 0.8, "west": 0.2}
    )
    assert trust_shares(OBSERVER, {OBSERVER: 1.0}, CLUSTERS) == {}


def test_close_words_count_in_full_and_others_fade():
    policy = Policy(close_at=0.2)
    assert [policy.counted_trust(near) for near in (0.0, 0.1, 0.2, 0.6)] == pytest.approx(
        [0.0, 0.05, 0.2, 0.6]
    )
    assert Policy(stranger_trust=1.0).counted_trust(0.0) == 1.0


def test_an_empty_mint_is_worth_nothing():
    assert value_of(replace(LOT, contributions=(), minted_ujam=0), {}).value_ujam == 0


@pytest.mark.parametrize("factor", [float("nan"), float("inf"), 1e6])
def test_a_policy_that_cannot_be_used_is_refused(factor: float):
    with pytest.raises(ValueError, match="a factor lies between"):
        Policy(rules=(Rule(factor, tag="x"),))


def test_a_rule_without_conditions_is_refused():
    with pytest.raises(ValueError, match="at least one condition"):
        Rule(2.0)


@given(lots, proximities, policies, surroundings)
def test_the_value_of_two_parts_is_that_of_the_whole(lot, near, policy, around):
    first = replace(lot, amount_ujam=lot.amount_ujam // 3)
    second = replace(lot, amount_ujam=lot.amount_ujam - lot.amount_ujam // 3)

    def worth(part: LotView) -> float:
        return value_of(part, near, policy, surroundings=around).value_ujam

    assert worth(first) + worth(second) == pytest.approx(worth(lot), rel=1e-9, abs=1e-3)


@given(lots, proximities, policies, surroundings)
def test_words_add_up_whoever_else_speaks(lot, near, policy, around):
    def support(part: LotView) -> float:
        return value_of(part, near, policy, surroundings=around).support_ujam

    alone = [support(replace(lot, contributions=(word,))) for word in lot.contributions]
    assert sum(alone) == pytest.approx(support(lot), rel=1e-9, abs=1e-3)


@given(lots, proximities, st.floats(0, 1), surroundings)
def test_the_performers_own_standing_changes_nothing(lot, near, standing, around):
    performer = IdentityId(b"p" * 32)
    played = replace(lot, path=(performer, *lot.path), minter=performer)
    known = replace(around, clusters=around.clusters | {performer: "east"})
    here, there = (
        value_of(played, seen, surroundings=place)
        for seen, place in ((near, around), (near | {performer: standing}, known))
    )
    assert here == there


@given(lots, proximities)
def test_strangers_words_add_nothing(lot, near):
    strangers = tuple((IdentityId(bytes([n]) * 32), 375_000) for n in range(100, 108))
    crowded = replace(
        lot,
        contributions=lot.contributions + strangers,
        amount_ujam=lot.amount_ujam + 3_000_000,
        minted_ujam=lot.minted_ujam + 3_000_000,
    )
    whole = replace(lot, amount_ujam=lot.minted_ujam)
    assert value_of(crowded, near).value_ujam <= value_of(whole, near).value_ujam + 1e-6


@given(lots, proximities, proximities, policies, st.floats(0, 1))
def test_a_step_of_the_observer_is_a_step_of_the_value(lot, here, there, policy, way):
    def between(part: float) -> dict[IdentityId, float]:
        return {who: (1 - part) * here.get(who, 0.0) + part * there.get(who, 0.0) for who in PEOPLE}

    step = 1e-4
    before = value_of(lot, between(way), policy).value_ujam
    after = value_of(lot, between(min(way + step, 1.0)), policy).value_ujam
    steepest = 2 * 2 * lot.amount_ujam * 3.0**8
    assert abs(after - before) <= steepest * step + 1e-6


def test_nothing_counted_against_is_nothing_without_a_sign():
    against = Policy(rules=(Rule(-1.0, tag="concert"),))
    assert str(value_of(LOT, {OBSERVER: 1.0}, against).value_ujam) == "0.0"
    assert str(values_of(lot_table([LOT]), {OBSERVER: 1.0}, against)[0]) == "0.0"
