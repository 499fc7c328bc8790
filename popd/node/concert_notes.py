"""Notes of concerts: what a node writes down so that a kill in mid-concert loses nothing.

Canonical bytes; the first integer is their version. Notes of another version, or that make no
sense, are left where they are and not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from consensus.encoding import Canonical, decode, encode
from consensus.entries.appreciation import Guest, Opinion
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import ContentId, IdentityId
from consensus.presence import MAX_PRESENCE, Presence
from consensus.rejections import RejectionError
from consensus.units import Microseconds, Milliseconds
from popd.node.concert_ballots import BallotBox, Rank, TellerBallots
from popd.node.concert_live import Gathered, LiveConcert
from popd.node.concert_opinions import MAX_VOICES, OwnOpinion
from popd.node.messages.concerts import CONCERT_ID_SIZE, MAX_HIDDEN, ConcertCard, ConcertId
from popd.node.messages.crowds import MAX_WORDS_CHARACTERS

VERSION: Final = 1
MAX_NOTE_SIZE: Final = 1024 * 1024
"""The ballots of one teller with two thousand guests are a fifth of it."""
CONCERT: Final = "concert"
OPINION: Final = "opinion"
BALLOTS: Final = "ballots"

Note = tuple[str, bytes]
"""Its name, and what it says."""


def concert_note(live: LiveConcert) -> Note:
    """How a concert stands, without its opinions and ballots."""
    own = live.own
    mine: Canonical = ()
    if own is not None:
        down = tuple((comment, *text) for comment, text in sorted(own.taken_down.items()))
        mine = (own.revealed_ms, int(own.is_finishing), down)
    times = (live.since_ms, int(live.heard_us))
    body = (VERSION, live.card.to_body(), *times, int(live.presence), live.confirmed_number, mine)
    return f"{CONCERT}/{live.id.hex()}", encode(body)


def opinion_note(live: LiveConcert, kept: OwnOpinion) -> Note:
    """What a voice at this node says."""
    guest: Canonical = () if kept.guest is None else tuple(kept.guest)
    words = (kept.comment_salt, kept.comment_text)
    opinion = kept.opinion.to_body()
    body = (VERSION, live.id, kept.voice, opinion, guest, words, kept.told_number)
    return f"{OPINION}/{live.id.hex()}/{kept.voice.hex()}", encode(body)


def ballots_note(live: LiveConcert, who: IdentityId, teller: TellerBallots) -> Note:
    """The ballots of one teller that the gatherer holds."""
    held = tuple((voice, *ballot) for voice, ballot in teller.held.items())
    body = (VERSION, live.id, who, int(teller.rank), int(teller.presence), held)
    return f"{BALLOTS}/{live.id.hex()}/{who.hex()}", encode(body)


def names_of(concert: ConcertId, names: Mapping[str, bytes] | set[str]) -> Iterator[str]:
    """Those of the names that are of notes of one concert."""
    return (name for name in names if concert.hex() in name.split("/")[1:2])


def concerts_noted(notes: Mapping[str, bytes], me: IdentityId) -> dict[ConcertId, LiveConcert]:
    """All concerts in the notes, with their opinions and ballots."""
    found: dict[ConcertId, LiveConcert] = {}
    for name in sorted(notes, key=lambda name: (not name.startswith(f"{CONCERT}/"), name)):
        kind = name.split("/")[0]
        try:
            fields = _opened(notes[name], 7 if kind != BALLOTS else 6)
            if kind == CONCERT:
                live = _concert(fields, me)
                found[live.id] = live
            elif kind == OPINION:
                _add_opinion(fields, found, me)
            elif kind == BALLOTS:
                _add_ballots(fields, found)
        except RejectionError:
            continue
    return found


def _opened(note: bytes, count: int) -> Fields:
    fields = Fields("note", decode(note, MAX_NOTE_SIZE), count)
    fields.integer(VERSION, VERSION)
    return fields


def _concert(fields: Fields, me: IdentityId) -> LiveConcert:
    card = _card(fields.any())
    live = LiveConcert(
        card, Milliseconds(fields.integer(0, MAX_TIME_MS)), Microseconds(fields.integer())
    )
    live.presence = Presence(fields.integer(0, MAX_PRESENCE))
    live.confirmed_number = fields.integer(0, MAX_TIME_MS)
    own = fields.array(0, 3)
    if own and card.gatherer == me:
        mine = Fields("own concert", own, 3)
        revealed_ms = Milliseconds(mine.integer(0, MAX_TIME_MS))
        live.own = Gathered(revealed_ms=revealed_ms, is_finishing=bool(mine.integer(0, 1)))
        for item in mine.array(0, MAX_HIDDEN):
            text = Fields("text", item, 3)
            comment = ContentId(text.exactly(32))
            live.own.taken_down[comment] = text.exactly(16), text.text(4 * MAX_WORDS_CHARACTERS)
    return live


def _card(body: Canonical) -> ConcertCard:
    """A card whose signature may still be missing, as that of an own concert."""
    if type(body) is tuple and body[-1:] == (b"",):
        return replace(ConcertCard.from_body((*body[:-1], bytes(64))), signature=b"")
    return ConcertCard.from_body(body)


def _add_opinion(fields: Fields, found: dict[ConcertId, LiveConcert], me: IdentityId) -> None:
    live = found.get(ConcertId(fields.exactly(CONCERT_ID_SIZE)))
    voice, opinion = fields.exactly(32), Opinion.from_body(fields.any())
    guest = fields.array(0, 2)
    words = Fields("comment", fields.any(), 2)
    salt, text = words.binary(0, 16), words.text(4 * MAX_WORDS_CHARACTERS)
    number = fields.integer(0, MAX_TIME_MS)
    spoken = Fields("guest", guest, 2) if guest else None
    who = None if spoken is None else Guest(spoken.exactly(32), spoken.exactly(64))
    if live is not None and voice == (me if who is None else who.key):
        live.opinions[voice] = OwnOpinion(voice, opinion, who, salt, text, number)


def _add_ballots(fields: Fields, found: dict[ConcertId, LiveConcert]) -> None:
    live = found.get(ConcertId(fields.exactly(CONCERT_ID_SIZE)))
    who = IdentityId(fields.exactly(32))
    rank = Rank(fields.integer(0, max(Rank)))
    teller = TellerBallots(rank, Presence(fields.integer(0, MAX_PRESENCE)), None)
    for item in fields.array(0, MAX_VOICES):
        ballot = Fields("ballot", item, 3)
        teller.held[ballot.exactly(32)] = ballot.integer(1, MAX_TIME_MS), ballot.exactly(32)
    teller.stamp(who)
    box: BallotBox | None = None if live is None or live.own is None else live.own.box
    if box is not None:
        box.tellers[who] = teller
