"""Offers: transfers on their way to somebody, and what became of those that they made."""

from dataclasses import dataclass
from enum import StrEnum

from consensus.entries.transfer import Decline, DeclineReason, Transfer
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.units import MicroJam, Milliseconds


@dataclass(frozen=True, slots=True)
class Offer:
    """A transfer that waits for the one to whom it goes."""

    transfer: EntryId
    """The entry."""
    giver: IdentityId
    """From whom."""
    key: LotKey
    """Where it will stand."""
    amount_ujam: MicroJam
    """How much of the lot."""
    time_ms: Milliseconds
    """Since when."""
    says_worth_ujam: MicroJam | None
    """What it is worth to the giver, if they say so."""
    is_contested: bool
    """Whether it derives from a lot that a fork moved twice."""


class Fate(StrEnum):
    """What became of a transfer, as far as the ledger shows."""

    WAITING = "waiting"
    RECEIVED = "received"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Given:
    """A transfer that somebody made."""

    transfer: EntryId
    """The entry."""
    recipient: IdentityId
    """To whom."""
    key: LotKey
    """Where it stood."""
    amount_ujam: MicroJam
    """How much of the lot."""
    time_ms: Milliseconds
    """Since when."""
    fate: Fate
    """What became of it."""
    reason: DeclineReason | None = None
    """Why it was declined; None where it was not."""


def offers_to(ledger: Ledger, who: IdentityId) -> list[Offer]:
    """What waits for somebody, the newest first."""
    state = ledger.state(who)
    taken = frozenset() if state is None else state.taken
    sources = [
        source for source, claims in ledger.claims.items() if who in claims and source not in taken
    ]
    found = [offer for source in sources if (offer := _offer(ledger, source, who)) is not None]
    return sorted(found, key=lambda offer: (-offer.time_ms, offer.transfer))


def _offer(ledger: Ledger, source: EntryId, who: IdentityId) -> Offer | None:
    statement = ledger.statements[source]
    if not isinstance(statement.body, Transfer):
        return None
    claim = ledger.claims[source][who]
    return Offer(
        transfer=source,
        giver=statement.entry.author,
        key=claim.key,
        amount_ujam=claim.amount_ujam,
        time_ms=statement.entry.time_ms,
        says_worth_ujam=statement.body.valuation_ujam,
        is_contested=not ledger.contested.isdisjoint((claim.key, statement.body.lot)),
    )


def given_by(ledger: Ledger, who: IdentityId) -> list[Given]:
    """What somebody transferred on their longest branch, the newest first."""
    state = ledger.state(who)
    if state is None:
        return []
    declined = {
        body.transfer: body.reason
        for source, claims in ledger.claims.items()
        if who in claims and isinstance(body := ledger.statements[source].body, Decline)
    }
    found: list[Given] = []
    for transfer in state.sent:
        statement = ledger.statements[transfer]
        assert isinstance(statement.body, Transfer)
        recipient = statement.body.recipient
        fate = Fate.DECLINED if transfer in declined else _fate(ledger, transfer, recipient)
        found.append(
            Given(
                transfer=transfer,
                recipient=recipient,
                key=statement.body.lot,
                amount_ujam=statement.body.amount_ujam,
                time_ms=statement.entry.time_ms,
                fate=fate,
                reason=declined.get(transfer),
            )
        )
    return sorted(found, key=lambda given: (-given.time_ms, given.transfer))


def _fate(ledger: Ledger, transfer: EntryId, recipient: IdentityId) -> Fate:
    branches = ledger.tips.get(recipient, {}).values()
    is_taken = any(transfer in state.taken for state in branches)
    return Fate.RECEIVED if is_taken else Fate.WAITING
