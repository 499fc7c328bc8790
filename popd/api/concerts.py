"""Concerts over the API: announcing one, its door and its phases, and what people make of it."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

import trio

from consensus.entries.appreciation import (
    SALT_SIZE,
    Guest,
    Modality,
    Opinion,
)
from consensus.identifiers import ContentId, IdentityId
from consensus.rejections import RejectionError
from consensus.rulebooks.rating import check_guest
from consensus.units import MILLION, Ppm
from game.appreciation.appraisal import Heard, NothingToAppraiseError
from game.appreciation.feelings import FEELINGS
from game.appreciation.ways import all_ways, appraised
from popd.api.answers import ApiError, bad_request, identifier, not_found
from popd.api.concert_shapes import (
    AppraiseBody,
    Appraised,
    ConcertBody,
    Concerts,
    ConcertView,
    DoorAbout,
    DoorBody,
    GuestBody,
    GuestSeated,
    HideBody,
    MethodSeen,
    OpinionBody,
    PhaseBody,
)
from popd.api.concert_views import seen_by, shared_view, song_of
from popd.api.desk import Desk
from popd.api.door_keeping import keep_door
from popd.api.guests import GuestSeat, Knock
from popd.api.names import cleaned
from popd.api.outlook import Outlook
from popd.api.routing import Call
from popd.api.shapes import Person
from popd.api.tokens import Scope
from popd.node.concert_commands import (
    ConcertCommand,
    GiveOpinion,
    HideComment,
    OpenConcert,
    SetConcertPhase,
)
from popd.node.concert_live import LiveConcert
from popd.node.messages.concerts import (
    CONCERT_ID_SIZE,
    MAX_NAME_BYTES,
    ConcertId,
    Phase,
    concert_id,
    content_id,
)
from popd.node.notices import ConcertChanged, ConcertRefused

ANSWER_S: Final = 10.0
"""How long the node may take to follow; usual are milliseconds."""
PHASES: Final = {phase.name.lower(): phase for phase in Phase}
MODALITIES: Final = {modality.name.lower(): modality for modality in Modality}


async def read_concerts(desk: Desk, call: Call) -> Concerts:
    """The concerts that this node knows, and how they can be rated; a guest sees their own."""
    concerts = desk.daemon.node.concerting.concerts.values()
    shown = [live for live in concerts if call.guest is None or is_of(desk, live)]
    shown.sort(key=lambda live: (live.phase is Phase.CLOSED, -live.since_ms))
    ways = [
        MethodSeen(way.name, way.label, way.modality.name.lower(), way.about) for way in all_ways()
    ]
    views = [await view_for(desk, live, call) for live in shown]
    return Concerts(views, list(FEELINGS), ways)


async def read_concert(desk: Desk, call: Call) -> ConcertView:
    """One concert."""
    return await view_for(desk, meant(desk, call), call)


async def announce_concert(desk: Desk, call: Call) -> ConcertView:
    """Announce a concert: every song that you begin from now on belongs to it."""
    body: ConcertBody = call.body
    desk.check_unlocked()
    shares = tuple(
        (IdentityId(bytes.fromhex(one.id)), Ppm(one.share_ppm)) for one in body.performers
    )
    if shares and sum(share for _, share in shares) != MILLION:
        raise bad_request("The shares are no whole.", "Give shares that make 1,000,000 together.")
    if shares and desk.context.identity not in dict(shares):
        raise bad_request("You are not among those who perform.", "Give yourself a share.")
    name = cleaned(body.name).encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    if not name:
        raise bad_request("A concert needs a name.", "Call it something.")
    salt = secrets.token_bytes(SALT_SIZE)
    concert = concert_id(desk.context.identity, salt)
    tags = tuple(sorted({cleaned(tag) for tag in body.tags} - {""}))
    command = OpenConcert(concert, name, salt, tags, body.expected, tuple(sorted(shares)))
    await followed(desk, command, lambda: concert in desk.daemon.node.concerting.concerts)
    return await view_for(desk, known(desk, concert), call)


async def set_phase(desk: Desk, call: Call) -> ConcertView:
    """Open the rating, lock it, reveal it, or write what is possible and close."""
    body: PhaseBody = call.body
    desk.check_unlocked()
    live = meant(desk, call)
    phase = PHASES[body.phase]
    if phase is Phase.REVEALED and live.phase is Phase.OPEN:
        why = "People may still change what they say."
        raise ApiError(409, "refused", why, "Lock the ratings first; a reveal can't be taken back.")
    is_done = partial(_is_as_far, live, phase)
    await followed(desk, SetConcertPhase(live.id, phase), is_done)
    return await view_for(desk, live, call)


async def open_door(desk: Desk, call: Call) -> ConcertView:
    """Let people of the same network rate a concert as your guests."""
    body: DoorBody = call.body
    live = meant(desk, call)
    assert desk.lan is not None, "only a served desk has doors"
    desk.is_lan_for_guests |= not desk.lan.address
    await desk.lan.open(body.address)
    desk.tokens.book.open(live.id)
    desk.door_note = ""
    await keep_door(desk)
    return await view_for(desk, live, call)


async def shut_door(desk: Desk, call: Call) -> ConcertView:
    """Let no further guests in; those who came are out, and what they said stays."""
    live = meant(desk, call)
    if desk.tokens.book.concert == live.id:
        desk.tokens.book.shut()
        desk.hall.put_out(desk.tokens.book)
        if desk.is_lan_for_guests and desk.lan is not None:
            desk.lan.shut()
            desk.is_lan_for_guests = False
        await keep_door(desk)
    return await view_for(desk, live, call)


async def read_door(desk: Desk, call: Call) -> DoorAbout:
    """Which concert this door leads to, and whose guest one would be."""
    live = known(desk, ConcertId(desk.tokens.book.concert))
    gatherer, me = live.card.gatherer, desk.context.identity
    name = desk.public_names().for_others(gatherer)
    network = desk.context.params.name
    seen = Person(gatherer.hex(), name)
    challenge = desk.tokens.book.challenges.ask(call.address).hex()
    return DoorAbout(live.id.hex(), me.hex(), network, live.card.name, seen, challenge)


async def come_in(desk: Desk, call: Call) -> GuestSeated:
    """Come in as a guest, with the door's secret or its code; the same key finds its seat again."""
    body: GuestBody = call.body
    book = desk.tokens.book
    key, challenge = bytes.fromhex(body.key), bytes.fromhex(body.challenge)
    knock = Knock(key, challenge, bytes.fromhex(body.signature), call.address)
    seat = book.enter(desk.context.params.name, desk.context.identity, knock)
    live = desk.daemon.node.concerting.concerts.get(ConcertId(book.concert))
    seat.has_opinion |= live is not None and live.mine(seat.key) is not None
    return GuestSeated(seat.token, seat.until_us, Scope.RATE.value, book.concert.hex(), book.secret)


