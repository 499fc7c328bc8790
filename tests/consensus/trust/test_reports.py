"""A report is believed by three who are near and don't vouch for one another, not by less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.graph import Acknowledgement, TrustGraph, graph_from
from consensus.trust.proximity import proximity
from consensus.trust.reports import (
    THRESHOLD,
    ReportedBlock,
    is_believed,
    standing_of_reporters,
    support_of,
)

FRIENDS = [("o", "a", 1.0), ("o", "b", 1.0), ("o", "c", 1.0), ("o", "d", 1.0)]


def graph_of(said: list[tuple[str, str, float]]) -> TrustGraph[str]:
    return graph_from([Acknowledgement(*word, 0) for word in said], 0)


def support(said: list[tuple[str, str, float]], reporters: str) -> float:
    graph = graph_of(said)
    block = ReportedBlock(frozenset(reporters), {})
    return support_of(block, graph, proximity(graph, "o"))


def known(people: str) -> list[tuple[str, str, float]]:
    """Friends whom others acknowledged too, so that nobody of them is of one hand."""
    return [*FRIENDS, *((f"x{person}", person, 1.0) for person in people)]


def test_three_near_people_who_do_not_know_each_other_are_believed() -> None:
    assert support(known("abcd"), "abc") == pytest.approx(0.3)
    assert support(known("abcd"), "abcd") == pytest.approx(0.4)


def test_two_people_are_not_believed_however_near() -> None:
    said = [("o", "a", 1.0), ("o", "b", 1.0), ("x", "a", 1.0), ("y", "b", 1.0)]
    assert support(said, "ab") == 0


def test_whoever_vouches_for_another_reporter_counts_once_with_them() -> None:
    linked = [*known("abcd"), ("a", "b", 1.0)]
    assert support(linked, "abc") == 0
    assert 0.2 < support(linked, "abcd") < 0.4


def test_keys_that_one_person_invented_convict_nobody() -> None:
    inventor = [("o", "a", 1.0), *(("a", key, 1.0) for key in "uvwxyz")]
    assert support(inventor, "uvwxyz") == 0


def test_strangers_are_none_of_the_three() -> None:
    assert support(known("ab"), "abz") == 0


def test_everybody_believes_themselves() -> None:
    graph = graph_of(FRIENDS)
    block = ReportedBlock(frozenset("o"), {})
    scores = proximity(graph, "o")
    assert is_believed(block, graph, scores, "o")
    assert not is_believed(block, graph, scores, "a")


@given(st.integers(3, 23) | st.integers(25, 60))
def test_belief_needs_three_of_about_two_dozen_equals(circle: int) -> None:
    people = [f"p{number}" for number in range(circle)]
    said = [("o", person, 1.0) for person in people]
    said += [(f"x{person}", person, 1.0) for person in people]
    graph = graph_of(said)
    block = ReportedBlock(frozenset(people[:3]), {})
    near = is_believed(block, graph, proximity(graph, "o"), "o")
    assert near == (3 * 0.4 / circle > THRESHOLD)


def standing(block: ReportedBlock[str]) -> dict[str, float]:
    graph = graph_of(known("abcd"))
    return standing_of_reporters([block], graph, proximity(graph, "o"), "o")


def test_a_lone_report_costs_nothing_while_nobody_contradicts_it() -> None:
    assert standing(ReportedBlock(frozenset("a"), {})) == {}
    assert standing(ReportedBlock(frozenset("a"), {"stranger": 1.0})) == {}
    assert standing(ReportedBlock(frozenset("a"), {"b": 0.1, "c": 0.1, "d": 0.1})) == {}


def test_a_report_that_trusted_verifiers_contradict_by_hand_costs_their_share_at_most_half() -> (
    None
):
    found = standing(ReportedBlock(frozenset("a"), {"b": 1.0, "c": 1.0, "d": 1.0}))
    assert found == {"a": pytest.approx(1 - 0.5 * 0.75)}


def test_what_ones_own_node_accepted_by_itself_contradicts_nobody() -> None:
    assert standing(ReportedBlock(frozenset("a"), {"o": 0.1})) == {}
    assert standing(ReportedBlock(frozenset("a"), {"o": 1.0})) == {
        "a": pytest.approx(1 - 0.5 / 1.1)
    }


def test_a_believed_report_costs_nobody_anything() -> None:
    assert standing(ReportedBlock(frozenset("abc"), {"d": 1.0})) == {}


words = st.lists(
    st.tuples(st.sampled_from("oabcde"), st.sampled_from("oabcde"), st.floats(0.01, 9)), max_size=20
)


@given(words, st.sets(st.sampled_from("abcde")))
def test_the_chosen_set_is_the_best_of_all(said: list[tuple[str, str, float]], who: set[str]):
    graph = graph_of(said)
    scores = proximity(graph, "o")
    near = sorted(person for person in who if scores.get(person, 0) > 0)
    sponsors = {p: {s for s, targets in graph.trust.items() if p in targets} for p in near}

    def is_linked(one: str, other: str) -> bool:
        edge = other in graph.trust.get(one, {}) or one in graph.trust.get(other, {})
        return edge or len(sponsors[one] | sponsors[other]) == 1

    best = 0.0
    for mask in range(1 << len(near)):
        chosen = [person for bit, person in enumerate(near) if mask >> bit & 1]
        pairs = [(a, b) for a in chosen for b in chosen if a < b]
        if len(chosen) >= 3 and not any(is_linked(*pair) for pair in pairs):
            best = max(best, sum(scores[person] for person in chosen))
    block = ReportedBlock(frozenset(who), {})
    assert support_of(block, graph, scores) == pytest.approx(best)
