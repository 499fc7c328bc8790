"""The statement: what came to somebody and what left, line by line, off their own chain.

Amounts are nominal. A JAM of one lot is worth another thing to each observer than a JAM of another,
so a running sum of amounts is nobody's view of what one has; it only shows that nothing got lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, DeclineReason, Receive, Transfer
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.ledger import Ledger
from consensus.lots import Claim, LotKey
from consensus.statement import Statement
from consensus.units import Milliseconds


class Kind(StrEnum):
    """What a line tells."""

    MINTED = "minted"
    """The user's own share of what they performed for."""
    CROWD = "crowd"
    """Their share of what a concert's crowd minted."""
    SHARE = "share"
    """Their share of what somebody else performed for and they witnessed."""
    RECEIVED = "received"
    SENT = "sent"
    RETURNED = "returned"
    """What was declined came back, or what had been at stake."""
    DECLINED = "declined"
    """A transfer to them that they turned down; it never was theirs."""
    STAKED = "staked"
    """It is still theirs, but locked."""
    UNSTAKED = "unstaked"
    """On its way from a stake to the purse."""
    BURNT = "burnt"
    """A stake that was lost when the chain forked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    entry: EntryId
    """What it follows from: an entry of the user's own chain; for what burnt, the stake."""
    time_ms: Milliseconds
    """When, by that entry."""
    kind: Kind
    """What happened."""
    key: LotKey
    """Which lot, as it stands in the user's hands, or stood there last."""
    amount_ujam: int
    """How much of it the line is about; never below zero."""
    change_ujam: int
    """What it changes in what is held, in the purse and at stake together."""
    held_ujam: int
    """What is held after it, nominally."""
    other: IdentityId | None = None
    """From whom it came, or to whom it went; None where nobody else is in it."""
    reason: DeclineReason | None = None
    """Why it was turned down, by them or by the user."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A line before it is known what is held after it."""

    kind: Kind
    key: LotKey
    amount_ujam: int
    sign: int
    other: IdentityId | None = None
    reason: DeclineReason | None = None


def statement_of(ledger: Ledger, author: IdentityId, head: EntryId) -> list[Line]:
    """Everything that moved on an author's branch with this head, oldest first.

    The last line's `held_ujam` is what the branch's purse and its stakes that did not burn make.
    Raises KeyError where that is no branch of theirs.
    """
    burns = _burns(ledger, author, head)
    lines: list[Line] = []
    held_ujam = 0
    for item in ledger.chain(head):
        told = [(item.id, step) for step in _steps(ledger, item)]
        for entry, step in (*told, *burns.get(item.entry.number, ())):
            change_ujam = step.sign * step.amount_ujam
            held_ujam += change_ujam
            lines.append(
                Line(
                    entry=entry,
                    time_ms=item.entry.time_ms,
                    kind=step.kind,
                    key=step.key,
                    amount_ujam=step.amount_ujam,
                    change_ujam=change_ujam,
                    held_ujam=held_ujam,
                    other=step.other,
                    reason=step.reason,
                )
            )
    return lines


def _steps(ledger: Ledger, item: Statement) -> Iterator[_Step]:
    """What one entry of the chain moved."""
    author, body = item.entry.author, item.body
    match body:
        case Mint() | Concert():
            key = LotKey(LotId(item.id), (author,))
            others = sum(claim.amount_ujam for claim in ledger.claims.get(item.id, {}).values())
            kind = Kind.CROWD if isinstance(body, Concert) else Kind.MINTED
            if body.amount_ujam > others:
                yield _Step(kind, key, body.amount_ujam - others, 1)
        case Transfer():
            yield _Step(Kind.SENT, body.lot, body.amount_ujam, -1, body.recipient)
        case Stake():
            yield _Step(Kind.STAKED, body.lot, body.amount_ujam, 0)
        case Unstake():
            claim = ledger.claims[item.id][author]
            yield _Step(Kind.UNSTAKED, claim.key, claim.amount_ujam, -1)
        case Decline():
            claim, giver = ledger.claims[body.transfer][author], ledger.statements[body.transfer]
            yield _Step(
                Kind.DECLINED, claim.key, claim.amount_ujam, 0, giver.entry.author, body.reason
            )
        case Receive():
            yield _received(ledger.statements[body.source], ledger.claims[body.source][author])
        case _:
            pass


def _received(source: Statement, claim: Claim) -> _Step:
    giver = source.entry.author
    match source.body:
        case Decline(reason=reason):
            return _Step(Kind.RETURNED, claim.key, claim.amount_ujam, 1, giver, reason)
        case Unstake():
            return _Step(Kind.RETURNED, claim.key, claim.amount_ujam, 1)
        case Mint():
            return _Step(Kind.SHARE, claim.key, claim.amount_ujam, 1, giver)
        case Concert():
            return _Step(Kind.CROWD, claim.key, claim.amount_ujam, 1, giver)
        case _:
            return _Step(Kind.RECEIVED, claim.key, claim.amount_ujam, 1, giver)


def _burns(
    ledger: Ledger, author: IdentityId, head: EntryId
) -> dict[int, list[tuple[EntryId, _Step]]]:
    """What burnt on a branch, by the number of the entry with which that shows: the fork's."""
    burns: dict[int, list[tuple[EntryId, _Step]]] = {}
    state = ledger.tips[author][head]
    for stake in sorted(state.stakes.keys() & ledger.slashed):
        record = state.stakes[stake]
        number = max(ledger.forks[author].number, ledger.statements[stake].entry.number)
        step = _Step(Kind.BURNT, record.key, record.amount_ujam, -1)
        burns.setdefault(min(number, state.number), []).append((stake, step))
    return burns
