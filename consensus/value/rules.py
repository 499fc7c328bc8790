"""Whether a rule applies to a coin, or to the word of one of its witnesses."""

from collections.abc import Callable
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
    return all(condition(rule, lot, surroundings) for condition in COIN_CONDITIONS)


def is_about_witness(rule: Rule, witness: IdentityId, surroundings: Surroundings) -> bool:
    """Whether all that a rule says of the witness holds."""
    if rule.witness not in (None, witness):
        return False
    return rule.witness_cluster is None or surroundings.is_in(witness, rule.witness_cluster)


def _minter(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.minter is None or rule.minter == lot.minter


def _minter_cluster(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.minter_cluster is None or surroundings.is_in(lot.minter, rule.minter_cluster)


def _holder(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.holder is None or rule.holder in lot.path


def _holder_cluster(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    wanted = rule.holder_cluster
    return wanted is None or any(surroundings.is_in(holder, wanted) for holder in lot.path)


def _hands(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.hands_over is None or len(lot.path) > rule.hands_over


def _tag(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.tag is None or rule.tag in lot.tags


def _made_by(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    return rule.made_by is None or rule.made_by is lot.made_by


def _age(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    if rule.older_than_days is None:
        return True
    return surroundings.now_ms - lot.minted_ms > rule.older_than_days * MILLISECONDS_PER_DAY


def _date(rule: Rule, lot: LotView, surroundings: Surroundings) -> bool:
    if rule.since is None and rule.before is None:
        return True
    try:
        day = datetime.fromtimestamp(lot.minted_ms / 1_000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return rule.before is None  # beyond calendars: later than any day that can be written
    is_late_enough = rule.since is None or day >= rule.since
    return is_late_enough and (rule.before is None or day < rule.before)


COIN_CONDITIONS: Final[tuple[Condition, ...]] = (
    _minter,
    _minter_cluster,
    _holder,
    _holder_cluster,
    _hands,
    _tag,
    _made_by,
    _date,
    _age,
)
"""All that a rule can say of a coin. To add one, write a function and append it."""
