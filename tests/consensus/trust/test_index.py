"""The index that is walked says what the clear rule says, however it came to know its words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.index import TrustIndex
from consensus.trust.pockets import Pocket, carried_by
from consensus.trust.proximity import proximity

DAY_MS = 86_400_000
PEOPLE = "oabcdef"
words = st.lists(
    st.builds(
        Acknowledgement,
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.floats(0.01, 20) | st.floats(-20, -0.01),
        st.integers(0, 90 * DAY_MS),
    ),
    max_size=30,
)
pockets = st.lists(
    st.tuples(st.frozensets(st.integers(0, 6), min_size=1), st.floats(0, 80)), max_size=4
)
NOW_MS = 60 * DAY_MS


def index_of(said, found=()):
    index = TrustIndex(0)
    index.learn(said, NOW_MS)
    known = len(index.people)
    members = ([one for one in sorted(chosen) if one < known] for chosen, _ in found)
    index.regard(
        [
            Pocket(np.array(inside, np.int64), vouchers)
            for inside, (_, vouchers) in zip(members, found, strict=True)
        ]
    )
    return index


def whole(index, observer):
    """Its answer with nothing left out for being small."""
    if observer not in index.people:
        return {observer: 1.0}
    numbers, scores = index.near(index.people.index(observer), 0.0)
    return {index.people[one]: score for one, score in zip(numbers, scores, strict=True)}


@given(words, pockets, st.sampled_from(PEOPLE))
@settings(deadline=None, max_examples=300)
def test_the_index_says_what_the_clear_rule_says(said, found, observer):
    index = index_of(said, found)
    graph = graph_from(said, NOW_MS)
    clear = [(one.people, carried_by(one.vouchers)) for one in index.pockets_by_name()]
    assert whole(index, observer) == pytest.approx(
        proximity(graph, observer, clear), rel=1e-9, abs=1e-15
    )


@given(words, words, pockets)
@settings(deadline=None)
def test_words_that_come_later_are_as_good_as_words_that_came_at_once(early, late, found):
    at_once, one_by_one = index_of([*early, *late], found), index_of(early, found)
    for word in late:
        one_by_one.learn([word], NOW_MS)
    one_by_one.regard(at_once.pockets)
    assert one_by_one.people == at_once.people
    assert whole(one_by_one, "o") == pytest.approx(whole(at_once, "o"), rel=1e-9, abs=1e-15)


@given(words, words, pockets)
@settings(deadline=None)
def test_what_is_kept_up_to_date_is_what_a_fresh_look_finds(early, late, found):
    index = index_of(early, found)
    index.learn(late, NOW_MS)
    kept = index._rows.sums.copy()
    index.regard(index.pockets)
    assert kept == pytest.approx(index._rows.sums, rel=1e-9, abs=1e-12)


@given(words, words)
@settings(deadline=None)
def test_supposing_words_leaves_the_index_as_it_is(said, supposed):
    index = index_of(said)
    before = whole(index, "o")
    other = index.supposing(supposed, NOW_MS)
    assert whole(index, "o") == before
    assert whole(other, "o") == pytest.approx(whole(index_of([*said, *supposed]), "o"), abs=1e-12)


def test_whoever_says_nothing_good_of_anybody_is_heard_all_the_same():
    said = [Acknowledgement("o", "a", 1.0, 0), Acknowledgement("o", "b", 1.0, 0)]
    said += [Acknowledgement("a", "b", -1.0, 0)]
    assert index_of(said).proximity("o") == pytest.approx(proximity(graph_from(said, 0), "o"))


def test_whatever_time_goes_by_nobody_comes_nearer_or_goes_away():
    said = [Acknowledgement("o", "a", 2.0, 0), Acknowledgement("o", "b", 1.0, DAY_MS * 30)]
    index = TrustIndex(0)
    index.learn(said, 10_000 * DAY_MS)
    assert index.proximity("o") == pytest.approx({"o": 1.0, "a": 0.2, "b": 0.2})


def test_nothing_passes_to_whom_all_trust_was_taken_back_not_even_a_rounding():
    index = TrustIndex()
    for weight in (0.07, 0.15, -0.07, 0.3, -5.0):
        index.learn([Acknowledgement("o", "p", 1.0, 0), Acknowledgement("p", "t", weight, 0)], 0)
    assert index.proximity("o") == {"o": 1.0, "p": 0.4}
