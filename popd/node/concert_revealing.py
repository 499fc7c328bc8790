"""Revealing: each opinion here becomes a rating in the own chain, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from consensus.entries import Body
from consensus.entries.appreciation import Concert, Rating, voice_of
from consensus.identifiers import ContentId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds, day_of
from popd.node.concert_hall import Hall
from popd.node.concert_live import LiveConcert
from popd.node.concert_opinions import OpinionState, OwnOpinion
from popd.node.concert_order import NO_BALLOT, NO_PAGE
from popd.node.messages.concerts import MAX_PAGES, Phase
from popd.node.pen import Pen

RETRY_MS: Final = 1_000
"""What a rating builds on may still be on its way."""
NOT_GATHERED: Final = "It came too late to be gathered, or the performer did not hold its digest."
MAX_RATINGS: Final = 16_384
"""Ratings of one concert that are remembered: more than its pages have room for."""
MAX_COMMENTS: Final = 2_048
"""Comments of one concert: more than anybody reads."""
MAX_COMMENTS_OF_TELLER: Final = 256
"""Comments of one teller, beyond which theirs are not shown: one host can't fill the wall."""
UNREVEALED: Final = (OpinionState.HELD, OpinionState.TOLD)


@dataclass(slots=True)
class Revealing:
    """From opinions to ratings, and to what became of them."""

    hall: Hall
    """The concerts."""
    pen: Pen
    """Writes the ratings."""
    on_comment: Callable[[LiveConcert, ContentId], None]
    """Called when a rating names a comment that was not known before."""

    def reveal(self, live: LiveConcert) -> None:
        """Writes the next rating, where the ratings are to be revealed and none is being written.

        A host whose network failed meanwhile is late, and says so.
        """
        if live.phase is Phase.CLOSED:
            self.settle(live)
        if live.phase is not Phase.REVEALED or live.is_writing or not live.opinions:
            return
        if self.hall.is_borrowed(live):
            for voice in list(live.opinions):
                why = "The concert claimed music that is somebody else's."
                self.hall.refuse_opinion(live, voice, why, "Rate at their concert.")
        if live.first_session not in self.hall.context.ledger.statements:
            live.is_writing = True
            self.hall.context.call_after(RETRY_MS, partial(self._go_on_now, live))
            return
        for opinion in list(live.opinions.values()):
            if opinion.state is OpinionState.HELD and not opinion.told_number:
                why = "It did not reach the performer before the ratings were locked."
                self.hall.refuse_opinion(live, opinion.voice, why, "Rate earlier the next time.")
        due = next((o for o in live.opinions.values() if o.state in UNREVEALED), None)
        if due is not None:
            live.is_writing = True
            self.pen.write(partial(self._rating, live, due), partial(self._rejected, live, due))

    def on_rating(self, statement: Statement, rating: Rating) -> LiveConcert | None:
        """A rating is in the ledger; returns the concert that it is of, if that is known."""
        live = self.hall.of_session(rating.opinion.session)
        if live is None or len(live.ratings) >= MAX_RATINGS:
            return None
        author = statement.entry.author
        if live.own is not None and live.own.box.digest(author, voice_of(author, rating)) is None:
            live.own.refuse(statement.id, NO_BALLOT)
            return None
        live.ratings[statement.id] = None
        comment = rating.opinion.comment
        if comment is not None and comment not in live.comments and self._has_room(live, statement):
            live.comments[comment] = statement.id
            self.on_comment(live, comment)
        if statement.entry.author == self.hall.context.identity:
            self._written(live, statement, rating)
        self.hall.changed(live)
        return live

    def on_page(self, statement: Statement, page: Concert) -> LiveConcert | None:
        """A page is in the ledger; returns the concert that it is of, if that is known."""
        live = self.hall.of_session(page.sessions[0])
        if live is None or live.card.gatherer != statement.entry.author:
            return None
        gathered = {rating for rating, _ in page.ratings}
        live.gathered.update(dict.fromkeys(gathered, statement.id))
        for opinion in list(live.opinions.values()):
            if opinion.rating in gathered:
                state, page_id = OpinionState.GATHERED, statement.id
                done = replace(opinion, state=state, page=page_id, why="", next_step="")
                live.change(opinion.voice, done)
        self.settle(live)
        self.hall.changed(live)
        return live

    def settle(self, live: LiveConcert) -> None:
        """The concert is closed: what no page rests on does not count."""
        applied = self.hall.context.ledger.applied
        if live.phase is not Phase.CLOSED or not set(live.card.pages) <= applied:
            return
        for opinion in list(live.opinions.values()):
            if opinion.state not in (OpinionState.GATHERED, OpinionState.REFUSED):
                is_told = opinion.rating is not None
                why = "The concert was closed before it was revealed."
                if is_told:
                    why = NO_PAGE if len(live.card.pages) >= MAX_PAGES else NOT_GATHERED
                self.hall.refuse_opinion(live, opinion.voice, why, "Stay connected the next time.")

    def _rating(self, live: LiveConcert, opinion: OwnOpinion, time_ms: Milliseconds) -> Body | None:
        """The rating, with what the own chain says of it; None where it is written already."""
        params, state = self.hall.context.params, self.hall.context.ledger.state(self._me)
        said, day = opinion.opinion, day_of(time_ms)
        if state is None:
            why = "the own chain has not begun"
            raise RejectionError(RejectionReason.BROKEN_DEPENDENCY, why)
        if (said.session, said.performer, opinion.voice) in state.voices:
            why = "This voice has rated already."
            self.hall.refuse_opinion(live, opinion.voice, why, "A voice rates once.")
            self._go_on(live)
            return None
        return Rating(
            said,
            opinion.guest,
            live.presence,
            day,
            state.rated_days_before(said.performer, day, params.familiarity_days),
            state.rating_budget_spent_ppm(day, params.rating_days),
        )

    def _rejected(self, live: LiveConcert, opinion: OwnOpinion, error: RejectionError) -> None:
        """Law would not have it, or not yet: the performer's session may still be on its way."""
        waits = (RejectionReason.BROKEN_DEPENDENCY, RejectionReason.TOO_EARLY)
        is_young = self.hall.context.now_us - live.heard_us < MILLISECONDS_PER_DAY * 1_000
        if error.reason in waits and is_young:
            self.hall.context.call_after(RETRY_MS, partial(self._go_on_now, live))
            return
        why = f"Law would not have it: {error.message}."
        self.hall.refuse_opinion(live, opinion.voice, why, "Rate again at the next concert.")
        self._go_on(live)

    def _written(self, live: LiveConcert, statement: Statement, rating: Rating) -> None:
        voice = voice_of(statement.entry.author, rating)
        opinion = live.mine(voice)
        if opinion is not None and opinion.opinion == rating.opinion:
            state = OpinionState.REVEALED
            written = replace(opinion, state=state, rating=statement.id, why="", next_step="")
            live.change(voice, written)
        self._go_on(live)

    def _go_on(self, live: LiveConcert) -> None:
        self.hall.context.call_after(0, partial(self._go_on_now, live))

    def _go_on_now(self, live: LiveConcert) -> None:
        live.is_writing = False
        self.reveal(live)

    def _has_room(self, live: LiveConcert, statement: Statement) -> bool:
        """Whether another comment of this author is shown."""
        if len(live.comments) >= MAX_COMMENTS:
            return False
        author, held = statement.entry.author, self.hall.context.ledger.statements
        same = (r for r in live.comments.values() if r in held and held[r].entry.author == author)
        return sum(1 for _ in same) < MAX_COMMENTS_OF_TELLER

    @property
    def _me(self) -> IdentityId:
        return self.hall.context.identity
