"""Rules of disputes: report and diverge are only kept in order, and never cost anybody a coin."""

from consensus.entries.dispute import Diverge, Report
from consensus.entries.performance import Block
from consensus.lots import Claim
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case


def check_reported_block(case: Case[Report]) -> None:
    """It is about a block of somebody else's."""
    case.named_body(case.body.block, Block)
    if case.named.statement(case.body.block).entry.author == case.entry.author:
        raise RejectionError(RejectionReason.OWN_BLOCK, "nobody reports their own block")


def check_not_reported(case: Case[Report]) -> None:
    """A word against a block is given once."""
    if case.body.block in case.state.reported:
        raise RejectionError(RejectionReason.DUPLICATE, "the block was reported before")


def apply_report(case: Case[Report]) -> tuple[Claim, ...]:
    """It is remembered, so that it is given once."""
    case.state.reported.add(case.body.block)
    return ()


def check_other(case: Case[Diverge]) -> None:
    """It is about somebody else."""
    if case.body.identity == case.entry.author:
        raise RejectionError(RejectionReason.ABOUT_ONESELF, "nobody diverges from themselves")


def check_not_diverged(case: Case[Diverge]) -> None:
    """Nobody diverges twice without having taken it back."""
    if case.body.identity in case.state.divergences:
        raise RejectionError(RejectionReason.DUPLICATE, "the author diverged from them before")


def apply_diverge(case: Case[Diverge]) -> tuple[Claim, ...]:
    """It stands until a reconcile names it."""
    case.state.divergences[case.body.identity] = case.id
    return ()


REPORT_RULES = (check_reported_block, check_not_reported)
DIVERGE_RULES = (check_other, check_not_diverged)
