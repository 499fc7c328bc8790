"""Hosting: the own concert, from its announcement to its last page, and the cards that say so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from consensus.entries.performance import Session
from consensus.identifiers import EntryId, NodeKey
from consensus.parameters import MAX_CONCERT_SESSIONS
from consensus.rejections import RejectionError
from consensus.signing import Domain
from consensus.units import MILLISECONDS_PER_DAY, Microseconds
from popd.node.blobs import Blobs
from popd.node.concert_ballots import Numbers
from popd.node.concert_commands import OpenConcert
from popd.node.concert_hall import Hall
from popd.node.concert_live import Gathered, LiveConcert
from popd.node.concert_notes import ballots_note, concert_note, opinion_note
from popd.node.concert_words import words_bytes
from popd.node.effects import KeepNote, Sign
from popd.node.messages.concerts import MAX_TELLERS, ConcertCard, Phase, card_digest
from popd.node.messages.crowds import (
    BallotRefusal,
    BallotsRefused,
    ConcertBallots,
    ballots_digest,
)
from popd.node.purposes import ForCard
from popd.node.terms import ALONE, Terms

CARD_MS: Final = 250
"""Cards are made no faster, but for a change of phase."""
HEARTBEAT_MS: Final = 5_000
"""A card goes out at least so often while the concert is on: others know that it is."""
CLOSED_HEARTBEAT_MS: Final = 60_000
"""The same once it is closed, so that latecomers find the pages."""
TOLD_AFTER_MS: Final = 3_600_000
"""A closed concert is told of for an hour."""
NOTE_COST_US: Final = 1_000
"""What taking ballots in is charged with: they are written down."""
KEPT_MS: Final = MILLISECONDS_PER_DAY
"""It is kept for a day."""


@dataclass(slots=True)
class Hosting:
    """The gatherer's side."""

    hall: Hall
    """The concerts."""
    blobs: Blobs
    """Shares the name."""
    on_revealed: Callable[[LiveConcert], None]
    """Called when ratings may be gathered."""

    @property
    def live(self) -> LiveConcert | None:
        """The own concert that is on."""
        mine = (live for live in self.hall.concerts.values() if live.is_mine)
        return next((live for live in mine if live.phase < Phase.CLOSED), None)

    def terms(self) -> Terms:
        """What a session that begins now takes over from the concert."""
        live = self.live
        if live is None or live.phase >= Phase.REVEALED or self._is_full(live):
            return ALONE
        return Terms(live.card.tags, live.card.performers)

    def open(self, command: OpenConcert) -> None:
        """Announces a concert, unless one is on."""
        context = self.hall.context
        if self.live is not None:
            self.hall.refuse(command.concert, "A concert of yours is on.", "Close it first.")
            return
        if command.concert in self.hall.concerts:
            self.hall.refuse(command.concert, "That concert is known.", "Start another one.")
            return
        card = ConcertCard(
            concert=command.concert,
            gatherer=context.identity,
            node=context.node_key,
            number=max(1, context.now_ms),
            name=command.name,
            name_salt=command.name_salt,
            tags=tuple(sorted(set(command.tags))),
            performers=command.performers,
            expected=command.expected,
        )
        try:
            ConcertCard.from_body(replace(card, signature=bytes(64)).to_body())
        except RejectionError as error:
            why = f"A concert can't be so: {error.message}."
            self.hall.refuse(command.concert, why, "Change it, and start it again.")
            return
        live = LiveConcert(card, context.now_ms, context.now_us, own=Gathered())
        self.hall.concerts[card.concert] = live
        self.share_name(live)
        self.say(live)

    def share_name(self, live: LiveConcert) -> None:
        """Everybody may have the name, which pages state by its digest."""
        card = live.card
        if card.name:
            self.blobs.share(words_bytes(card.name_salt, card.name))

    def set_phase(self, live: LiveConcert, phase: Phase) -> None:
        """The user goes on to a phase, or opens a locked one again."""
        is_reopened = (live.phase, phase) == (Phase.LOCKED, Phase.OPEN)
        if phase <= live.phase and not is_reopened:
            self.hall.refuse(live.id, "It is that far already.", "Go on to the next step.")
        elif phase is Phase.REVEALED and live.phase < Phase.OPEN:
            self.hall.refuse(live.id, "Nobody could rate yet.", "Open the ratings first.")
        elif phase is Phase.CLOSED and live.ballots:
            self.hall.refuse(
                live.id, "There are ratings that nobody has seen.", "Reveal them, then close."
            )
        else:
            self.go_on(live, phase)

    def go_on(self, live: LiveConcert, phase: Phase) -> None:
        """The concert is in another phase from now on."""
        live.card = replace(live.card, phase=phase)
        if phase is Phase.REVEALED and live.own is not None:
            live.own.revealed_ms = self.hall.context.now_ms
        self._sign(live)
        if phase is Phase.REVEALED:
            self.on_revealed(live)

    def say(self, live: LiveConcert) -> None:
        """Something is new: a card says so soon."""
        own, context = live.own, self.hall.context
        self.hall.changed(live)
        if own is not None and not own.is_planned:
            own.is_planned = True
            due_us = max(context.now_us, own.told_us + CARD_MS * 1_000)
            context.call_at(due_us, partial(self._planned, live))

    def on_session(self, session: EntryId, body: Session) -> None:
        """A session of one's own is announced: it belongs to the concert that is on."""
        live = self.live
        if live is None or live.phase >= Phase.REVEALED or self._is_full(live):
            return
        is_fit = set(live.card.tags) <= set(body.tags)
        is_shared = bool(body.performers) or not live.card.performers
        if session not in live.card.sessions and is_fit and is_shared:
            live.card = replace(live.card, sessions=(*live.card.sessions, session))
            self._sign(live)

    def take_ballots(self, live: LiveConcert, peer: NodeKey, message: ConcertBallots) -> None:
        """A teller's ballots arrived."""
        own, who = live.own, message.teller
        assert own is not None
        if not live.numbers.get(who, Numbers()).is_new(message.number):
            return
        if who not in live.numbers and len(live.numbers) >= MAX_TELLERS * 2:
            return
        if live.phase is not Phase.OPEN:
            digests = ((b.voice, own.box.digest(who, b.voice), b.digest) for b in message.ballots)
            late = tuple(voice for voice, held, told in digests if held != told)
            self._refuse(peer, message, late, BallotRefusal.NOT_OPEN)
            return
        subject = ballots_digest(message)
        if not self.hall.is_signed(peer, who, message.signature, subject):
            return
        live.numbers.setdefault(who, Numbers()).take(message.number)
        self.hall.standings.spend(peer, NOTE_COST_US)
        near = self.hall.nearness(who, peer)
        before = {teller: held.mark for teller, held in own.box.tellers.items()}
        refused = own.box.put(who, near, message.number, message.ballots)
        for other, mark in before.items():
            left = own.box.tellers.get(other)
            if left is None:
                live.numbers.pop(other, None)
                self.hall.context.do(KeepNote(f"ballots/{live.id.hex()}/{other.hex()}", None))
            elif other != who and left.mark != mark:
                self.hall.keep(ballots_note(live, other, left))
        teller = own.box.tellers.get(who)
        if teller is not None:
            self.hall.keep(ballots_note(live, who, teller))
        else:
            live.numbers.pop(who, None)
        self._refuse(peer, message, refused, BallotRefusal.FULL)
        self.say(live)

    def card_signed(self, purpose: ForCard, signature: bytes) -> None:
        """A card is signed: all who are there hear it."""
        live = self.hall.concerts.get(purpose.card.concert)
        if live is None or live.own is None:
            return
        own, card = live.own, replace(purpose.card, signature=signature)
        if own.told is None or own.told.number < card.number:
            own.told = card
            for peer in sorted(self.hall.context.peers):
                self.hall.context.send(peer, card)

    def tend(self) -> None:
        """Says from time to time that the concert is on; forgets one that is long over."""
        now_us = self.hall.context.now_us
        for live in [live for live in self.hall.concerts.values() if live.own is not None]:
            assert live.own is not None
            over_ms = (now_us - live.heard_us) // 1_000
            is_over = live.phase is Phase.CLOSED
            if is_over and over_ms >= KEPT_MS:
                self._forget(live)
            elif not is_over or over_ms < TOLD_AFTER_MS:
                every_ms = CLOSED_HEARTBEAT_MS if is_over else HEARTBEAT_MS
                if now_us - live.own.told_us >= every_ms * 1_000:
                    self._sign(live)

    def _refuse(
        self,
        peer: NodeKey,
        message: ConcertBallots,
        voices: tuple[bytes, ...],
        why: BallotRefusal,
    ) -> None:
        if voices:
            refused = BallotsRefused(message.concert, message.teller, message.number, voices, why)
            self.hall.context.send(peer, refused)

    def _is_full(self, live: LiveConcert) -> bool:
        return len(live.card.sessions) >= MAX_CONCERT_SESSIONS

    def _planned(self, live: LiveConcert) -> None:
        if live.own is not None and live.own.is_planned:
            self._sign(live)

    def _sign(self, live: LiveConcert) -> None:
        """Makes a card of what is to be said, and writes down what it says first."""
        own, context = live.own, self.hall.context
        assert own is not None
        own.is_planned = False
        own.told_us = Microseconds(context.now_us)
        if live.phase < Phase.CLOSED:
            live.heard_us = own.told_us
        live.card = replace(
            live.card,
            number=max(live.card.number + 1, context.now_ms),
            ballots=own.box.count,
            heard=own.box.marks(),
            signature=b"",
        )
        self.hall.keep(concert_note(live))
        context.do(Sign(ForCard(live.card), Domain.ROOM, card_digest(live.card), None))
        says = replace(live.card, number=0)
        if says != own.made:
            own.made = says
            self.hall.changed(live)

    def _forget(self, live: LiveConcert) -> None:
        assert live.own is not None
        del self.hall.concerts[live.id]
        notes = [concert_note(live)]
        notes += [opinion_note(live, opinion) for opinion in live.opinions.values()]
        notes += [ballots_note(live, *item) for item in live.own.box.tellers.items()]
        for name, _ in notes:
            self.hall.context.do(KeepNote(name, None))
        self.hall.changed(live)
