"""Rules of rating: what a voice may say of a performer, and what a rater may not say falsely."""

from consensus.entries.appreciation import Guest, Opinion, Rating, opinion_digest, voice_of
from consensus.entries.performance import Session
from consensus.entry import Entry
from consensus.identifiers import IdentityId
from consensus.lots import Claim
from consensus.parameters import NetworkParams
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case
from consensus.signing import Domain, check_signature
from consensus.statement import Statement
from consensus.units import day_of


def check_told(params: NetworkParams, session: Statement, entry: Entry, said: Rating) -> None:
    """Raises RejectionError unless a rating is one of a concert's.

    All that its own bytes and the session that it names can show; for the rater's chain, and for
    the page that gathers it without that chain.
    """
    about = session.body
    if not isinstance(about, Session):
        raise RejectionError(
            RejectionReason.WRONG_REFERENCE_KIND, "it names something that is no session"
        )
    if said.performer not in performers_of(session.entry.author, about):
        raise RejectionError(RejectionReason.WRONG_PERFORMER, "they don't perform in that session")
    if said.performer in (entry.author, voice_of(entry.author, said)):
        raise RejectionError(RejectionReason.ABOUT_ONESELF, "nobody rates themselves")
    if entry.time_ms < about.start_ms:
        raise RejectionError(RejectionReason.TOO_EARLY, "the concert had not begun")
    if said.day != day_of(entry.time_ms):
        raise RejectionError(RejectionReason.WRONG_DAY, "the rating states another day")
    tags = said.opinion.tags
    if list(tags) != sorted(set(tags)):
        raise RejectionError(RejectionReason.DUPLICATE, "tags out of order or twice")
    if said.guest is not None:
        check_guest(params, entry.author, said.opinion, said.guest)


def check_guest(params: NetworkParams, host: IdentityId, opinion: Opinion, guest: Guest) -> None:
    """Raises RejectionError(BAD_GUEST) unless the guest said just this to this host."""
    if guest.key == host:
        raise RejectionError(RejectionReason.BAD_GUEST, "nobody is their own guest")
    subject = opinion_digest(opinion, host, guest.key)
    try:
        check_signature(guest.key, guest.signature, params.name, Domain.GUEST, subject)
    except RejectionError as error:
        raise RejectionError(
            RejectionReason.BAD_GUEST, "the guest did not sign this opinion for this host"
        ) from error


def performers_of(author: IdentityId, session: Session) -> tuple[IdentityId, ...]:
    """Who plays in a session, the author among them."""
    return tuple(who for who, _ in session.performers) or (author,)


def check_rating(case: Case[Rating]) -> None:
    """Everything that others see of it without this chain."""
    session = case.named.statement(case.body.opinion.session)
    check_told(case.params, session, case.entry, case.body)


def has_false_rating(case: Case[Rating]) -> bool:
    """Whether a rating's declarations are not what the chain says, or its voice spoke before.

    As with verdicts it invalidates nothing, since others build on it without this chain; it sets
    the mark forked(author, number).
    """
    said, state = case.body, case.state
    if _voice(case) in state.voices:
        return True
    familiarity = state.rated_days_before(said.performer, said.day, case.params.familiarity_days)
    spent = state.rating_budget_spent_ppm(said.day, case.params.rating_days)
    return (said.familiarity_days, said.budget_ppm) != (familiarity, spent)


def _voice(case: Case[Rating]) -> tuple[bytes, bytes, bytes]:
    said = case.body
    return said.opinion.session, said.performer, voice_of(case.entry.author, said)


def apply_rating(case: Case[Rating]) -> tuple[Claim, ...]:
    """The rater's budget shrinks, and the performer becomes more familiar."""
    state, said = case.state, case.body
    state.voices.add(_voice(case))
    days = state.rated_days.setdefault(said.performer, [])
    if not days or days[-1] != said.day:
        days.append(said.day)
    while days[0] < said.day - case.params.familiarity_days:
        del days[0]
    spent: int = said.opinion.score_ppm
    if state.rated and state.rated[-1][0] == said.day:
        spent += state.rated.pop()[1]
    state.rated.append((said.day, spent))
    while state.rated[0][0] <= said.day - case.params.rating_days:
        del state.rated[0]
    return ()


RATING_RULES = (check_rating,)
