"""Personhood counts different people: copies add nothing, strangers to each other add up."""

from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from consensus.trust.crowds import effective_numbers_compiled
from consensus.trust.freshness import Said, ties_of
from consensus.trust.personhood import (
    Personhood,
    effective_number,
    effective_numbers,
    personhoods,
)
from consensus.trust.similarity import acquaintances
from consensus.trust.voices import voices_of
from consensus.units import MILLISECONDS_PER_DAY

DAY = MILLISECONDS_PER_DAY
NOW = 20_000 * DAY
Floats = NDArray[np.float64]


@st.composite
def crowds(draw: st.DrawFn, most: int = 12) -> tuple[Floats, Floats]:
    """Acknowledgers, in order, and how alike they are: any symmetric table, however odd."""
    people = draw(st.integers(1, most))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    alike = np.triu(numbers.random((people, people)) ** draw(st.sampled_from([0.1, 1, 8])), 1)
    return numbers.random(people), alike + alike.T


def joined(alike: Floats, column: Floats) -> Floats:
    """One more acknowledger, the last to come."""
    people = len(alike)
    found = np.zeros((people + 1, people + 1))
    found[:people, :people] = alike
    found[people, :people] = found[:people, people] = column
    return found


def said(rows: list[tuple[int, int, int]]) -> Said:
    source, target, time_ms = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Said(source, target, time_ms, np.ones(len(rows)))


def star_of(ties: NDArray[np.bool_], time_ms: int = NOW) -> Said:
    """People who acknowledge as `ties` say, and all of them one more person, the last."""
    people = len(ties)
    rows = [(int(one), int(other), time_ms) for one, other in np.argwhere(ties)]
    return said([*rows, *((one, people, time_ms) for one in range(people))])


def ring(people: int, density: float, seed: int = 1) -> NDArray[np.bool_]:
    upper = np.triu(np.random.default_rng(seed).random((people, people)) < density, 1)
    return np.asarray(upper | upper.T)


def last(words: Said, people: int) -> Personhood:
    return personhoods(words, people, NOW)[people - 1]


@given(crowds())
def test_nobody_counts_for_more_than_the_sum_of_how_fresh_words_are(
    given_: tuple[Floats, Floats],
) -> None:
    weights, alike = given_
    number = effective_number(weights, alike)
    assert max(weights[0], 0.0) <= number <= weights.sum() + 1e-9


@given(crowds(), st.floats(0, 1))
def test_a_word_by_somebody_unlike_all_others_adds_all_its_weight_wherever_it_comes(
    given_: tuple[Floats, Floats], weight: float
) -> None:
    weights, alike = given_
    before = effective_number(weights, alike)
    more = joined(alike, np.zeros(len(weights)))
    assert effective_number(np.append(weights, weight), more) >= before
    order = [len(weights), *range(len(weights))]
    first = effective_number(np.insert(weights, 0, weight), more[np.ix_(order, order)])
    assert first == pytest.approx(before + weight)


@given(crowds(), st.floats(0, 1), st.integers(0, 2**32))
def test_a_later_word_by_anybody_at_all_takes_nothing_away(
    given_: tuple[Floats, Floats], weight: float, seed: int
) -> None:
    weights, alike = given_
    column = np.random.default_rng(seed).random(len(weights))
    after = effective_number(np.append(weights, weight), joined(alike, column))
    assert after >= effective_number(weights, alike)


@given(crowds(), st.floats(0, 1))
def test_it_fades_as_words_do(given_: tuple[Floats, Floats], faded: float) -> None:
    weights, alike = given_
    assert effective_number(weights * faded, alike) <= effective_number(weights, alike) + 1e-12


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=40))
def test_any_number_of_copies_of_one_person_is_at_most_one_person(weights: list[float]) -> None:
    copies = np.ones((len(weights), len(weights))) - np.eye(len(weights))
    assert weights[0] <= effective_number(np.array(weights), copies) <= 1 + 1e-9


@given(crowds(6), crowds(6))
def test_groups_unlike_each_other_add_up(
    one: tuple[Floats, Floats], other: tuple[Floats, Floats]
) -> None:
    nothing = np.zeros((len(one[0]), len(other[0])))
    both = np.block([[one[1], nothing], [nothing.T, other[1]]])
    together = effective_number(np.concatenate((one[0], other[0])), both)
    assert together >= max(effective_number(*one), effective_number(*other))
    at_once = lambda pair: float((pair[0] / (1 + pair[1] @ pair[0])).sum())  # noqa: E731
    assert together >= at_once(one) + at_once(other) - 1e-9


