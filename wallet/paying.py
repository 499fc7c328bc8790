"""Paying: which parts of which lots leave for a payment, by what they are worth to who gets them.

Lots come in order of what they are worth to the recipient for what they cost the giver in the
giver's own view; of equals the older goes first. What is worth nothing to the recipient goes only
where a nominal amount can't be met otherwise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from consensus.lots import LotKey
from consensus.units import MicroJam, Milliseconds
from wallet.amounts import in_jam

MAX_PARTS: Final = 16
"""Parts of one payment; each is an entry of the giver's, and one of the recipient's."""


class PayingError(Exception):
    """A payment can't be made so; the message says what is there."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Part of a lot that the giver holds, in both views. Amounts are above zero."""

    key: LotKey
    """Which."""
    amount_ujam: MicroJam
    """How much of it is there."""
    minted_ms: Milliseconds
    """When the lot was born."""
    mine_ujam: int
    """What all of it is worth to the giver; may be below zero."""
    theirs_ujam: int
    """What all of it would be worth to the recipient; may be below zero."""

    def worth_of(self, amount_ujam: int) -> int:
        """What a part of it would be worth to the recipient, rounded down."""
        return self.theirs_ujam * amount_ujam // self.amount_ujam


@dataclass(frozen=True, slots=True)
class Part:
    """What leaves of one lot."""

    key: LotKey
    """Which."""
    amount_ujam: MicroJam
    """How much."""


def parts_of_amount(
    holdings: Sequence[Holding], amount_ujam: int, max_parts: int = MAX_PARTS
) -> tuple[Part, ...]:
    """Parts whose amounts make exactly `amount_ujam`, which is above zero.

    Raises PayingError where `max_parts` lots don't hold that much.
    """
    valued = [one for one in holdings if one.theirs_ujam > 0]
    for usable in (valued, holdings):
        if _largest(usable, max_parts, _amount) >= amount_ujam:
            return _taken(usable, amount_ujam, max_parts, _amount, _no_more_than)
    raise _too_little(holdings, amount_ujam, max_parts, _amount, "hold")


def parts_worth(
    holdings: Sequence[Holding], worth_ujam: int, max_parts: int = MAX_PARTS
) -> tuple[Part, ...]:
    """Parts worth at least `worth_ujam`, which is above zero, to the recipient, and no more than
    rounding makes of it.

    Raises PayingError where `max_parts` lots aren't worth that much to them.
    """
    valued = [one for one in holdings if one.theirs_ujam > 0]
    if _largest(valued, max_parts, _worth) >= worth_ujam:
        return _taken(valued, worth_ujam, max_parts, _worth, _amount_worth)
    raise _too_little(valued, worth_ujam, max_parts, _worth, "would be worth to them")


def named_parts(
    holdings: Sequence[Holding], named: Sequence[Part], max_parts: int = MAX_PARTS
) -> tuple[Part, ...]:
    """The parts that the giver chose; raises PayingError where they can't leave so."""
    held = {one.key: one.amount_ujam for one in holdings}
    if not 0 < len(named) <= max_parts:
        raise PayingError(f"a payment has 1 to {max_parts} parts, not {len(named)}")
    if len({part.key for part in named}) != len(named):
        raise PayingError("the same part of a lot is named twice")
    for part in named:
        if not 0 < part.amount_ujam <= held.get(part.key, 0):
            lot = part.key.origin.hex()[:16]
            there = held.get(part.key, 0)
            raise PayingError(
                f"{in_jam(part.amount_ujam)} JAM of lot {lot}, of which {in_jam(there)} are there"
            )
    return tuple(named)


def in_order(holdings: Iterable[Holding]) -> list[Holding]:
    """All of them, what leaves first first."""
    return sorted(holdings, key=_place)


def _place(one: Holding) -> tuple[bool, bool, Fraction, Fraction, Fraction, int, LotKey]:
    """Worthless last, free first, then by worth for cost; of these by worth, by cost, by age."""
    worth = Fraction(one.theirs_ujam, one.amount_ujam)
    cost = Fraction(one.mine_ujam, one.amount_ujam)
    is_worthless, is_free = worth <= 0, cost <= 0
    ratio = Fraction(0) if is_worthless or is_free else worth / cost
    return is_worthless, not is_free, -ratio, -worth, cost, one.minted_ms, one.key


_Measure = Callable[[Holding], int]
"""What a holding adds to a target."""


def _amount(one: Holding) -> int:
    return one.amount_ujam


def _worth(one: Holding) -> int:
    return one.theirs_ujam


def _no_more_than(one: Holding, wanted_ujam: int) -> int:
    return min(one.amount_ujam, wanted_ujam)


def _amount_worth(one: Holding, wanted_ujam: int) -> int:
    """The least part that is worth as much, or all."""
    least = -(-wanted_ujam * one.amount_ujam // one.theirs_ujam)
    return min(one.amount_ujam, least)


def _taken(
    holdings: Sequence[Holding],
    target_ujam: int,
    max_parts: int,
    measure: _Measure,
    part_for: Callable[[Holding, int], int],
) -> tuple[Part, ...]:
    """Takes in order, past those with which the target would be out of reach."""
    left, missing = in_order(holdings), target_ujam
    parts: list[Part] = []
    while missing > 0:
        chosen = _first_within_reach(left, missing, max_parts - len(parts), measure)
        left.remove(chosen)
        parts.append(Part(chosen.key, MicroJam(part_for(chosen, missing))))
        missing -= measure(chosen)
    return tuple(parts)


def _first_within_reach(
    left: Sequence[Holding], missing: int, parts: int, measure: _Measure
) -> Holding:
    """The first one with which the largest others still make the rest of what is missing."""
    largest = sorted(map(measure, left), reverse=True)[:parts]
    most = sum(largest)
    others = most - largest[-1] if len(largest) == parts else most
    for one in left:
        size = measure(one)
        is_among_largest = size >= largest[-1]
        reach = most if is_among_largest else others + size
        if reach >= missing:
            return one
    raise AssertionError("the target was within reach")


def _largest(holdings: Iterable[Holding], count: int, measure: _Measure) -> int:
    return sum(sorted(map(measure, holdings), reverse=True)[:count])


def _too_little(
    holdings: Sequence[Holding], wanted: int, max_parts: int, measure: _Measure, verb: str
) -> PayingError:
    there = sum(map(measure, holdings))
    if there < wanted:
        return PayingError(
            f"all your coins {verb} {in_jam(there)} JAM, and {in_jam(wanted)} are wanted"
        )
    most = _largest(holdings, max_parts, measure)
    return PayingError(f"the {max_parts} largest of your coins {verb} {in_jam(most)} JAM together")
