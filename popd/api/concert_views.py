"""A concert as JSON: what everybody sees of it, and what one caller sees besides."""

from typing import Final

import msgspec
import segno

from consensus.entries.appreciation import Rating
from consensus.entries.performance import Session
from consensus.identifiers import ContentId, EntryId, IdentityId, LotId
from consensus.rulebooks.rating import performers_of
from consensus.units import MILLION
from popd.api.concert_shapes import (
    CommentSeen,
    ConcertView,
    Crowd,
    DoorSeen,
    MineSeen,
    PlaySeen,
    ShareSeen,
    SubcoinSeen,
)
from popd.api.concert_subcoin import minted_by, pages_of, subcoin
from popd.api.desk import Desk
from popd.api.guests import MAX_SEATS
from popd.api.outlook import Outlook, whole_lot
from popd.api.shapes import Person
from popd.node.concert_live import LiveConcert
from popd.node.messages.concerts import Phase

MAX_COMMENTS: Final = 200
"""Comments that are shown; the latest."""
PHASES: Final = {phase: phase.name.lower() for phase in Phase}
NEXT: Final = {
    Phase.WAITING: (
        "Let people in, play, and open the rating when you like.",
        "You can rate as soon as it is opened.",
    ),
    Phase.OPEN: (
        "Lock it when everybody has rated.",
        "Rate it now; until the reveal only a seal of it leaves this node.",
    ),
    Phase.LOCKED: (
        "Reveal the ratings, or open it once more.",
        "The ratings are sealed. They are shown to all at once.",
    ),
    Phase.REVEALED: (
        "The coins arrive when all ratings are gathered.",
        "The ratings are being gathered; then the coins arrive.",
    ),
    Phase.CLOSED: ("That was it. The coins are in your purse.", "That was it. Thank you."),
}
"""What happens next, by phase: for whoever gathers, and for everybody else."""
RATED: Final = "You have rated. You may change it until it is locked."
NO_COIN: Final = (
    "That was it. No coin came of it: what performers and their own guests say brings nothing."
)


def shared_view(desk: Desk, outlook: Outlook, live: LiveConcert, song: str) -> ConcertView:
    """A concert as everybody sees it."""
    card, names, ledger = live.card, outlook.names, outlook.ledger
    concerting = desk.daemon.node.concerting
    session = concerting.live_session(live)
    shares = card.performers or ((card.gatherer, MILLION),)
    me = desk.context.identity
    hall, book = desk.hall, desk.tokens.book
    is_here = book.concert == live.id
    felt = hall.felt_now(live.id)
    coin = None
    if live.first_session is not None and live.phase >= Phase.REVEALED:
        told = concerting.told.get(live.first_session, {})
        coin = subcoin(ledger, pages_of(ledger, told, live.first_session), card.name, names)
    return ConcertView(
        id=live.id.hex(),
        name=card.name,
        tags=list(card.tags),
        phase=PHASES[live.phase],
        gatherer=Person(card.gatherer.hex(), names.of(card.gatherer)),
        teller=me.hex(),
        performers=[ShareSeen(who.hex(), names.of(who), share) for who, share in shares],
        expected=card.expected,
        since_ms=live.since_ms,
        first=None if live.first_session is None else live.first_session.hex(),
        sessions=[one.hex() for one in card.sessions],
        live=None if session is None else session.hex(),
        performance=None if session is None else _play(desk, session),
        song=song,
        is_mine=live.is_mine,
        is_performer=_performs(outlook, live, me),
        crowd=Crowd(
            ballots=live.ballots,
            here=hall.count(live.id),
            guests=len(book.seats) if is_here else 0,
            energy_ppm=felt.energy_ppm,
            taps=felt.taps,
        ),
        door=None,
        mine=None,
        comments=_comments(outlook, live),
        subcoin=coin,
        waiting_for=_waiting_for(live),
        next_step=_next_step(live, coin),
    )


def seen_by(
    desk: Desk,
    outlook: Outlook,
    live: LiveConcert,
    view: ConcertView,
    voice: bytes,
    *,
    is_owner: bool,
) -> ConcertView:
    """The same, with what concerns one voice alone; the owner's includes the door and worth."""
    mine = _mine(outlook, live, voice)
    changes: dict[str, object] = {"mine": mine}
    is_rated = mine is not None and mine.state != "refused"
    if is_rated and live.phase is Phase.OPEN and not live.is_mine:
        changes["next_step"] = RATED
    if is_owner:
        changes["door"] = _door(desk, live)
        if view.subcoin is not None:
            worth = _worth(outlook, view.subcoin.pages)
            changes["subcoin"] = msgspec.structs.replace(view.subcoin, value_ujam=worth)
    return msgspec.structs.replace(view, **changes)


