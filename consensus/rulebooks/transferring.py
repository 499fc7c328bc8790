"""Rules of moving coins: transfer, receive, decline."""

from consensus.chain import ChainState
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.identifiers import EntryId
from consensus.lots import Claim, LotKey, extended_path
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case
from consensus.units import MicroJam


def check_funds(case: Case[Transfer] | Case[Stake]) -> None:
    """The author holds at least that much of the lot."""
    held = case.state.purse.get(case.body.lot, 0)
    if held < case.body.amount_ujam:
        raise RejectionError(
            RejectionReason.INSUFFICIENT_FUNDS,
            f"{case.body.amount_ujam} uJAM of a lot of which the author holds {held}",
        )


def check_recipient(case: Case[Transfer]) -> None:
    """It goes to somebody else."""
    if case.body.recipient == case.entry.author:
        raise RejectionError(RejectionReason.WRONG_RECIPIENT, "it goes to its own author")


def apply_transfer(case: Case[Transfer]) -> tuple[Claim, ...]:
    """It leaves the purse at once; the recipient may receive it."""
    case.state.sent.add(case.id)
    lot, amount_ujam = case.body.lot, case.body.amount_ujam
    take_from_purse(case.state, lot, amount_ujam)
    key = LotKey(lot.origin, extended_path(lot.path, case.body.recipient))
    return (Claim(case.id, key, amount_ujam),)


def take_from_purse(state: ChainState, lot: LotKey, amount_ujam: MicroJam) -> None:
    """Part of a lot that the purse holds leaves it."""
    rest = MicroJam(state.purse[lot] - amount_ujam)
    if rest:
        state.purse[lot] = rest
    else:
        del state.purse[lot]


def check_is_for_author(case: Case[Receive]) -> None:
    """The named entry hands something to the author; a decline and an unstake, back to the
    chain that gave it."""
    _own_claim(case, case.body.source)
    source = case.named.statement(case.body.source).body
    if isinstance(source, Decline) and source.transfer not in case.state.sent:
        raise RejectionError(
            RejectionReason.WRONG_RECIPIENT, "the transfer that was declined left another branch"
        )
    if isinstance(source, Unstake) and case.body.source not in case.state.unstakes:
        raise RejectionError(
            RejectionReason.WRONG_RECIPIENT, "the stake was taken back on another branch"
        )


def check_not_taken(case: Case[Receive]) -> None:
    """Nothing enters a chain twice, nor after it was declined."""
    _check_not_taken(case, case.body.source)


def apply_receive(case: Case[Receive]) -> tuple[Claim, ...]:
    """It is in the author's purse."""
    claim = _own_claim(case, case.body.source)
    case.state.taken.add(case.body.source)
    held = case.state.purse.get(claim.key, 0)
    case.state.purse[claim.key] = MicroJam(held + claim.amount_ujam)
    return ()


def check_is_transfer_to_author(case: Case[Decline]) -> None:
    """Only a transfer to the author can be declined."""
    case.named_body(case.body.transfer, Transfer)
    _own_claim(case, case.body.transfer)


def check_not_taken_or_declined(case: Case[Decline]) -> None:
    """A transfer is received or declined, once."""
    _check_not_taken(case, case.body.transfer)


def apply_decline(case: Case[Decline]) -> tuple[Claim, ...]:
    """The giver may receive it back, under the path that it had."""
    transfer = case.named_body(case.body.transfer, Transfer)
    case.state.taken.add(case.body.transfer)
    return (Claim(case.id, transfer.lot, transfer.amount_ujam),)


def _own_claim(case: Case[Receive] | Case[Decline], source: EntryId) -> Claim:
    claim = case.named.claim(source, case.entry.author)
    if claim is None:
        raise RejectionError(
            RejectionReason.WRONG_RECIPIENT, "the entry that it names hands the author nothing"
        )
    return claim


def _check_not_taken(case: Case[Receive] | Case[Decline], source: EntryId) -> None:
    if source in case.state.taken:
        raise RejectionError(RejectionReason.ALREADY_TAKEN, "it was received or declined before")


TRANSFER_RULES = (check_recipient, check_funds)
RECEIVE_RULES = (check_is_for_author, check_not_taken)
DECLINE_RULES = (check_is_transfer_to_author, check_not_taken_or_declined)
