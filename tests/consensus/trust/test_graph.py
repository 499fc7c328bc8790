"""Acknowledgements fade, add up, and fold in one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.graph import (
    Acknowledgement,
    TrustGraph,
    graph_at,
    graph_from,
    with_acknowledgements,
)

DAY_MS = 86_400_000
NOW_MS = 1_000 * DAY_MS

words = st.builds(
    Acknowledgement,
    st.sampled_from("abcd"),
    st.sampled_from("abcd"),
    st.floats(-20, 20),
    st.integers(NOW_MS - 200 * DAY_MS, NOW_MS),
)


def close(first: TrustGraph[str], second: TrustGraph[str]) -> bool:
    def flat(graph: TrustGraph[str]) -> dict:
        return {
            (name, source, target): weight
            for name, side in (("for", graph.trust), ("against", graph.distrust))
            for source, targets in side.items()
            for target, weight in targets.items()
        }

    return first.now_ms == second.now_ms and flat(first) == pytest.approx(flat(second), rel=1e-9)


def test_after_a_half_life_a_word_counts_half():
    graph = graph_from([Acknowledgement("a", "b", 8.0, NOW_MS - 30 * DAY_MS)], NOW_MS)
    assert graph == TrustGraph(NOW_MS, {"a": {"b": 4.0}}, {})


def test_trust_and_distrust_of_one_pair_are_kept_apart():
    said = [Acknowledgement("a", "b", weight, NOW_MS) for weight in (1.0, -2.0, 3.0)]
    assert graph_from(said, NOW_MS) == TrustGraph(NOW_MS, {"a": {"b": 4.0}}, {"a": {"b": 2.0}})


def test_a_word_about_oneself_and_a_word_without_weight_are_nothing():
    said = [
        Acknowledgement("a", "a", 5.0, NOW_MS),
        Acknowledgement("a", "b", 0.0, NOW_MS),
        Acknowledgement("a", "b", float("nan"), NOW_MS),
    ]
    assert graph_from(said, NOW_MS) == TrustGraph(NOW_MS)


def test_a_word_from_the_future_counts_as_one_of_now():
    graph = graph_from([Acknowledgement("a", "b", 1.0, NOW_MS + DAY_MS)], NOW_MS)
    assert graph.trust == {"a": {"b": 1.0}}


def test_no_single_word_weighs_without_bound():
    said = [Acknowledgement("a", "b", float("inf"), NOW_MS)] * 2
    assert graph_from(said, NOW_MS).trust == {"a": {"b": 2e12}}


def test_a_graph_is_never_turned_back():
    with pytest.raises(ValueError, match="turned back"):
        graph_at(TrustGraph(NOW_MS), NOW_MS - 1)


@given(st.lists(words, max_size=20), st.randoms())
def test_the_order_of_words_does_not_matter(said, random):
    shuffled = list(said)
    random.shuffle(shuffled)
    assert close(graph_from(said, NOW_MS), graph_from(shuffled, NOW_MS))


@given(st.lists(words, max_size=20), st.integers(0, 20), st.integers(0, 400))
def test_folding_in_later_is_the_same_as_at_once(said, split, later_days):
    later_ms = NOW_MS + later_days * DAY_MS
    early = graph_at(graph_from(said[:split], NOW_MS), later_ms)
    assert close(with_acknowledgements(early, said[split:]), graph_from(said, later_ms))
