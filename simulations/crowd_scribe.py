"""Writes what crowds sign: ratings, by one's own voice or a guest's, and the pages of a concert."""

from collections.abc import Sequence
from dataclasses import replace

from consensus.encoding import tagged_digest
from consensus.entries.appreciation import (
    Concert,
    GatheredRating,
    Guest,
    Modality,
    Opinion,
    Rating,
    opinion_digest,
)
from consensus.entries.performance import Session
from consensus.identifiers import IdentityId
from consensus.ledger import Ledger
from consensus.presence import Presence
from consensus.rulebooks.case import Case, NamedEntries
from consensus.rulebooks.gathering import rated_contributions
from consensus.signing import Domain, public_key, sign
from consensus.statement import Statement
from consensus.units import MicroJam, Milliseconds, Ppm, day_of
from simulations.scribe import Author


def opinion(session: Statement, score_ppm: int, performer: IdentityId | None = None) -> Opinion:
    """A person's own score, without further words."""
    return Opinion(
        session=session.id,
        performer=performer or session.entry.author,
        score_ppm=Ppm(score_ppm),
        tags=("joy",),
        modality=Modality.MANUAL,
        method="",
        comment=None,
        salt=bytes(16),
    )


def guest_of(ledger: Ledger, said: Opinion, teller: Author, name: str) -> Guest:
    """A guest of this name, with what they sign for their host."""
    seed = tagged_digest("guest", name)
    key = public_key(seed)
    subject = opinion_digest(said, teller.id, key)
    return Guest(key, sign(seed, ledger.params.name, Domain.GUEST, subject))


def rating(
    ledger: Ledger,
    teller: Author,
    said: Opinion,
    time_ms: int,
    guest: str = "",
    presence: Presence = Presence.SAME_LINK,
) -> Rating:
    """What somebody tells, with what their own chain says of them declared truly."""
    state = ledger.state(teller.id)
    assert state is not None
    day, params = day_of(Milliseconds(time_ms)), ledger.params
    return Rating(
        opinion=said,
        guest=guest_of(ledger, said, teller, guest) if guest else None,
        presence=presence,
        day=day,
        familiarity_days=state.rated_days_before(said.performer, day, params.familiarity_days),
        budget_ppm=state.rating_budget_spent_ppm(day, params.rating_days),
    )


def page(
    ledger: Ledger, gatherer: Author, sessions: Sequence[Statement], ratings: Sequence[Statement]
) -> Concert:
    """A page of what people on the same link said. Raises RejectionError as law does."""
    gathered = [GatheredRating(rating.id, Presence.SAME_LINK) for rating in ratings]
    return page_of(ledger, gatherer, sessions, gathered)


def page_of(
    ledger: Ledger,
    gatherer: Author,
    sessions: Sequence[Statement],
    ratings: Sequence[GatheredRating],
) -> Concert:
    """A page of a concert with the amount of the law. Raises RejectionError as law does."""
    named = tuple(session.id for session in sessions)
    draft = Concert(named, None, (), tuple(ratings), MicroJam(0))
    state = ledger.state(gatherer.id)
    assert state is not None
    assert all(isinstance(session.body, Session) for session in sessions)
    names = NamedEntries(ledger.statements, ledger.claims)
    envelope = sessions[0]
    case = Case(ledger.params, state, envelope.id, envelope.entry, draft, names)
    amount = sum(part.amount_ujam for part in rated_contributions(case))
    return replace(draft, amount_ujam=MicroJam(amount))
