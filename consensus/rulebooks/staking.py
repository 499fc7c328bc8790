"""Rules of stakes: coins are locked for a while, and whoever moves a lot twice loses them."""

from consensus.chain import StakeRecord
from consensus.entries.staking import Stake, Unstake
from consensus.lots import Claim
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case
from consensus.rulebooks.transferring import check_funds, take_from_purse


def apply_stake(case: Case[Stake]) -> tuple[Claim, ...]:
    """It leaves the purse, and is locked."""
    lot, amount_ujam = case.body.lot, case.body.amount_ujam
    take_from_purse(case.state, lot, amount_ujam)
    case.state.stakes[case.id] = StakeRecord(lot, amount_ujam, case.entry.time_ms)
    return ()


def check_is_staked(case: Case[Unstake]) -> None:
    """The stake stands in this chain, and was not taken back."""
    if case.body.stake not in case.state.stakes:
        raise RejectionError(
            RejectionReason.UNKNOWN_STAKE, "it takes back nothing that this chain has at stake"
        )


def check_lock(case: Case[Unstake]) -> None:
    """The time of the lock is over."""
    since_ms = case.state.stakes[case.body.stake].since_ms
    missing_ms = since_ms + case.params.stake_lock_ms - case.entry.time_ms
    if missing_ms > 0:
        raise RejectionError(
            RejectionReason.TOO_EARLY, f"the stake stays locked for {missing_ms} ms more"
        )


def apply_unstake(case: Case[Unstake]) -> tuple[Claim, ...]:
    """The author may receive it, under the path that it had."""
    record = case.state.stakes.pop(case.body.stake)
    case.state.unstakes.add(case.id)
    return (Claim(case.id, record.key, record.amount_ujam),)


STAKE_RULES = (check_funds,)
UNSTAKE_RULES = (check_is_staked, check_lock)
