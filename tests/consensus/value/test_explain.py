"""Explanations say in words and numbers what a lot is worth, and the numbers add up."""

from dataclasses import replace
from fractions import Fraction
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, LotId
from consensus.value.explain import explain, in_jam, reasons, rounded, whole_amounts
from consensus.value.lot import LotView
from consensus.value.plugins import PluginFactor
from consensus.value.policy import Policy, Rule
from consensus.value.surroundings import Surroundings
from consensus.value.valuation import Continuity, Valuation, Word, value_of

ANA, BO, CY, PIA = (IdentityId(bytes([number]) * 32) for number in range(4))
NAMES = {ANA: "Ana", BO: "Bo", CY: "Cy", PIA: "Pia"}
LOT = LotView(
    LotId(bytes(32)), ((ANA, 300_000), (BO, 100_000)), (PIA, CY), 400_000, 400_000, ("concert",)
)


def lines(lot: LotView, near: dict[IdentityId, float], policy: Policy | None = None) -> list[str]:
    return explain(value_of(lot, near, policy or Policy()), NAMES.__getitem__)


def test_a_word_is_explained_by_its_share_and_its_trust():
    assert lines(replace(LOT, path=(PIA,)), {ANA: 0.4, BO: 0.1}) == [
        "0.120 from Ana's word (0.30 x 0.400 trust)",
        "0.010 from Bo's word (0.10 x 0.100 trust)",
    ]


def test_what_lowers_a_coin_is_said_with_its_amount():
    assert lines(LOT, {ANA: 0.4, CY: 0.2}) == [
        "0.120 from Ana's word (0.30 x 0.400 trust)",
        "0.000 from the words of 1 person you have no trust in",
        "-0.048 because it passed through Cy, whom you trust 0.200 (x 0.600)",
    ]


def test_a_holder_who_is_known_by_their_cluster_is_told_so():
    around = Surroundings(clusters={CY: "west"}, shares={"west": 0.8})
    told = explain(value_of(LOT, {ANA: 0.4}, surroundings=around), NAMES.__getitem__)
    words = "because it passed through Cy, whom you know 0.800 by where they belong (x 0.900)"
    assert told[-1] == f"-0.012 {words}"


def test_the_observers_own_rules_always_show():
    policy = Policy(
        rules=(Rule(0.5, "too loud", tag="concert"), Rule(3.0, holder=PIA), Rule(2.0, witness=ANA))
    )
    assert lines(LOT, {ANA: 0.4, CY: 1.0}, policy) == [
        "0.240 from Ana's word (0.30 x 0.400 trust x 2 by your rule on Ana's word)",
        "0.000 from the words of 1 person you have no trust in",
        "-0.120 by your rule on the tag 'concert' (“too loud”) (x 0.500)",
        "0.240 by your rule on coins that Pia held (x 3.000)",
    ]


def test_rules_that_change_nothing_show_too():
    policy = Policy(rules=(Rule(2.0, tag="concert"), Rule(5.0, witness=BO), Rule(1.0, holder=PIA)))
    nothing = "; it changes nothing, because nothing was there to change"
    assert lines(LOT, {CY: 1.0}, policy) == [
        f"0.000 from Bo's word (0.10 x 0.000 trust x 5 by your rule on Bo's word){nothing}",
        "0.000 from the words of 1 person you have no trust in",
        f"0.000 by your rule on the tag 'concert' (x 2.000){nothing}",
        f"0.000 by your rule on coins that Pia held (x 1.000){nothing}",
    ]


def test_what_the_policy_makes_of_trust_is_said():
    assert lines(replace(LOT, path=(PIA,)), {ANA: 0.1}, Policy(close_at=0.2))[0] == (
        "0.015 from Ana's word (0.30 x 0.100 trust, which counts 0.050 by your policy)"
    )


def test_a_contested_lot_says_so():
    assert lines(replace(LOT, path=(PIA,), contested=True), {ANA: 0.4})[-1] == (
        "-0.120 because a fork moved it twice: it is contested (x 0.000)"
    )


def test_nobody_trusted_is_said_too():
    assert lines(LOT, {CY: 1.0}) == ["0.000 from the words of 2 people you have no trust in"]


@pytest.mark.parametrize(
    ("amount_ujam", "shown"),
    [(0, "0.000"), (120_000, "0.120"), (-1, "-0.000001"), (2_500_010, "2.50001")],
)
def test_amounts_have_three_to_six_decimals(amount_ujam: int, shown: str):
    assert in_jam(amount_ujam) == shown


factors = st.floats(-3, 3) | st.floats(-1_000, 1_000)
people = st.sampled_from([ANA, BO, CY])
rules = st.lists(st.builds(Rule, factors, tag=st.just("concert")), max_size=5).map(tuple)
valuations = st.builds(
    Valuation,
    st.lists(
        st.builds(Word, people, st.floats(0, 375_000), st.floats(0, 1), st.floats(0, 1), rules),
        max_size=8,
    ).map(tuple),
    st.builds(Continuity, st.floats(0.5, 1), st.sampled_from([None, CY]), st.floats(0, 1)),
    rules,
    st.lists(
        st.builds(PluginFactor, st.just("fresh"), factors, st.just("of its age")), max_size=2
    ).map(tuple),
    factors,
)


@given(valuations)
def test_the_parts_make_the_whole(valuation: Valuation):
    parts = [reason.value_ujam for reason in reasons(valuation, NAMES.__getitem__)]
    rounding = 1e-15 * max(map(abs, parts))
    assert fsum(parts) == pytest.approx(valuation.value_ujam, rel=1e-9, abs=rounding)


@given(valuations)
def test_every_rule_shows(valuation: Valuation):
    told = [reason.words for reason in reasons(valuation, NAMES.__getitem__)]
    about_coins = [said for said in told if said.startswith("by your rule")]
    assert len(about_coins) == len(valuation.rules)
    in_words = sum(said.count("by your rule") for said in told) - len(about_coins)
    assert in_words == sum(len(word.rules) for word in valuation.words)


@given(valuations)
def test_the_printed_numbers_add_up_to_the_printed_value(valuation: Valuation):
    printed = [Fraction(line.split()[0]) for line in explain(valuation, NAMES.__getitem__)]
    assert sum(printed) * 1_000_000 == rounded(valuation.value_ujam)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_no_amount_is_moved_by_more_than_one_unit(values: list[float]):
    amounts = whole_amounts(values, rounded(sum(values)))
    assert sum(amounts) == rounded(sum(values))
    assert all(
        abs(amount - value) <= 1 + 1e-6 for amount, value in zip(amounts, values, strict=True)
    )
