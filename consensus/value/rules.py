"""Whether a rule applies to a coin, or to the word of one of its witnesses."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from consensus.identifiers import IdentityId
from consensus.units import MILLISECONDS_PER_DAY
from consensus.value.lot import LotView
from consensus.value.policy import Rule
from consensus.value.surroundings import Surroundings

Condition = Callable[[Rule, LotView, Surroundings], bool]


def is_met(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    """Whether all that a rule says of the coin holds; what it says of the witness is not asked."""
    return all(condition(rule, lot, surroundings) for condition in coin_conditions(rule).values())


def coin_conditions(rule: Rule) -> dict[str, Condition]:
    """What has to hold of a coin, as far as the rule says something of coins."""
    return {
        name: condition
        for name, condition in COIN_CONDITIONS.items()
        if getattr(rule, name) is not None
    }


def is_about_witness(rule: Rule, witness: IdentityId, surroundings: Surroundings) -> bool:
    """Whether all that a rule says of the witness holds."""
    if rule.witness not in (None, witness):
        return False
    return rule.witness_cluster is None or surroundings.is_in(witness, rule.witness_cluster)


def _minter(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.minter == lot.minter


def _minter_cluster(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return surroundings.is_in(lot.minter, rule.minter_cluster or "")


def _holder(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.holder in lot.path


def _holder_cluster(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    wanted = rule.holder_cluster or ""
    return any(surroundings.is_in(holder, wanted) for holder in lot.path)


def _hands(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return len(lot.path) > (rule.hands_over or 0)


def _tag(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.tag in lot.tags


def _made_by(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.made_by is lot.made_by


def _age(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    age_ms = surroundings.now_ms - lot.minted_ms
    return age_ms > (rule.older_than_days or 0.0) * MILLISECONDS_PER_DAY


def _date(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    try:
        day = datetime.fromtimestamp(lot.minted_ms / 1_000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return rule.before is None  # beyond calendars: later than any day that can be written
    is_late_enough = rule.since is None or day >= rule.since
    return is_late_enough and (rule.before is None or day < rule.before)


COIN_CONDITIONS: Final[Mapping[str, Condition]] = {
    "minter": _minter,
    "minter_cluster": _minter_cluster,
    "holder": _holder,
    "holder_cluster": _holder_cluster,
    "hands_over": _hands,
    "tag": _tag,
    "made_by": _made_by,
    "since": _date,
    "before": _date,
    "older_than_days": _age,
}
"""All that a rule can say of a coin, by the rule's field."""
