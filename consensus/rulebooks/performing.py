"""Rules of performing: sessions and blocks."""

from consensus.chain import BlockRecord
from consensus.draw import Ticket, draw, is_ticket_of
from consensus.entries.performance import Block, Opening, Session, opening_digest
from consensus.lots import Claim
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case
from consensus.signing import Domain, check_signature
from consensus.units import MILLION, Milliseconds, day_of


def check_nonce_is_fresh(case: Case[Session]) -> None:
    """A session nonce is used once, so that openings serve one session."""
    if case.body.nonce in case.state.nonces:
        raise RejectionError(
            RejectionReason.NONCE_USED_TWICE, "the session's nonce was used by an earlier session"
        )


def check_start(case: Case[Session]) -> None:
    """A session starts after it is announced, and soon."""
    ahead_ms = case.body.start_ms - case.entry.time_ms
    if ahead_ms < 0:
        raise RejectionError(
            RejectionReason.TOO_LATE, "the session started before it was announced"
        )
    if ahead_ms > case.params.start_ahead_ms:
        raise RejectionError(RejectionReason.TOO_EARLY, "the session starts too far ahead")


def check_candidates(case: Case[Session]) -> None:
    """Candidates are distinct and never performers of the session."""
    candidates = [opening.candidate for opening in case.body.openings]
    if len(set(candidates)) != len(candidates):
        raise RejectionError(RejectionReason.DUPLICATE, "a candidate is named twice")
    performers = {case.entry.author, *(performer for performer, _ in case.body.performers)}
    if not performers.isdisjoint(candidates):
        raise RejectionError(
            RejectionReason.CANDIDATE_IS_PERFORMER, "a performer can't witness the session"
        )


def check_performers(case: Case[Session]) -> None:
    """In a jam the shares make a whole, and the author is among the performers, each once."""
    if not case.body.performers:
        return
    performers = [performer for performer, _ in case.body.performers]
    whole = sum(share for _, share in case.body.performers)
    if whole != MILLION or len(set(performers)) != len(performers):
        raise RejectionError(RejectionReason.BAD_SHARES, "the shares are not one whole, each once")
    if case.entry.author not in performers:
        raise RejectionError(RejectionReason.BAD_SHARES, "the author has no share")


def check_tags(case: Case[Session]) -> None:
    """Tags are in order and each stands once, so that the same tags have the same bytes."""
    if list(case.body.tags) != sorted(set(case.body.tags)):
        raise RejectionError(RejectionReason.DUPLICATE, "tags out of order or twice")


def check_openings(case: Case[Session]) -> None:
    """Every candidate signed its opening to this session of this performer."""
    for opening in case.body.openings:
        _check_opening(case, opening)


def _check_opening(case: Case[Session], opening: Opening) -> None:
    subject = opening_digest(
        case.entry.author,
        case.body.performer_node,
        case.body.nonce,
        opening.candidate,
        opening.candidate_node,
        opening.anchor,
    )
    try:
        check_signature(
            opening.candidate, opening.signature, case.params.name, Domain.OPENING, subject
        )
    except RejectionError as error:
        raise RejectionError(
            RejectionReason.BAD_OPENING,
            "an opening is not signed by its candidate for this session",
        ) from error


def apply_session(case: Case[Session]) -> tuple[Claim, ...]:
    """Its nonce is used, and its blocks may come."""
    case.state.nonces.add(case.body.nonce)
    case.state.sessions[case.id] = case.body
    case.state.tickets[case.id] = {
        position: (0, opening.anchor) for position, opening in enumerate(case.body.openings)
    }
    return ()


def check_session(case: Case[Block]) -> None:
    """The session is the author's own, and it is of this chart."""
    session = case.state.sessions.get(case.body.session)
    if session is None:
        raise RejectionError(
            RejectionReason.UNKNOWN_SESSION, "it seals a session that is not in this chain"
        )
    if session.chart != case.body.chart:
        raise RejectionError(RejectionReason.WRONG_CHART, "the session is of another chart")


def check_window(case: Case[Block]) -> None:
    """The window is one of the session's, whole, or at least half and then the last."""
    session = case.state.sessions[case.body.session]
    if case.body.window >= session.windows or case.body.session in case.state.closed:
        raise RejectionError(RejectionReason.WRONG_WINDOW, "the session has no such window")
    if not case.params.window_ms <= 2 * case.body.duration_ms <= 2 * case.params.window_ms:
        raise RejectionError(
            RejectionReason.WRONG_WINDOW, "less than half a window, or more than one"
        )