async def appraise(desk: Desk, call: Call) -> Appraised:
    """Turn taps or words into a score, with reasons; nothing is kept."""
    body: AppraiseBody = call.body
    live = meant(desk, call)
    ways = [way for way in all_ways() if way.modality is MODALITIES[body.modality] and way.name]
    method = body.method or (ways[0].name if ways else "")
    heard = Heard(tuple(sorted(body.taps_ms)), await _beat_ms(desk, live), body.comment)
    try:
        score_ppm, why = await trio.to_thread.run_sync(appraised, method, heard)
    except NothingToAppraiseError as error:
        raise ApiError(409, "nothing", str(error), "Or choose a score by hand.") from None
    return Appraised(score_ppm, method, list(why))


async def give_opinion(desk: Desk, call: Call) -> ConcertView:
    """Say what you make of a concert; it stays sealed here until the reveal."""
    live = meant(desk, call)
    await tell_opinion(desk, live, call.body, call.guest)
    return await view_for(desk, live, call)


async def hide_comment(desk: Desk, call: Call) -> ConcertView:
    """Take a comment on your concert down, or let it be seen again."""
    body: HideBody = call.body
    live = meant(desk, call)
    comment = ContentId(identifier(call.path["comment"], "A comment"))
    command = HideComment(live.id, comment, body.hidden)
    await followed(desk, command, lambda: (comment in live.card.hidden) == body.hidden)
    return await view_for(desk, live, call)


