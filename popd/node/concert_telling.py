"""Telling: what people here make of a concert, kept; before the reveal only digests leave."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from consensus.entries.performance import Session
from consensus.identifiers import IdentityId, NodeKey
from consensus.rulebooks.rating import performers_of
from consensus.signing import Domain
from popd.node.concert_ballots import Numbers, ballots_mark
from popd.node.concert_commands import GiveOpinion
from popd.node.concert_hall import Hall
from popd.node.concert_live import LiveConcert
from popd.node.concert_notes import concert_note, opinion_note
from popd.node.concert_opinions import (
    MAX_VOICES,
    OpinionError,
    OpinionState,
    OwnOpinion,
    own_opinion,
)
from popd.node.effects import Sign
from popd.node.messages.concerts import MAX_TELLERS, Phase
from popd.node.messages.crowds import (
    MAX_BATCH,
    Ballot,
    BallotRefusal,
    BallotsRefused,
    ConcertBallots,
    ballots_digest,
)
from popd.node.notices import OpinionKept, OpinionRefused
from popd.node.purposes import ForBallots

TELL_BALLOTS_MS: Final = 250
"""Ballots are told of together."""
RESEND_MS: Final = 2_000
"""What the gatherer's card does not show is told again, no faster than this."""
WHY_REFUSED: Final = {
    BallotRefusal.NOT_OPEN: (
        "It came when the ratings were not open.",
        "Rate the next concert while it is open.",
    ),
    BallotRefusal.FULL: (
        "The performer's node holds as many ratings as it can.",
        "Rate from a node that the performer knows.",
    ),
}