def test_belief_and_stratum_follow_from_the_number() -> None:
    person = Personhood(10.0)
    assert person.belief == pytest.approx(0.6321206)
    assert person.stratum == log2(11)
    assert (Personhood(0.0).belief, Personhood(0.0).stratum) == (0.0, 0.0)


@pytest.mark.parametrize("density", [0.2, 0.4, 0.6, 0.8, 1.0])
def test_a_ring_of_300_makes_no_person_of_its_puppet(density: float) -> None:
    assert last(star_of(ring(300, density)), 301).belief < 0.2


def test_a_ring_that_also_knows_a_few_honest_people_makes_no_person_of_its_puppet() -> None:
    outside = 303
    honest = [(one, outside, NOW) for one in range(301, outside)]
    numbers = np.random.default_rng(1)
    ties = ring(300, 0.2)
    rows = [(int(one), int(other), NOW) for one, other in np.argwhere(ties)]
    rows += [(one, 300, NOW) for one in (*range(300), 301, 302)]
    rows += [(int(one), int(outside), NOW) for one in numbers.integers(0, 300, 20)]
    assert personhoods(said([*rows, *honest]), outside + 1, NOW)[300].belief < 0.35


def test_keys_that_know_nobody_else_are_one_person() -> None:
    assert last(said([(one, 500, NOW) for one in range(500)]), 501).n_eff == pytest.approx(1)


def test_a_thousand_people_of_many_circles_over_a_year_make_a_person() -> None:
    people, numbers = 1_000, np.random.default_rng(1)
    circle = [(one, one // 10 * 10 + k, NOW) for one in range(people) for k in range(10)]
    days = numbers.integers(0, 365, people)
    rows = [(one, people, NOW - int(days[one]) * DAY) for one in range(people)]
    found = last(said([*circle, *rows]), people + 1)
    assert found.belief > 0.99
    assert found.n_eff < sum(0.5 ** (days / 90))


@pytest.mark.parametrize("know", [[], [(0, 1, NOW)], [(0, 3, NOW), (1, 4, NOW)]])
def test_two_friends_are_not_much_whether_they_know_each_other_or_not(
    know: list[tuple[int, int, int]],
) -> None:
    found = personhoods(said([(0, 2, NOW), (1, 2, NOW), *know]), 5, NOW)[2]
    assert 0.09 < found.belief < 0.25


def test_a_traveller_is_more_of_a_person_than_whoever_stays_in_the_village() -> None:
    villages = np.kron(np.eye(8, dtype=bool), np.ones((20, 20), dtype=bool))
    rows = [(int(one), int(other), NOW) for one, other in np.argwhere(villages)]
    rows += [(village * 20, 160, NOW) for village in range(8)]
    found = personhoods(said(rows), 161, NOW)
    assert found[160].n_eff == pytest.approx(8)
    assert found[1].n_eff == pytest.approx(1)


def test_more_acknowledgers_than_are_compared_still_count_as_far_as_they_are() -> None:
    people = 3_000
    rows = [(one, one ^ 1, NOW) for one in range(people)]
    rows += [(one, people, NOW - (people - one)) for one in range(people)]
    assert last(said(rows), people + 1).n_eff > 100


def test_what_each_acknowledger_adds_is_told_the_one_that_counts_most_first() -> None:
    rows = [(0, 5, NOW), (1, 5, NOW), (2, 5, NOW - 90 * DAY), (0, 1, NOW), (2, 3, NOW), (2, 4, NOW)]
    words = said(rows)
    ties = ties_of(words, 6, NOW)
    voices = voices_of(ties, acquaintances(ties.source, ties.target, 6), 5)
    assert [(voice.source, voice.weight) for voice in voices] == [(0, 1.0), (1, 1.0), (2, 0.5)]
    assert voices[0].alike == voices[1].alike == pytest.approx(0.5)
    number = personhoods(words, 6, NOW)[5].n_eff
    assert sum(voice.counted for voice in voices) == pytest.approx(number)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([5, 60, 400]), st.sampled_from([0.02, 0.2, 0.9]))
def test_the_compiled_sums_are_the_clear_ones(seed: int, people: int, density: float) -> None:
    numbers = np.random.default_rng(seed)
    edges = np.argwhere(numbers.random((people, people)) < density * min(1, 60 / people))
    times = NOW - numbers.integers(0, 400, len(edges)) * DAY
    words = Said(edges[:, 0], edges[:, 1], times, np.ones(len(edges)))
    ties = ties_of(words, people, NOW)
    clear = effective_numbers(ties, people)
    assert effective_numbers_compiled(ties, people) == pytest.approx(clear)