async def tell_opinion(
    desk: Desk, live: LiveConcert, body: OpinionBody, guest: GuestSeat | None
) -> None:
    """Checks an opinion and gives it to the node; returns once it is kept. Raises ApiError."""
    command = opinion_command(desk, live, body, guest)
    if command.guest is not None:
        _check_signed(desk, live, command)
    voice = desk.context.identity if guest is None else guest.key
    desk.check_unlocked()
    waiting = desk.hall.wait_for(live.id, voice)
    desk.daemon.give(command)
    with trio.move_on_after(ANSWER_S) as scope:
        await waiting.is_decided.wait()
    refusal = waiting.refusal
    if scope.cancelled_caught:
        desk.hall.give_up(live.id, voice, waiting)
        raise ApiError(504, "not_yet", "It was not kept in time.", "Try again.")
    if refusal is not None:
        raise ApiError(409, "refused", refusal.why, refusal.next_step)
    if guest is not None:
        guest.has_opinion = True


def opinion_command(
    desk: Desk, live: LiveConcert, body: OpinionBody, guest: GuestSeat | None
) -> GiveOpinion:
    """What the node is told; a guest brings salts and a signature, for the user they are made."""
    if body.performer and len(body.performer) != 64:
        raise bad_request("A performer is 64 hexadecimal digits.", "Name one of the concert's.")
    if not set(body.tags) <= set(FEELINGS):
        raise bad_request("That is no feeling of the list.", f"Choose of {', '.join(FEELINGS)}.")
    _check_way(body)
    performer = live.card.gatherer
    if body.performer:
        performer = IdentityId(identifier(body.performer, "A performer"))
    signed, salt, comment_salt = None, b"", b""
    if guest is None:
        salt, comment_salt = secrets.token_bytes(SALT_SIZE), secrets.token_bytes(SALT_SIZE)
    else:
        if not (body.salt and body.comment_salt and body.signature):
            why = "A guest's opinion needs its salts and its signature."
            raise bad_request(why, "Reload the page.")
        salt, comment_salt = bytes.fromhex(body.salt), bytes.fromhex(body.comment_salt)
        signed = Guest(guest.key, bytes.fromhex(body.signature))
    return GiveOpinion(
        concert=live.id,
        performer=performer,
        score_ppm=Ppm(body.score_ppm),
        tags=tuple(sorted(set(body.tags))),
        modality=MODALITIES[body.modality],
        method=body.method,
        comment_text=body.comment,
        comment_salt=comment_salt,
        salt=salt,
        guest=signed,
    )


def _check_way(body: OpinionBody) -> None:
    """Raises ApiError unless the score came about in a way that there is here."""
    ways = {(way.modality.name.lower(), way.name): way.label for way in all_ways()}
    if (body.modality, body.method) not in ways:
        there_are = ", ".join(
            f"{label} ({modality}{f', {name}' if name else ''})"
            for (modality, name), label in ways.items()
        )
        why = f"No way to come to a score is called {body.method!r} with {body.modality!r} here."
        raise bad_request(why, f"There are: {there_are}.")


