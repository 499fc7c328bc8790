"""Rules about chains themselves: profile and reconcile."""

from typing import Any

from consensus.entries.chains import Reconcile
from consensus.lots import Claim
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case


def check_heads(case: Case[Reconcile]) -> None:
    """The heads are distinct entries of the author's own, the first is the one before.

    Or the one that it names is a divergence of the author's that stands in this chain.
    """
    heads = case.body.heads
    if len(heads) == 1:
        if heads[0] not in case.state.divergences.values():
            raise RejectionError(
                RejectionReason.NOTHING_TO_RECONCILE,
                "what it names is no divergence that stands in this chain",
            )
        return
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


def apply_reconcile(case: Case[Reconcile]) -> tuple[Claim, ...]:
    """A divergence that it names alone is taken back; heads are only stated."""
    heads = case.body.heads
    if len(heads) == 1:
        kept = {who: entry for who, entry in case.state.divergences.items() if entry != heads[0]}
        case.state.divergences = kept
        case.state.reconciled.add(heads[0])
    return ()


PROFILE_RULES = ()
RECONCILE_RULES = (check_heads,)
