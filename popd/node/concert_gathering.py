"""Gathering: the ratings of the own concert become pages, as soon as its play has minted enough."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from consensus.chain import ChainState, ConcertRecord
from consensus.entries import Body
from consensus.entries.appreciation import Concert, GatheredRating
from consensus.identifiers import EntryId
from consensus.parameters import MAX_PAGE_RATINGS
from consensus.rejections import RejectionError
from consensus.rulebooks.case import Case, NamedEntries
from consensus.rulebooks.gathering import left_ujam, rated_contributions
from consensus.units import MicroJam, Microseconds, Milliseconds
from popd.node.concert_hall import Hall
from popd.node.concert_live import Gathered, LiveConcert
from popd.node.concert_order import (
    NO_PAGE,
    SECOND,
    Candidate,
    in_order,
    once_each,
    why_not,
)
from popd.node.messages.concerts import MAX_PAGES, Phase
from popd.node.minting import Minting
from popd.node.pen import Pen
from popd.node.performing import Performing

RATINGS_WAIT_MS: Final = 10_000
"""After the reveal the ratings of all ballots are waited for so long."""
SOON_MS: Final = 300
"""Ratings that arrive are looked at together."""
LOOK_MS: Final = 2_000
"""How often it is looked at whether what a page waits for is there."""
RETRY_MS: Final = 60_000
"""After law refused a page."""
MARGIN_MS: Final = 3_600_000
"""So long before law's deadline the pages are written in any case."""

Basis = tuple[tuple[EntryId, ...], Milliseconds, ConcertRecord]
"""What candidates follow from once the ballots are locked.

These are the ratings that are not gathered yet, when the music was to end, and who was heard.
"""