@dataclass(slots=True)
class Telling:
    """The opinions of everybody at this node, and their ballots."""

    hall: Hall
    """The concerts."""

    def give(self, live: LiveConcert, given: GiveOpinion) -> None:
        """Keeps an opinion, written down before it is acknowledged."""
        context = self.hall.context
        me = context.identity
        voice = me if given.guest is None else given.guest.key
        try:
            if voice not in live.opinions and len(live.opinions) >= MAX_VOICES:
                raise OpinionError("As many people as fit have rated here.", "Join elsewhere.")
            if self.hall.is_borrowed(live):
                raise OpinionError("The music is somebody else's.", "Rate at their concert.")
            opinion = own_opinion(context.params, me, live.card, self._performers(live), given)
        except OpinionError as error:
            context.tell(OpinionRefused(live.id, voice, error.why, error.next_step))
            return
        if not live.opinions:
            self.hall.keep(concert_note(live))
        live.change(voice, opinion)
        self.hall.keep(opinion_note(live, opinion))
        context.tell(OpinionKept(live.id, voice))
        self.hall.changed(live)
        self.tell(live)

    def tell(self, live: LiveConcert) -> None:
        """Ballots that were not told are told soon, while the concert is open."""
        if live.phase is Phase.OPEN and not live.is_telling and live.untold():
            live.is_telling = True
            self.hall.context.call_after(TELL_BALLOTS_MS, partial(self._tell_untold, live))

    def on_card(self, live: LiveConcert) -> None:
        """The gatherer says which ballots it holds, and how far the concert is."""
        if not live.opinions:
            return
        presence = self.hall.nearby.agreed(live.card.node)
        is_nearer = live.phase < Phase.REVEALED and presence > live.presence
        live.presence = max(live.presence, presence) if is_nearer else live.presence
        told = live.confirm()
        if told or is_nearer:
            self.hall.keep(concert_note(live))
            self.hall.changed(live)
        if live.phase is not Phase.OPEN:
            return
        now_us = self.hall.context.now_us
        if now_us - live.told_us >= RESEND_MS * 1_000:
            self._tell_again(live)
        self.tell(live)

    def take_refusal(self, peer: NodeKey, message: BallotsRefused) -> None:
        """The gatherer's own node says that ballots don't count; nobody else is believed."""
        live = self.hall.concerts.get(message.concert)
        if live is None or live.card.node != peer:
            return
        if message.teller != self.hall.context.identity:
            return
        refused = 0
        for opinion in live.unconfirmed():
            is_meant = opinion.voice in message.voices
            if is_meant and opinion.told_number == message.number:
                why, next_step = WHY_REFUSED[message.why]
                self.hall.refuse_opinion(live, opinion.voice, why, next_step)
                refused += 1
        last = max((number for number, _ in live.told), default=0)
        if refused and last:
            live.told.append((last, self._mark(live)))  # it holds the others without these

    def pass_on(self, live: LiveConcert, peer: NodeKey, message: ConcertBallots) -> None:
        """Somebody else's ballots go on towards the gatherer."""
        hall, who = self.hall, message.teller
        numbers = live.numbers.get(who, Numbers())
        if live.phase is not Phase.OPEN or who == hall.context.identity:
            return
        if not numbers.is_new(message.number) or not hall.may_pass(live, who):
            return
        if not hall.is_signed(peer, who, message.signature, ballots_digest(message)):
            return
        numbers.take(message.number)
        live.numbers.pop(who, None)
        live.numbers[who] = numbers
        while len(live.numbers) > MAX_TELLERS:
            del live.numbers[next(iter(live.numbers))]
        hall.to_gatherer(live, message, peer)

    def send(self, live: LiveConcert, message: ConcertBallots) -> None:
        """Own ballots are signed: they go to the gatherer, if that is still what it wants."""
        if live.phase is Phase.OPEN:
            self.hall.to_gatherer(live, message)

    def write_down(self, live: LiveConcert) -> None:
        """How far the concert is must not be forgotten."""
        self.hall.keep(concert_note(live))

    def resume(self, live: LiveConcert) -> None:
        """After a restart: what was told before may be confirmed by the next card."""
        numbers = [opinion.told_number for opinion in live.opinions.values()]
        if any(numbers):
            live.told.append((max(numbers), self._mark(live)))

    def _performers(self, live: LiveConcert) -> tuple[IdentityId, ...]:
        """Who may be rated: as the first session says, or else the card."""
        card, first = live.card, live.first_session
        statement = None if first is None else self.hall.context.ledger.statements.get(first)
        if statement is not None and isinstance(statement.body, Session):
            return performers_of(statement.entry.author, statement.body)
        return tuple(who for who, _ in card.performers) or (card.gatherer,)

    def _tell_untold(self, live: LiveConcert) -> None:
        live.is_telling = False
        if live.phase is Phase.OPEN and live.id in self.hall.concerts:
            self._tell(live, live.untold())

    def _tell_again(self, live: LiveConcert) -> None:
        """What the gatherer does not show; everything, if it shows nothing of ours."""
        heard = set(live.card.heard)
        if not any(mark in heard for _, mark in live.told):
            for opinion in live.opinions.values():
                if opinion.state is OpinionState.TOLD:
                    live.change(opinion.voice, replace(opinion, state=OpinionState.HELD))
        self._tell(live, live.unconfirmed())

    def _tell(self, live: LiveConcert, opinions: list[OwnOpinion]) -> None:
        """Has the ballots of these opinions signed, and writes down that they were told."""
        context = self.hall.context
        me, last = context.identity, max((number for number, _ in live.told), default=0)
        live.told_us = context.now_us
        for start in range(0, len(opinions), MAX_BATCH):
            batch = opinions[start : start + MAX_BATCH]
            last = max(last + 1, context.now_ms)
            for opinion in batch:
                told = replace(opinion, told_number=last)
                live.change(opinion.voice, told)
                if not opinion.told_number:
                    self.hall.keep(opinion_note(live, told))
            ballots = tuple(Ballot(opinion.voice, opinion.digest(me)) for opinion in batch)
            message = ConcertBallots(live.id, me, last, ballots, b"")
            subject = ballots_digest(message)
            context.do(Sign(ForBallots(message), Domain.ROOM, subject, None))
        if opinions:
            live.told.append((last, self._mark(live)))

    def _mark(self, live: LiveConcert) -> bytes:
        """The mark of all ballots that were told and not refused."""
        me = self.hall.context.identity
        is_out = OpinionState.REFUSED
        told = [o for o in live.opinions.values() if o.told_number and o.state is not is_out]
        return ballots_mark(me, ((o.voice, o.digest(me)) for o in told))
