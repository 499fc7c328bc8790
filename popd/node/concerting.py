"""Concerting: concerts of which this node gathers one, hosts guests of others, or just hears.

A card says what a concert is and how far; ballots travel to the gatherer while it is open; after
the reveal ratings and words follow. See `popd.node.messages.concerts` and `crowds`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, assert_never

from consensus.entries.appreciation import Concert, Rating
from consensus.entries.performance import Session
from consensus.identifiers import ContentId, EntryId, NodeKey
from consensus.statement import Statement
from popd.node.blobs import Blobs
from popd.node.concert_applause import Applauding
from popd.node.concert_cards import Cards
from popd.node.concert_commands import (
    Applaud,
    ConcertCommand,
    FinishConcert,
    GiveOpinion,
    HideComment,
    OpenConcert,
    SetConcertPhase,
)
from popd.node.concert_gathering import Gathering
from popd.node.concert_hall import Hall
from popd.node.concert_hosting import Hosting
from popd.node.concert_live import LiveConcert
from popd.node.concert_notes import concerts_noted
from popd.node.concert_revealing import Revealing
from popd.node.concert_telling import Telling
from popd.node.concert_words import Words
from popd.node.context import Context
from popd.node.keeping import Keeping
from popd.node.messages.concerts import ConcertCard, ConcertId, Phase
from popd.node.messages.crowds import (
    Applause,
    BallotsRefused,
    ConcertBallots,
    ConcertWords,
    CrowdMessage,
)
from popd.node.minting import Minting
from popd.node.nearness import Nearby
from popd.node.notices import OpinionRefused
from popd.node.pen import Pen
from popd.node.performing import Performing
from popd.node.purposes import ForBallots, ForCard
from popd.node.standing import Standings
from popd.node.terms import Terms

TEND_MS: Final = 1_000
"""How often it is looked at who is silent, and what is to be said again."""
IDLE_TEND_MS: Final = 30_000
"""The same where all that is known is over, or silent."""


@dataclass(slots=True)
class Concerting:
    """All that a node has to do with concerts."""

    context: Context
    """The node."""
    standings: Standings
    """What each peer may cost."""
    keeping: Keeping
    """Who is trusted."""
    nearby: Nearby
    """How near each peer is."""
    blobs: Blobs
    """Names and comments."""
    pen: Pen
    """Writes ratings and pages."""
    minting: Minting
    """What may still mint."""
    performing: Performing
    """What is played."""
    notes: Mapping[str, bytes]
    """What was written down before this node started."""
    hall: Hall = field(init=False)
    """The concerts, and what all parts share."""
    cards: Cards = field(init=False)
    """Other people's."""
    hosting: Hosting = field(init=False)
    """The own one."""
    telling: Telling = field(init=False)
    """Opinions before the reveal."""
    revealing: Revealing = field(init=False)
    """And after it."""
    gathering: Gathering = field(init=False)
    """Pages."""
    words: Words = field(init=False)
    """Comments."""
    applauding: Applauding = field(init=False)
    """Applause."""
    told: dict[EntryId, dict[EntryId, None]] = field(default_factory=dict)
    """Ratings and pages of all concerts, by first session, in order of arrival."""
    _tend_us: int = 0

    def __post_init__(self) -> None:
        known = concerts_noted(self.notes, self.context.identity)
        self.hall = Hall(self.context, self.standings, self.keeping, self.nearby, known)
        self.words = Words(self.hall, self.blobs)
        self.revealing = Revealing(self.hall, self.pen, self.words.on_comment)
        self.hosting = Hosting(self.hall, self.blobs, self._revealed)
        self.telling = Telling(self.hall)
        self.cards = Cards(self.hall, self._on_card)
        self.applauding = Applauding(self.hall)
        self.gathering = Gathering(
            self.hall,
            self.pen,
            self.minting,
            self.performing,
            lambda live: self._close(live),
            self.hosting.say,
        )

    @property
    def concerts(self) -> dict[ConcertId, LiveConcert]:
        """All concerts that this node knows."""
        return self.hall.concerts

    def terms(self) -> Terms:
        """What a session that begins now takes over from the own concert."""
        return self.hosting.terms()

    def live_session(self, live: LiveConcert) -> EntryId | None:
        """The session of a concert that is on now; None between two songs."""
        now_ms, window_ms = self.context.now_ms, self.context.params.window_ms
        for session in reversed(live.card.sessions):
            held = self.context.ledger.statements.get(session)
            body = None if held is None else held.body
            if isinstance(body, Session) and now_ms < body.start_ms + body.windows * window_ms:
                return session
        return None

    def start(self) -> None:
        """The node runs: takes up what the notes and the ledger say."""
        ledger = self.context.ledger
        for statement in ledger.statements.values():
            if statement.id in ledger.applied:
                self._index(statement)
        for live in list(self.concerts.values()):
            self.telling.resume(live)
            if live.own is not None:
                self.hosting.share_name(live)
        self._tend_later()
        for live in list(self.concerts.values()):
            self._on_card(live, live.card)
            self.gathering.look_soon(live)

    def command(self, command: ConcertCommand) -> None:
        """The user wants something."""
        self._follow(command)
        self._tend_later()

    def _follow(self, command: ConcertCommand) -> None:
        live = self.concerts.get(command.concert)
        if isinstance(command, OpenConcert):
            self.hosting.open(command)
        elif live is None:
            why = "No such concert is known here.", "Wait until its card arrives, or look nearby."
            if isinstance(command, GiveOpinion):
                voice = self.context.identity if command.guest is None else command.guest.key
                self.context.tell(OpinionRefused(command.concert, voice, *why))
            elif not isinstance(command, Applaud):
                self.hall.refuse(command.concert, *why)
        elif isinstance(command, GiveOpinion):
            self.telling.give(live, command)
        elif isinstance(command, Applaud):
            self.applauding.applaud(live, command)
        elif live.own is None:
            self.hall.refuse(live.id, "Somebody else gathers it.", "Ask who performs.")
        else:
            self._change(live, command)

    def hear(self, peer: NodeKey, message: ConcertCard | CrowdMessage) -> None:
        """A peer says something about concerts."""
        if isinstance(message, ConcertCard):
            self.cards.take(peer, message)
            self._tend_later()
            return
        live = self.concerts.get(message.concert)
        if live is None:
            return
        match message:
            case ConcertBallots() if live.own is not None:
                self.hosting.take_ballots(live, peer, message)
            case ConcertBallots():
                self.telling.pass_on(live, peer, message)
            case BallotsRefused():
                self.telling.take_refusal(peer, message)
            case ConcertWords():
                self.words.take(live, peer, message)
            case Applause():
                self.applauding.take(live, peer, message)
            case _:
                assert_never(message)

    def signed(self, purpose: ForCard | ForBallots, signature: bytes) -> None:
        """Something of one's own is signed."""
        match purpose:
            case ForCard():
                self.hosting.card_signed(purpose, signature)
                live = self.concerts.get(purpose.card.concert)
                if live is not None:
                    self.telling.on_card(live)
                    self.words.on_card(live)
            case ForBallots():
                message = replace(purpose.message, signature=signature)
                live = self.concerts.get(message.concert)
                if live is not None and live.own is not None:
                    self.hosting.take_ballots(live, self.context.node_key, message)
                elif live is not None:
                    self.telling.send(live, message)
            case _:
                assert_never(purpose)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there."""
        self.cards.meet(peer)

    def on_applied(self, statement: Statement) -> None:
        """An entry took its place."""
        body = statement.body
        is_own = statement.entry.author == self.context.identity
        if isinstance(body, Session) and is_own:
            self.hosting.on_session(statement.id, body)
        else:
            self._index(statement)
            self._take_up(statement)

    def forget(self, statement: Statement) -> None:
        """An entry was let go: it is no word of a concert any more."""
        body = statement.body
        if isinstance(body, Rating | Concert):
            first = body.opinion.session if isinstance(body, Rating) else body.sessions[0]
            entries = self.told.get(first, {})
            entries.pop(statement.id, None)
            if not entries:
                self.told.pop(first, None)
            live = self.hall.of_session(first)
            if live is not None:
                live.ratings.pop(statement.id, None)

    def on_blob(self, blob: ContentId, data: bytes) -> None:
        """Something that was asked for is here."""
        self.words.on_blob(blob, data)

    def _index(self, statement: Statement) -> None:
        """Remembers which concert a rating or a page is of; other entries are of none."""
        body = statement.body
        if isinstance(body, Rating):
            self.told.setdefault(body.opinion.session, {})[statement.id] = None
        elif isinstance(body, Concert):
            self.told.setdefault(body.sessions[0], {})[statement.id] = None

    def _take_up(self, statement: Statement) -> None:
        """A rating or a page is in the ledger; perhaps it is of a concert that is known."""
        body = statement.body
        if isinstance(body, Rating):
            live = self.revealing.on_rating(statement, body)
            if live is not None:
                self.gathering.look_soon(live)
        elif isinstance(body, Concert):
            live = self.revealing.on_page(statement, body)
            if live is not None and not live.is_mine:
                self.hosting.share_name(live)
            if live is not None and statement.entry.author == self.context.identity:
                self.gathering.written(live, statement.id)

    def _change(
        self, live: LiveConcert, command: SetConcertPhase | FinishConcert | HideComment
    ) -> None:
        match command:
            case SetConcertPhase(phase=Phase.CLOSED) if live.phase is Phase.REVEALED:
                self.gathering.finish(live)
            case SetConcertPhase():
                self.hosting.set_phase(live, command.phase)
                self._on_card(live, live.card)
            case FinishConcert():
                self.gathering.finish(live)
            case HideComment():
                self._hide(live, command)
            case _:
                assert_never(command)

    def _hide(self, live: LiveConcert, command: HideComment) -> None:
        if self.words.hide(live, command.comment, is_hidden=command.is_hidden):
            self.hosting.say(live)
        else:
            self.hall.refuse(live.id, "There is no such comment to change.", "Look again.")

    def _revealed(self, live: LiveConcert) -> None:
        self.gathering.look_soon(live)

    def _close(self, live: LiveConcert) -> None:
        self.hosting.go_on(live, Phase.CLOSED)
        self._on_card(live, live.card)

    def _on_card(self, live: LiveConcert, before: ConcertCard) -> None:
        """The gatherer says how far its concert is: what follows from that here."""
        if before.phase != live.phase and live.opinions:
            self.telling.write_down(live)
        if live.first_session is not None and not live.is_joined:
            live.is_joined = True
            for entry in list(self.told.get(live.first_session, ())):
                if entry in self.context.ledger.applied:
                    self._take_up(self.context.ledger.statements[entry])
        self.telling.on_card(live)
        self.revealing.reveal(live)
        self.words.on_card(live)

    def _tend_later(self) -> None:
        if not self.concerts:
            return
        is_on = any(
            live.phase < Phase.CLOSED and not live.is_stale for live in self.concerts.values()
        )
        due_us = self.context.now_us + (TEND_MS if is_on else IDLE_TEND_MS) * 1_000
        if not self._tend_us or due_us < self._tend_us:
            self._tend_us = due_us
            self.context.call_at(due_us, partial(self._tend, due_us))

    def _tend(self, due_us: int) -> None:
        if due_us != self._tend_us:
            return
        self._tend_us = 0
        self.hosting.tend()
        self.cards.tend()
        self._tend_later()