@dataclass(slots=True)
class Gathering:
    """The gatherer's pages."""

    hall: Hall
    """The concerts."""
    pen: Pen
    """Writes them."""
    minting: Minting
    """Knows which blocks may still mint."""
    performing: Performing
    """Knows whether the play goes on."""
    on_closed: Callable[[LiveConcert], None]
    """Called when all pages are written."""
    on_page: Callable[[LiveConcert], None]
    """Called when a page is written."""
    _known: tuple[Gathered, Basis, list[Candidate]] | None = None
    """The candidates that were worked out last, of which concert, and from what."""

    def finish(self, live: LiveConcert) -> None:
        """The user does not want to wait any longer."""
        own = live.own
        if own is None or live.phase is not Phase.REVEALED:
            self.hall.refuse(live.id, "The ratings are not revealed.", "Reveal them first.")
            return
        own.is_finishing = True
        self.on_page(live)
        self.look(live)

    def look_soon(self, live: LiveConcert) -> None:
        """Something that a page may wait for is there."""
        if live.own is not None:
            self._look_in(live, live.own, SOON_MS)

    def look(self, live: LiveConcert) -> None:
        """Writes the next page if it is time; closes the concert after the last."""
        own = live.own
        if own is None or live.phase is not Phase.REVEALED or own.is_writing:
            return
        state = self.hall.context.ledger.state(self.hall.context.identity)
        first = live.first_session
        if state is None or first is None or first not in state.sessions:
            self._close(live, own)
            return
        candidates = self._candidates(live, own, state, first)
        late_ms = self.hall.context.now_ms - self._deadline_ms(live, state)
        if late_ms > MARGIN_MS:
            self._close(live, own)
            return
        is_over = late_ms > 0
        own_waits = "" if is_over else self._waits(live, own, state, candidates)
        if own_waits != own.waiting_for:
            own.waiting_for = own_waits
            self.hall.changed(live)
        if own_waits:
            self._look_in(live, own, LOOK_MS)
        elif candidates and len(live.card.pages) < MAX_PAGES:
            own.is_writing = True
            self.pen.write(partial(self._page, live), partial(self._rejected, live, own))
        else:
            for candidate in candidates:
                own.refuse(candidate.id, NO_PAGE)
            self._close(live, own)

    def written(self, live: LiveConcert, page: EntryId) -> None:
        """A page of one's own is in the ledger."""
        own = live.own
        if own is not None and page not in live.card.pages:
            own.is_writing = False
            live.card = replace(live.card, pages=(*live.card.pages, page)[:MAX_PAGES])
            self.on_page(live)
            self.look(live)

    def _waits(
        self, live: LiveConcert, own: Gathered, state: ChainState, candidates: list[Candidate]
    ) -> str:
        """What the next page waits for, as a sentence; empty when it is time."""
        if own.is_finishing:
            return ""
        ratings = len(live.gathered) + len(candidates)
        is_early = self.hall.context.now_ms < own.revealed_ms + RATINGS_WAIT_MS
        if is_early and ratings < own.box.count:
            missing = own.box.count - ratings
            return f"{missing} of {own.box.count} ratings are still on their way."
        if not candidates or not self._is_capped(live, state, candidates):
            return ""
        sessions = set(live.card.sessions)
        blocks = [b for b in self.minting.blocks.values() if b.body.session in sessions]
        show = self.performing.show
        if show is not None and show.id in sessions and (show.is_on or show.windows):
            return "The music goes on: what it mints decides how much the crowd can mint."
        if blocks:
            return f"{len(blocks)} windows of the music have not minted yet."
        return "An entry is being written." if self.pen.is_busy else ""

    def _is_capped(self, live: LiveConcert, state: ChainState, candidates: list[Candidate]) -> bool:
        """Whether the next page would mint more if the music had minted more."""
        case = self._case(live, state, candidates)
        return sum(part.amount_ujam for part in rated_contributions(case)) >= left_ujam(case)

    def _candidates(
        self, live: LiveConcert, own: Gathered, state: ChainState, first: EntryId
    ) -> list[Candidate]:
        """The ratings that are not gathered yet, as they count; the others are refused."""
        applied, end_ms = self.hall.context.ledger.applied, self._end_ms(live, state)
        new = tuple(r for r in live.ratings if r in applied and r not in live.gathered)
        record = state.concerts.get(first) or ConcertRecord()
        basis = new, end_ms, record
        if self._known is None or self._known[0] is not own or self._known[1] != basis:
            self._known = own, basis, self._counted(own, *basis)
        return self._known[2]

    def _counted(
        self, own: Gathered, new: tuple[EntryId, ...], end_ms: Milliseconds, record: ConcertRecord
    ) -> list[Candidate]:
        """Those of the new ratings that count, in their order; the others are refused."""
        ledger, box = self.hall.context.ledger, own.box
        left: list[EntryId] = []
        for rating in new:
            why = why_not(box, ledger, rating, end_ms)
            if why:
                own.refuse(rating, why)
            else:
                left.append(rating)
        heard = frozenset((voice, bytes(who)) for voice, who in record.voices)
        found, others = once_each(in_order(box, ledger, left), heard)
        for rating in others:
            own.refuse(rating, SECOND)
        return found

    def _page(self, live: LiveConcert, time_ms: Milliseconds) -> Body | None:
        """The next page, with the amount of the law; None where nothing is left to gather."""
        state = self.hall.context.ledger.state(self.hall.context.identity)
        first, own = live.first_session, live.own
        assert state is not None
        assert first is not None
        assert own is not None
        candidates = self._candidates(live, own, state, first)
        if not candidates:
            own.is_writing = False
            self._look_in(live, own, SOON_MS)
            return None
        case = self._case(live, state, candidates)
        amount = sum(part.amount_ujam for part in rated_contributions(case))
        return replace(case.body, amount_ujam=MicroJam(amount))

    def _case(
        self, live: LiveConcert, state: ChainState, candidates: list[Candidate]
    ) -> Case[Concert]:
        """The next page before the law, its amount still empty."""
        ledger, card = self.hall.context.ledger, live.card
        ratings = tuple(GatheredRating(c.id, c.presence) for c in candidates[:MAX_PAGE_RATINGS])
        sessions = tuple(session for session in card.sessions if session in state.sessions)
        draft = Concert(sessions, card.name_id, card.tags, ratings, MicroJam(0))
        first = ledger.statements[sessions[0]]
        names = NamedEntries(ledger.statements, ledger.claims)
        return Case(ledger.params, state, first.id, first.entry, draft, names)

    def _rejected(self, live: LiveConcert, own: Gathered, error: RejectionError) -> None:
        """Law would not have the page: it is tried again when something may have changed."""
        own.is_writing = False
        own.waiting_for = f"The last page was not possible: {error.message}."
        self.hall.refuse(live.id, own.waiting_for, "It is tried again by itself.")
        self._look_in(live, own, RETRY_MS)

    def _look_in(self, live: LiveConcert, own: Gathered, delay_ms: int) -> None:
        """Looks again after a delay, unless that was to be sooner anyway."""
        now_us = self.hall.context.now_us
        due_us = Microseconds(now_us + delay_ms * 1_000)
        if own.look_us <= now_us or due_us < own.look_us:
            own.look_us = due_us
            self.hall.context.call_at(due_us, partial(self._look_now, live, own, due_us))

    def _look_now(self, live: LiveConcert, own: Gathered, due_us: Microseconds) -> None:
        if own.look_us == due_us:
            own.look_us = Microseconds(0)
            self.look(live)

    def _end_ms(self, live: LiveConcert, state: ChainState) -> Milliseconds:
        """When the last of the music was to end."""
        window_ms = self.hall.context.params.window_ms
        known = [state.sessions[one] for one in live.card.sessions if one in state.sessions]
        return Milliseconds(max(s.start_ms + s.windows * window_ms for s in known))

    def _deadline_ms(self, live: LiveConcert, state: ChainState) -> int:
        return self._end_ms(live, state) + self.hall.context.params.mint_deadline_ms - MARGIN_MS

    def _close(self, live: LiveConcert, own: Gathered) -> None:
        own.waiting_for = ""
        self.on_closed(live)