def check_windows_ascend(case: Case[Block]) -> None:
    """Windows of one player never overlap and ascend along the chain."""
    if window_start_ms(case) < case.state.last_window_end_ms:
        raise RejectionError(
            RejectionReason.OVERLAPPING_WINDOWS, "it began before the last sealed window ended"
        )


def check_sealed_in_time(case: Case[Block]) -> None:
    """A block is written after its window's end and within ten seconds of it."""
    late_ms = case.entry.time_ms - window_start_ms(case) - case.body.duration_ms
    if late_ms < 0:
        raise RejectionError(RejectionReason.TOO_EARLY, "the window has not ended")
    if late_ms > case.params.block_deadline_ms:
        raise RejectionError(RejectionReason.TOO_LATE, "sealed too long after the window's end")


def check_day_index(case: Case[Block]) -> None:
    """The block counts the author's earlier blocks of its day rightly."""
    expected = _day_index(case)
    if case.body.day_index != expected:
        raise RejectionError(
            RejectionReason.WRONG_DAY_INDEX,
            f"it says {case.body.day_index} earlier blocks that day; there are {expected}",
        )


def check_tickets(case: Case[Block]) -> None:
    """Each ticket is its opening's for this window; openings are listed once and in order."""
    positions = [position for position, _ in case.body.tickets]
    known = case.state.tickets[case.body.session]
    if positions != sorted(set(positions)) or any(p not in known for p in positions):
        raise RejectionError(RejectionReason.BAD_TICKET, "tickets out of order, twice or of nobody")
    for position, ticket in case.body.tickets:
        steps, value = known[position]
        if not is_ticket_of(ticket, value, case.body.window + 1 - steps):
            raise RejectionError(
                RejectionReason.BAD_TICKET, "a ticket does not match its opening's anchor"
            )


def window_start_ms(case: Case[Block]) -> Milliseconds:
    """When the block's window began."""
    session = case.state.sessions[case.body.session]
    return Milliseconds(session.start_ms + case.body.window * case.params.window_ms)


def _day_index(case: Case[Block]) -> int:
    is_same_day = day_of(window_start_ms(case)) == case.state.last_day
    return case.state.blocks_on_last_day if is_same_day else 0


def apply_block(case: Case[Block]) -> tuple[Claim, ...]:
    """Its verifiers are drawn and become more familiar; its time is taken."""
    state, body = case.state, case.body
    session = state.sessions[body.session]
    start_ms = window_start_ms(case)
    day = day_of(start_ms)
    tickets = [Ticket(session.openings[p].candidate, value) for p, value in body.tickets]
    drawn = draw(body.session, body.window, tickets, case.params.verifiers_drawn)
    familiarity = tuple(
        state.familiarity_days(verifier, day, case.params.familiarity_days) for verifier in drawn
    )
    end_ms = Milliseconds(start_ms + body.duration_ms)
    state.blocks[case.id] = BlockRecord(
        session=body.session,
        window=body.window,
        start_ms=start_ms,
        end_ms=end_ms,
        day=day,
        day_index=body.day_index,
        drawn=drawn,
        familiarity_days=familiarity,
        revealed=len(body.tickets),
        opened=len(session.openings),
    )
    for verifier in drawn:
        days = state.drawn_days.setdefault(verifier, [])
        if not days or days[-1] != day:
            days.append(day)
        while days[0] < day - case.params.familiarity_days:
            del days[0]
    state.tickets[body.session].update(
        {position: (body.window + 1, value) for position, value in body.tickets}
    )
    if body.duration_ms < case.params.window_ms:
        state.closed.add(body.session)
    state.blocks_on_last_day = body.day_index + 1
    state.last_day = day
    state.last_window_end_ms = end_ms
    return ()


SESSION_RULES = (
    check_nonce_is_fresh,
    check_start,
    check_candidates,
    check_performers,
    check_tags,
    check_openings,
)
BLOCK_RULES = (
    check_session,
    check_window,
    check_windows_ascend,
    check_sealed_in_time,
    check_day_index,
    check_tickets,
)
