"""At most one acknowledgement a pair and month counts, and fades with a half-life of 90 days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.freshness import MONTH_MS, Said, ties_of
from consensus.units import MILLISECONDS_PER_DAY

DAY = MILLISECONDS_PER_DAY
NOW = 660 * MONTH_MS


def said(rows: list[tuple[int, int, int, float]]) -> Said:
    source, target, time_ms, strength = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Said(
        np.array(source, dtype=np.int64),
        np.array(target, dtype=np.int64),
        np.array(time_ms, dtype=np.int64),
        np.array(strength, dtype=np.float64),
    )


def test_a_word_counts_half_after_ninety_days_and_one_of_tomorrow_as_one_of_now() -> None:
    ties = ties_of(said([(0, 1, NOW - 90 * DAY, 1.0), (1, 2, NOW + DAY, 1.0)]), 3, NOW)
    assert ties.weight.tolist() == [0.5, 1.0]
    assert ties.starts.tolist() == [0, 0, 1, 2]


def test_of_one_pair_only_the_best_word_of_a_month_counts_and_months_add_up_to_at_most_one() -> (
    None
):
    one_month = [(0, 1, NOW, 0.1), (0, 1, NOW + DAY, 0.1), (0, 1, NOW + 2 * DAY, 0.1)]
    assert ties_of(said(one_month), 2, NOW + 2 * DAY).weight == pytest.approx([0.1])
    months = [(0, 1, NOW - month * MONTH_MS, 0.1) for month in range(4)]
    added = sum(0.1 * 0.5 ** (month / 3) for month in range(4))
    assert ties_of(said(months), 2, NOW).weight == pytest.approx([added])
    ahead = [(0, 1, NOW + month * MONTH_MS, 0.1) for month in range(12)]
    assert ties_of(said(ahead), 2, NOW).weight == pytest.approx([0.1])
    by_hand = [(0, 1, NOW - month * MONTH_MS, 1.0) for month in range(12)]
    assert ties_of(said(by_hand), 2, NOW).weight.tolist() == [1.0]


def test_who_came_first_stands_first_and_words_about_oneself_are_nothing() -> None:
    rows = [(0, 2, NOW, 1.0), (1, 2, NOW - DAY, 1.0), (0, 2, NOW - 2 * DAY, 1.0), (2, 2, NOW, 1.0)]
    ties = ties_of(said(rows), 3, NOW)
    assert (ties.source.tolist(), ties.target.tolist()) == ([0, 1], [2, 2])
    assert ties_of(said([]), 2, NOW).starts.tolist() == [0, 0, 0]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2**50)), max_size=30)
)
def test_every_weight_is_a_share_of_one_person(rows: list[tuple[int, int, int]]) -> None:
    ties = ties_of(said([(*row, 1.0) for row in rows]), 4, NOW)
    pairs = {(source, target) for source, target, _ in rows if source != target}
    assert set(zip(ties.source.tolist(), ties.target.tolist(), strict=True)) == pairs
    assert all(0 <= weight <= 1 for weight in ties.weight)
