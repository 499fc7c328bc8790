"""Proximity is what reaches somebody on short walks, and nothing that keys can invent."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.graph import Acknowledgement, TrustGraph, graph_from
from consensus.trust.proximity import ALPHA, proximity

PEOPLE = "oabcdef"
edges = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.floats(0.01, 20)), max_size=25
)
words = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.floats(0.01, 20) | st.floats(-20, -0.01),
    ),
    max_size=25,
)


def graph_of(said) -> TrustGraph[str]:
    return graph_from([Acknowledgement(*word, 0) for word in said], 0)


def test_force_is_split_by_weight_and_decays_by_steps():
    said = [("o", "a", 3.0), ("o", "b", 1.0), ("a", "c", 5.0)]
    assert proximity(graph_of(said), "o") == pytest.approx(
        {"o": 1.0, "a": 0.3, "b": 0.1, "c": 0.12}
    )


def test_nobody_is_known_to_a_newcomer_but_the_newcomer():
    assert proximity(graph_of([("a", "b", 1.0)]), "o") == {"o": 1.0}


def test_beyond_eight_steps_nobody_is_known():
    chain = list("oabcdefghij")
    said = [(source, target, 1.0) for source, target in pairwise(chain)]
    assert set(proximity(graph_of(said), "o")) == set("oabcdefgh")


def test_people_who_are_half_distrusted_by_equals_keep_half():
    said = [("o", "a", 1.0), ("o", "b", 1.0), ("a", "c", 1.0), ("b", "c", -1.0)]
    assert proximity(graph_of(said), "o")["c"] == pytest.approx(0.5 * 0.2 * ALPHA)


def test_whom_the_observer_distrusts_is_nobody_and_leads_nowhere():
    said = [("o", "a", 5.0), ("o", "b", 1.0), ("b", "a", 1.0), ("a", "c", 1.0), ("o", "a", -0.1)]
    assert set(proximity(graph_of(said), "o")) == {"o", "b"}


def test_a_negative_edge_is_not_walked():
    assert proximity(graph_of([("o", "a", 1.0), ("a", "b", -1.0)]), "o") == {"o": 1.0, "a": ALPHA}


@given(words)
def test_scores_lie_between_0_and_1_and_the_observers_is_1(said):
    scores = proximity(graph_of(said), "o")
    assert scores["o"] == 1.0
    assert all(0 < score <= 1 for score in scores.values())


@given(
    words, st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(PEOPLE + "xyz")), max_size=30)
)
def test_invented_keys_out_of_reach_change_nothing(said, invented):
    attack = [(source, target, weight) for source, target in invented for weight in (20.0, -7.0)]
    assert proximity(graph_of(said + attack), "o") == proximity(graph_of(said), "o")


@given(edges, st.sampled_from("abcdef"), st.integers(1, 30))
def test_a_reached_inventor_gains_less_than_a_step_by_any_number_of_keys(said, inventor, count):
    names = [f"sybil {number}" for number in range(count)]
    attack = [(inventor, name, 20.0) for name in names] + [(name, inventor, 20.0) for name in names]
    before = proximity(graph_of(said), "o").get(inventor, 0.0)
    after = proximity(graph_of(said + attack), "o")
    gained = after.get(inventor, 0.0) + sum(after.get(name, 0.0) for name in names)
    assert gained <= before / (1 - ALPHA) + 1e-9


@given(edges, st.sampled_from(PEOPLE), st.sampled_from("abcdef"), st.floats(0.01, 20))
def test_one_more_acknowledgement_never_lowers_its_target(said, source, target, weight):
    before = proximity(graph_of(said), "o").get(target, 0.0)
    after = proximity(graph_of([*said, (source, target, weight)]), "o").get(target, 0.0)
    assert after >= before - 1e-12


@given(words, st.sampled_from(PEOPLE), st.sampled_from("abcdef"), st.floats(0.01, 20))
def test_one_more_word_against_somebody_never_raises_them(said, source, target, weight):
    before = proximity(graph_of(said), "o").get(target, 0.0)
    after = proximity(graph_of([*said, (source, target, -weight)]), "o").get(target, 0.0)
    assert after <= before + 1e-12
