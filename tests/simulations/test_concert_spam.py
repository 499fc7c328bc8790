"""Spam at a concert: what bots say shows, and is worth nothing to people who know the crowd."""

from dataclasses import replace
from functools import cache

from benchmarks.concert_spam import Evening, Plan, evening, largest_change

PLAN = Plan(hall=60, few=4, town=40, rogues=8)


@cache
def without_bots() -> Evening:
    """The evening as it would have been."""
    return evening(PLAN)


def test_bots_with_fresh_keys_change_what_the_coin_is_worth_to_nobody_honest() -> None:
    quiet, spammed = without_bots(), evening(replace(PLAN, bots=200))
    assert (quiet.crowd, spammed.crowd, spammed.gathered_bots) == (100 - 4, 300 - 4, 200)
    assert spammed.minted_ujam > 1.2 * quiet.minted_ujam, "they mint what is left to be minted"
    assert largest_change(quiet, spammed) < 0.01


def test_the_seats_that_one_address_gets_are_a_small_part_of_a_hall() -> None:
    quiet, taken = without_bots(), evening(replace(PLAN, seats=4))
    assert taken.crowd == quiet.crowd + 4
    others = [
        abs(now / then - 1)
        for then, now in zip(quiet.values_ujam[1:], taken.values_ujam[1:], strict=True)
    ]
    assert max(others) < 0.01
