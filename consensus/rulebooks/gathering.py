"""Rules of concerts: which ratings a page may gather, how much they mint, and who gets it."""

from collections.abc import Iterator

from consensus.chain import ConcertRecord
from consensus.entries.appreciation import Concert, Rating, voice_of
from consensus.entries.performance import Session
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.lots import Claim, LotKey
from consensus.parameters import MAX_CONCERT_SESSIONS
from consensus.rating_reward import RatingWord, rated_amounts
from consensus.rejections import RejectionError, RejectionReason
from consensus.reward import Contribution
from consensus.rulebooks.case import Case
from consensus.rulebooks.rating import check_told, performers_of
from consensus.units import MILLION, MicroJam, Milliseconds, Ppm


def check_sessions(case: Case[Concert]) -> None:
    """The sessions are the author's own, each once, and of no other concert."""
    sessions, state = case.body.sessions, case.state
    if len(set(sessions)) != len(sessions):
        raise RejectionError(RejectionReason.DUPLICATE, "a session is named twice")
    for session in sessions:
        if session not in state.sessions:
            raise RejectionError(
                RejectionReason.UNKNOWN_SESSION, "it gathers for a session not in this chain"
            )
        if state.concert_of.get(session, sessions[0]) != sessions[0]:
            raise RejectionError(
                RejectionReason.ALREADY_TAKEN, "a session belongs to another concert"
            )
    if len(_all_sessions(case)) > MAX_CONCERT_SESSIONS:
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "more sessions than a concert has")


def check_tags(case: Case[Concert]) -> None:
    """Tags are in order and each stands once."""
    if list(case.body.tags) != sorted(set(case.body.tags)):
        raise RejectionError(RejectionReason.DUPLICATE, "tags out of order or twice")


def check_ratings(case: Case[Concert]) -> None:
    """Each is about this concert, of a voice that was not heard before, and given in time."""
    first = case.named.statement(case.body.sessions[0])
    heard = set(_record(case).voices)
    end_ms = _end_ms(case)
    for gathered in case.body.ratings:
        rating = case.named.statement(gathered.rating)
        said = case.named_body(gathered.rating, Rating)
        if said.opinion.session != first.id:
            raise RejectionError(RejectionReason.WRONG_RATING, "a rating of another concert")
        check_told(case.params, first, rating.entry, said)
        if rating.entry.time_ms - end_ms > case.params.rating_deadline_ms:
            raise RejectionError(RejectionReason.TOO_LATE, "a rating given more than a day later")
        voice = voice_of(rating.entry.author, said), said.performer
        if voice in heard:
            raise RejectionError(RejectionReason.DUPLICATE, "a voice that was heard before")
        heard.add(voice)


def check_deadline(case: Case[Concert]) -> None:
    """A page is written at most seven days after the concert's end."""
    if case.entry.time_ms - _end_ms(case) > case.params.mint_deadline_ms:
        raise RejectionError(RejectionReason.TOO_LATE, "the concert ended more than a week ago")


def check_amount(case: Case[Concert]) -> None:
    """It mints exactly what its ratings come to."""
    amount = sum(part.amount_ujam for part in rated_contributions(case))
    if amount != case.body.amount_ujam:
        raise RejectionError(
            RejectionReason.WRONG_AMOUNT, f"it mints {case.body.amount_ujam}, law says {amount}"
        )


def _record(case: Case[Concert]) -> ConcertRecord:
    return case.state.concerts.get(case.body.sessions[0]) or ConcertRecord()


def _all_sessions(case: Case[Concert]) -> frozenset[EntryId]:
    """What the concert consists of, by this page and those before."""
    return _record(case).sessions | set(case.body.sessions)


def _end_ms(case: Case[Concert]) -> Milliseconds:
    """When the last of the concert's sessions was to end."""
    window_ms = case.params.window_ms
    known = (case.state.sessions[session] for session in _all_sessions(case))
    return Milliseconds(max(s.start_ms + s.windows * window_ms for s in known))


def left_ujam(case: Case[Concert]) -> int:
    """What the concert's ratings may still mint: no more than its blocks minted by witnesses."""
    minted = sum(case.state.minted_ujam.get(session, 0) for session in _all_sessions(case))
    return minted - _record(case).rated_ujam


def _words(case: Case[Concert]) -> Iterator[RatingWord]:
    playing = _players(case)
    for gathered in case.body.ratings:
        author = case.named.statement(gathered.rating).entry.author
        said = case.named_body(gathered.rating, Rating)
        yield RatingWord(
            rater=author,
            score_ppm=said.opinion.score_ppm,
            presence=min(gathered.presence, said.presence),
            familiarity_days=said.familiarity_days,
            budget_ppm=said.budget_ppm,
            is_performer=not playing.isdisjoint((author, voice_of(author, said))),
        )


def _players(case: Case[Concert]) -> set[bytes]:
    sessions = (case.state.sessions[session] for session in _all_sessions(case))
    return {who for session in sessions for who in performers_of(case.entry.author, session)}


def rated_contributions(case: Case[Concert]) -> tuple[Contribution, ...]:
    """What each rating adds, in the page's order, whatever amount the page states."""
    if "contributions" not in case.worked_out:
        words = tuple(_words(case))
        amounts = rated_amounts(case.params, words, left_ujam(case))
        case.worked_out["contributions"] = tuple(
            Contribution(word.rater, amount) for word, amount in zip(words, amounts, strict=True)
        )
    found: tuple[Contribution, ...] = case.worked_out["contributions"]
    return found


def apply_concert(case: Case[Concert]) -> tuple[Claim, ...]:
    """The voices are heard, and each performer gets the agreed share."""
    state, body = case.state, case.body
    parts, record, first = rated_contributions(case), _record(case), body.sessions[0]
    state.contributions[case.id] = parts
    state.concert_of.update(dict.fromkeys(body.sessions, first))
    state.concerts[first] = ConcertRecord(
        sessions=_all_sessions(case),
        voices=record.voices | _voices(case),
        rated_ujam=record.rated_ujam + body.amount_ujam,
        pages=(*record.pages, case.id),
    )
    claims: list[Claim] = []
    session = state.sessions[first]
    for holder, amount_ujam in performer_shares(case.entry.author, session, body.amount_ujam):
        key = LotKey(LotId(case.id), (holder,))
        if holder == case.entry.author:
            state.purse[key] = amount_ujam
        else:
            claims.append(Claim(case.id, key, amount_ujam))
    return tuple(claims)


def _voices(case: Case[Concert]) -> set[tuple[bytes, IdentityId]]:
    found: set[tuple[bytes, IdentityId]] = set()
    for rating, _ in case.body.ratings:
        said = case.named_body(rating, Rating)
        author = case.named.statement(rating).entry.author
        found.add((voice_of(author, said), said.performer))
    return found


def performer_shares(
    author: IdentityId, session: Session, amount_ujam: int
) -> Iterator[tuple[IdentityId, MicroJam]]:
    """Who gets how much by the agreed shares; roundings go to the author, nothing is left out."""
    agreed = session.performers or ((author, Ppm(MILLION)),)
    each = {who: amount_ujam * share // MILLION for who, share in agreed}
    each[author] += amount_ujam - sum(each.values())
    for who, amount in each.items():
        if amount:
            yield who, MicroJam(amount)


CONCERT_RULES = (check_sessions, check_tags, check_ratings, check_deadline, check_amount)