def _worth(outlook: Outlook, pages: list[str]) -> int:
    """What all that a crowd made is worth to the user, wherever it is now."""
    lots = (whole_lot(outlook.ledger, LotId(bytes.fromhex(page))) for page in pages)
    values = (outlook.opinions.value(lot, outlook.me).value_ujam for lot in lots if lot is not None)
    return round(sum(values))


def _door(desk: Desk, live: LiveConcert) -> DoorSeen | None:
    book, lan = desk.tokens.book, desk.lan
    if lan is None or not lan.address or book.concert != live.id:
        return None
    url = f"{lan.address}#concert={book.secret}"
    rows = segno.make(url, error="m", micro=False).matrix
    return DoorSeen(
        open=True,
        url=url,
        address=lan.address,
        code=book.code,
        rows=["".join("1" if dark else "0" for dark in row) for row in rows],
        guests=len(book.seats),
        most=MAX_SEATS,
        note=desk.door_note,
    )


def _mine(outlook: Outlook, live: LiveConcert, voice: bytes) -> MineSeen | None:
    own = live.mine(voice)
    if own is None:
        return None
    said, ledger = own.opinion, outlook.ledger
    minted = 0
    if own.page is not None and own.rating is not None and own.page in ledger.applied:
        minted = minted_by(ledger, ledger.statements[own.page], own.rating)
    return MineSeen(
        performer=said.performer.hex(),
        score_ppm=said.score_ppm,
        tags=list(said.tags),
        modality=said.modality.name.lower(),
        method=said.method,
        comment=own.comment_text,
        state=own.state.value,
        why=own.why,
        next_step=own.next_step,
        minted_ujam=minted,
    )


def _comments(outlook: Outlook, live: LiveConcert) -> list[CommentSeen]:
    hidden = frozenset(live.card.hidden)
    texts = dict(live.words)
    if live.own is not None:
        texts |= {comment: text for comment, (_, text) in live.own.taken_down.items()}
    found = [
        _comment(outlook, rating, comment, texts[comment], is_hidden=comment in hidden)
        for comment, rating in live.comments.items()
        if comment in texts
    ]
    return [seen for seen in found if seen is not None][-MAX_COMMENTS:]


def _comment(
    outlook: Outlook, rating: EntryId, comment: ContentId, text: str, *, is_hidden: bool
) -> CommentSeen | None:
    statement = outlook.ledger.statements.get(rating)
    if statement is None or not isinstance(statement.body, Rating):
        return None
    author, guest = statement.entry.author, statement.body.guest
    return CommentSeen(
        id=comment.hex(),
        rating=rating.hex(),
        who=Person(author.hex(), outlook.names.of(author)) if guest is None else None,
        guest="" if guest is None else guest.key.hex(),
        text=text,
        score_ppm=statement.body.opinion.score_ppm,
        hidden=is_hidden,
    )


def _performs(outlook: Outlook, live: LiveConcert, me: IdentityId) -> bool:
    """Whether the user plays in it, as far as its sessions and its card say."""
    if me == live.card.gatherer or me in {who for who, _ in live.card.performers}:
        return True
    held = (outlook.ledger.statements.get(session) for session in live.card.sessions)
    return any(
        me in performers_of(statement.entry.author, statement.body)
        for statement in held
        if statement is not None and isinstance(statement.body, Session)
    )


def _play(desk: Desk, session: EntryId) -> PlaySeen | None:
    held = desk.context.ledger.statements.get(session)
    if held is None or not isinstance(held.body, Session):
        return None
    return PlaySeen(
        session=session.hex(),
        chart=held.body.chart.hex(),
        start_us=held.body.start_ms * 1_000,
        windows=held.body.windows,
        window_us=desk.context.params.window_ms * 1_000,
        input_us=held.body.calibration.input_us,
    )


async def song_of(desk: Desk, live: LiveConcert) -> str:
    """The title of what is played now; empty between two songs."""
    session = desk.daemon.node.concerting.live_session(live)
    held = None if session is None else desk.context.ledger.statements.get(session)
    if held is None or not isinstance(held.body, Session):
        return ""
    return await desk.library.title(held.body.chart)


def _next_step(live: LiveConcert, coin: SubcoinSeen | None) -> str:
    if live.phase is Phase.CLOSED and coin is not None and not coin.minted_ujam:
        return NO_COIN
    return NEXT[live.phase][0 if live.is_mine else 1]


def _waiting_for(live: LiveConcert) -> str:
    if live.waiting_for:
        return live.waiting_for
    if live.first_session is None:
        return "The first song has not begun."
    if live.is_stale and live.phase is not Phase.CLOSED:
        return "Nothing was heard of the performer for a while; they may be back soon."
    return ""
