"""Rules about chains themselves: profile and reconcile."""

from typing import Any

from consensus.entries.chains import Reconcile
from consensus.lots import Claim
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case


def check_heads(case: Case[Reconcile]) -> None:
    """The heads are distinct entries of the author's own, the first is the one before."""
    heads = case.body.heads
    if heads[0] != case.entry.prev or len(set(heads)) != len(heads):
        raise RejectionError(
            RejectionReason.NOTHING_TO_RECONCILE,
            "the heads are not distinct, or the first is not the entry before",
        )
    if any(case.named.statement(head).entry.author != case.entry.author for head in heads):
        raise RejectionError(RejectionReason.NOTHING_TO_RECONCILE, "it names somebody else's entry")


def apply_nothing(case: Case[Any]) -> tuple[Claim, ...]:
    """It stands in the chain, and that is all that law sees in it."""
    return ()


PROFILE_RULES = ()
RECONCILE_RULES = (check_heads,)