def _check_signed(desk: Desk, live: LiveConcert, command: GiveOpinion) -> None:
    """Raises ApiError unless the guest signed just this."""
    if live.first_session is None or command.guest is None:
        return  # the node says that there is nothing to rate yet
    text = command.comment_text
    opinion = Opinion(
        session=live.first_session,
        performer=command.performer,
        score_ppm=command.score_ppm,
        tags=command.tags,
        modality=command.modality,
        method=command.method,
        comment=content_id(command.comment_salt, text) if text else None,
        salt=command.salt,
    )
    try:
        check_guest(desk.context.params, desk.context.identity, opinion, command.guest)
    except RejectionError as error:
        raise ApiError(
            403, error.reason.value, f"{error.message[:1].upper()}{error.message[1:]}.",
            "Reload the page and rate again; nothing was changed.",
        ) from None  # fmt: skip


async def followed(desk: Desk, command: ConcertCommand, is_done: Callable[[], bool]) -> None:
    """Gives a command and waits until it is done; raises ApiError where the node refuses it."""
    async with desk.concerting:
        with desk.daemon.notices() as notices, trio.move_on_after(ANSWER_S):
            desk.daemon.give(command)
            async for notice in notices:
                if isinstance(notice, ConcertRefused) and notice.concert == command.concert:
                    raise ApiError(409, "refused", notice.why, notice.next_step)
                if isinstance(notice, ConcertChanged) and is_done():
                    return
    raise ApiError(504, "not_yet", "The node did not follow in time.", "Look again, then try it.")


def _is_as_far(live: LiveConcert, phase: Phase) -> bool:
    """Closing takes as long as the pages do; that it has begun is enough."""
    return live.phase is phase or (phase is Phase.CLOSED and live.phase is Phase.REVEALED)


def meant(desk: Desk, call: Call) -> LiveConcert:
    """The concert of the address; raises ApiError where it isn't known, or no guest's business."""
    digits = call.path["id"]
    try:
        concert = ConcertId(bytes.fromhex(digits))
    except ValueError:
        concert = ConcertId(b"")
    if len(concert) != CONCERT_ID_SIZE:
        raise bad_request("A concert is 32 hexadecimal digits.", "Choose one of /concerts.")
    live = known(desk, concert)
    if call.guest is not None and not is_of(desk, live):
        raise _unknown()
    return live


def known(desk: Desk, concert: ConcertId) -> LiveConcert:
    """A concert that this node knows; raises ApiError for others."""
    live = desk.daemon.node.concerting.concerts.get(concert)
    if live is None:
        raise _unknown()
    return live


def is_of(desk: Desk, live: LiveConcert) -> bool:
    """Whether guests of this node come to a concert."""
    return desk.tokens.book.concert == live.id


def voice_of(desk: Desk, call: Call) -> bytes:
    """Whose voice a caller has; nobody's for a page that may only look."""
    if call.guest is not None:
        return call.guest.key
    return desk.context.identity if Scope.RATE in call.scopes else b""


async def view_for(desk: Desk, live: LiveConcert, call: Call) -> ConcertView:
    """A concert as a caller sees it."""
    voice, is_owner = voice_of(desk, call), Scope.OWNER in call.scopes
    outlook = outlook_for(desk, voice)
    view = shared_view(desk, outlook, live, await song_of(desk, live))
    return seen_by(desk, outlook, live, view, voice, is_owner=is_owner)


def outlook_for(desk: Desk, voice: bytes) -> Outlook:
    """This moment; what the user calls people is nobody's business but theirs."""
    outlook = desk.outlook()
    if voice == desk.context.identity:
        return outlook
    return replace(outlook, names=desk.public_names())


async def _beat_ms(desk: Desk, live: LiveConcert) -> float:
    """How long a beat of what is played now is; 0 where nothing is, or it isn't known."""
    session = desk.daemon.node.concerting.live_session(live)
    held = None if session is None else desk.context.ledger.statements.get(session)
    chart_id = getattr(None if held is None else held.body, "chart", None)
    chart = None if chart_id is None else await desk.library.chart(chart_id)
    return 0.0 if chart is None else chart.timing[0].beat_us / 1_000


def _unknown() -> ApiError:
    return not_found("No such concert is known here.", "Look at /concerts for those that are.")
