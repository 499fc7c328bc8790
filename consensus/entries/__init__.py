"""What entries say: a typed body for each kind, and the registry of kinds."""

from types import MappingProxyType
from typing import Final

from consensus.encoding import Canonical
from consensus.entries.appreciation import Concert, Rating
from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile, Reconcile
from consensus.entries.dispute import Diverge, Report
from consensus.entries.performance import Block, Mint, Session
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, Receive, Transfer

Body = (
    Profile
    | Session
    | Block
    | Attestation
    | Mint
    | Rating
    | Concert
    | Transfer
    | Receive
    | Decline
    | Stake
    | Unstake
    | Report
    | Diverge
    | Reconcile
)
"""Every body that this release understands."""

KINDS: Final = MappingProxyType(
    {
        kind.KIND: kind
        for kind in (
            Profile,
            Session,
            Block,
            Attestation,
            Mint,
            Rating,
            Concert,
            Transfer,
            Receive,
            Decline,
            Stake,
            Unstake,
            Report,
            Diverge,
            Reconcile,
        )
    }
)


def read_body(kind: str, body: Canonical) -> Body | None:
    """The typed body, or None for a kind that this release does not know.

    Raises RejectionError(MALFORMED or OUT_OF_RANGE) when the body is not of its kind.
    """
    body_type = KINDS.get(kind)
    return None if body_type is None else body_type.from_body(body)
