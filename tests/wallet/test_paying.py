"""Lots for a payment: exact, never more than there is, and nothing better left behind."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, LotId
from consensus.lots import LotKey
from consensus.units import MicroJam, Milliseconds
from wallet.paying import (
    Holding,
    Part,
    PayingError,
    in_order,
    named_parts,
    parts_of_amount,
    parts_worth,
)


def holding(number: int, amount: int, mine: int, theirs: int, minted_ms: int = 0) -> Holding:
    key = LotKey(LotId(number.to_bytes(32)), (IdentityId(bytes(32)),))
    return Holding(key, MicroJam(amount), Milliseconds(minted_ms), mine, theirs)


def holdings(
    amounts: st.SearchStrategy[int], worth: st.SearchStrategy[int], most: int = 7
) -> st.SearchStrategy[list[Holding]]:
    rows = st.lists(st.tuples(amounts, worth, worth, st.integers(0, 3)), max_size=most)
    return rows.map(lambda found: [holding(n, *row) for n, row in enumerate(found)])


PURSES = holdings(st.integers(1, 50), st.integers(-20, 100))
TARGETS = st.integers(1, 120)
COUNTS = st.integers(1, 6)


def largest(sizes: list[int], count: int) -> int:
    return sum(sorted(sizes, reverse=True)[:count])


def check_parts(purse: list[Holding], parts: tuple[Part, ...], most: int) -> None:
    held = {one.key: one.amount_ujam for one in purse}
    assert len({part.key for part in parts}) == len(parts) <= most
    assert all(0 < part.amount_ujam <= held[part.key] for part in parts)


@settings(max_examples=400)
@given(PURSES, TARGETS, COUNTS)
def test_an_amount_is_met_exactly_whenever_so_many_parts_can(
    purse: list[Holding], target: int, most: int
) -> None:
    if largest([one.amount_ujam for one in purse], most) < target:
        with pytest.raises(PayingError):
            parts_of_amount(purse, target, most)
        return
    parts = parts_of_amount(purse, target, most)
    check_parts(purse, parts, most)
    assert sum(part.amount_ujam for part in parts) == target
    valued = [one for one in purse if one.theirs_ujam > 0]
    if largest([one.amount_ujam for one in valued], most) >= target:
        assert {part.key for part in parts} <= {one.key for one in valued}


@settings(max_examples=400)
@given(PURSES, TARGETS, COUNTS)
def test_a_worth_is_met_and_passed_by_no_more_than_rounding(
    purse: list[Holding], target: int, most: int
) -> None:
    valued = {one.key: one for one in purse if one.theirs_ujam > 0}
    if largest([one.theirs_ujam for one in valued.values()], most) < target:
        with pytest.raises(PayingError):
            parts_worth(purse, target, most)
        return
    parts = parts_worth(purse, target, most)
    check_parts(list(valued.values()), parts, most)
    assert sum(valued[part.key].worth_of(part.amount_ujam) for part in parts) >= target
    last = valued[parts[-1].key]
    less = [*parts[:-1], replace(parts[-1], amount_ujam=MicroJam(parts[-1].amount_ujam - 1))]
    assert sum(valued[part.key].worth_of(part.amount_ujam) for part in less) < target or (
        last.worth_of(parts[-1].amount_ujam - 1) == last.worth_of(parts[-1].amount_ujam)
    )


def per_unit(one: Holding) -> tuple[Fraction, Fraction]:
    """Worth to the recipient and what it spares the giver, of one uJAM."""
    return Fraction(one.theirs_ujam, one.amount_ujam), Fraction(-one.mine_ujam, one.amount_ujam)


def dominates(better: Holding, worse: Holding) -> bool:
    pairs = list(zip(per_unit(better), per_unit(worse), strict=True))
    return all(b >= w for b, w in pairs) and any(b > w for b, w in pairs)


@settings(max_examples=400)
@given(PURSES, TARGETS, COUNTS)
def test_nothing_leaves_while_something_better_for_both_could_have(
    purse: list[Holding], target: int, most: int
) -> None:
    if largest([one.amount_ujam for one in purse], most) < target:
        return
    by_key = {one.key: one for one in purse}
    taken = {part.key: part.amount_ujam for part in parts_of_amount(purse, target, most)}
    for key, amount in taken.items():
        for one in purse:
            left = one.amount_ujam - taken.get(one.key, 0)
            can_stand_in = left >= amount if one.key not in taken else left > 0
            assert not (can_stand_in and dominates(one, by_key[key]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4
    ),
    st.integers(1, 6),
)
def test_no_other_choice_is_better_for_one_and_no_worse_for_the_other(
    rows: list[tuple[int, int, int]], target: int
) -> None:
    purse = [holding(n, size, size * m, size * t) for n, (size, m, t) in enumerate(rows)]
    choices = [
        sizes
        for sizes in product(*(range(one.amount_ujam + 1) for one in purse))
        if sum(sizes) == target
    ]
    if not choices:
        return
    taken = {part.key: part.amount_ujam for part in parts_of_amount(purse, target)}

    def outcome(sizes: tuple[int, ...]) -> tuple[int, int]:
        pairs = list(zip(sizes, rows, strict=True))
        return sum(n * t for n, (_, _, t) in pairs), -sum(n * m for n, (_, m, _) in pairs)

    ours = outcome(tuple(taken.get(one.key, 0) for one in purse))
    for sizes in choices:
        theirs = outcome(sizes)
        assert theirs == ours or any(o > t for o, t in zip(ours, theirs, strict=True))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=4
    ),
    st.integers(1, 12),
)
def test_a_worth_costs_the_giver_no_more_than_any_other_choice_but_for_one_grain(
    rows: list[tuple[int, int, int]], target: int
) -> None:
    purse = [holding(n, size, size * m, size * t) for n, (size, m, t) in enumerate(rows)]
    costs = [
        sum(n * m for n, (_, m, _) in zip(sizes, rows, strict=True))
        for sizes in product(*(range(one.amount_ujam + 1) for one in purse))
        if sum(n * t for n, (_, _, t) in zip(sizes, rows, strict=True)) >= target
    ]
    if not costs:
        return
    by_key = {one.key: row for one, row in zip(purse, rows, strict=True)}
    parts = parts_worth(purse, target)
    paid = sum(part.amount_ujam * by_key[part.key][1] for part in parts)
    grain = by_key[parts[-1].key][1]
    assert min(costs) <= paid <= min(costs) + grain


@given(PURSES, st.randoms(use_true_random=False))
def test_the_order_in_which_coins_lie_changes_nothing(purse: list[Holding], chance: Random) -> None:
    mixed = list(purse)
    chance.shuffle(mixed)
    assert in_order(mixed) == in_order(purse)


def test_of_equals_the_older_goes_first_and_a_part_of_a_lot_is_enough() -> None:
    young, old = holding(1, 10, 5, 5, minted_ms=9), holding(2, 10, 5, 5, minted_ms=3)
    worthless = holding(3, 100, 0, 0)
    assert parts_of_amount([young, worthless, old], 12) == (
        Part(old.key, MicroJam(10)),
        Part(young.key, MicroJam(2)),
    )


def test_what_is_worth_nothing_to_them_goes_only_where_the_amount_demands_it() -> None:
    valued, worthless = holding(1, 10, 9, 1), holding(2, 100, 0, 0)
    assert parts_of_amount([worthless, valued], 10) == (Part(valued.key, MicroJam(10)),)
    assert [part.amount_ujam for part in parts_of_amount([worthless, valued], 11)] == [10, 1]
    with pytest.raises(PayingError, match=r"all your coins would be worth to them 0\.000001 JAM"):
        parts_worth([worthless, valued], 2)


def test_more_parts_than_are_allowed_are_refused_with_what_they_hold() -> None:
    dust = [holding(n, 2, 1, 1) for n in range(20)]
    with pytest.raises(PayingError, match=r"the 16 largest of your coins hold 0\.000032 JAM"):
        parts_of_amount(dust, 33)
    with pytest.raises(PayingError, match=r"all your coins hold 0\.00004 JAM, and 0\.000041"):
        parts_of_amount(dust, 41)


def test_named_parts_are_taken_as_they_are_or_not_at_all() -> None:
    purse = [holding(1, 10, 0, 0), holding(2, 5, 0, 0)]
    one, two = (Part(each.key, each.amount_ujam) for each in purse)
    assert named_parts(purse, [two, one]) == (two, one)
    wrong = {
        "1 to 16 parts": [],
        "named twice": [one, one],
        r"of which 0\.00001 are there": [replace(one, amount_ujam=MicroJam(11))],
        "of which 0 are there": [Part(holding(9, 1, 0, 0).key, MicroJam(1))],
        "0 JAM of lot": [replace(one, amount_ujam=MicroJam(0))],
    }
    for words, named in wrong.items():
        with pytest.raises(PayingError, match=words):
            named_parts(purse, named)
