"""Cards: which concerts a node hears of, which it keeps in mind, and how their cards travel.

Whoever takes a newer card in passes it on. Concerts cost their gatherer nothing, so room for them
is bounded, and strangers' give way to those of people whom the user has something to do with.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from consensus.identifiers import NodeKey
from consensus.units import MILLISECONDS_PER_DAY
from popd.node.concert_hall import Hall
from popd.node.concert_live import STALE_MS, LiveConcert
from popd.node.concert_notes import concert_note, opinion_note
from popd.node.effects import KeepNote
from popd.node.messages.concerts import ConcertCard, Phase, card_digest

MAX_CONCERTS: Final = 64
"""Concerts kept in mind: more than anybody can choose from."""
MAX_OF_PEER: Final = 16
"""Strangers' concerts of which one peer told first: a single peer can't fill the programme."""
MAX_OF_GATHERER: Final = 4
"""Concerts of one gatherer: one that is on, and the latest that are closed."""
PASS_MS: Final = 400
"""A concert's cards are passed on no faster, the latest each time."""
FORGOTTEN_MS: Final = 600_000
"""A concert in which nobody here has a part is forgotten after so long without a card."""
KEPT_MS: Final = MILLISECONDS_PER_DAY
"""One in which somebody has a part is kept for a day."""


@dataclass(slots=True)
class Cards:
    """The cards of concerts that other nodes gather."""

    hall: Hall
    """The concerts."""
    on_card: Callable[[LiveConcert, ConcertCard], None]
    """Called when a card took the place of the one before, with that; and with a first one."""

    def take(self, peer: NodeKey, card: ConcertCard) -> None:
        """A peer brings a card."""
        hall, context = self.hall, self.hall.context
        live = hall.concerts.get(card.concert)
        if card.node == context.node_key or card.number > context.now_ms + MILLISECONDS_PER_DAY:
            return
        if live is None and not self._has_room(peer, card):
            return
        if live is not None and not is_later(live.card, card):
            return
        if not hall.is_signed(peer, card.gatherer, card.signature, card_digest(card)):
            return
        before = card if live is None else live.card
        if live is None:
            self._make_room(card)
            live = LiveConcert(card, context.now_ms, context.now_us, peer)
            hall.concerts[card.concert] = live
            hall.changed(live)
        live.card, live.heard_us, live.is_stale = card, context.now_us, False
        if replace(before, number=0, signature=b"") != replace(card, number=0, signature=b""):
            hall.changed(live)
        self._pass_on(live, peer)
        self.on_card(live, before)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there: it hears of all concerts that are on, the own one first."""
        for live in sorted(self.hall.concerts.values(), key=lambda live: not live.is_mine):
            card = live.card if live.own is None else live.own.told
            if card is not None and not live.is_stale:
                self.hall.context.send(peer, card)

    def tend(self) -> None:
        """Sees who was not heard of for long, and forgets what is over."""
        now_us = self.hall.context.now_us
        for live in self._others():
            silent_ms = (now_us - live.heard_us) // 1_000
            if silent_ms >= STALE_MS and not live.is_stale:
                live.is_stale = True
                self.hall.changed(live)
            if silent_ms >= (KEPT_MS if live.opinions else FORGOTTEN_MS):
                self.forget(live)

    def forget(self, live: LiveConcert) -> None:
        """Nothing of a concert is kept any more."""
        del self.hall.concerts[live.id]
        notes = [opinion_note(live, opinion) for opinion in live.opinions.values()]
        for name, _ in [concert_note(live), *notes] if live.opinions else []:
            self.hall.context.do(KeepNote(name, None))
        self.hall.changed(live)

    def _pass_on(self, live: LiveConcert, source: NodeKey) -> None:
        """Passes the latest card on after a while, however many come meanwhile."""
        if not live.is_passing:
            live.is_passing = True
            self.hall.context.call_after(PASS_MS, lambda: self._pass(live, source))

    def _pass(self, live: LiveConcert, source: NodeKey) -> None:
        live.is_passing = False
        if live.id in self.hall.concerts:
            self.hall.spread(live.card, source, live.card.node)

    def _has_room(self, peer: NodeKey, card: ConcertCard) -> bool:
        """Whether a new concert may be known, before its signature is looked at."""
        concerts = self.hall.concerts.values()
        same = [live for live in self._others() if live.card.gatherer == card.gatherer]
        on = [live for live in same if live.phase < Phase.CLOSED]
        if any(not self._may_go(live) or live.card.number > card.number for live in on):
            return False
        if self.hall.is_trusted(card.gatherer):
            return True
        if peer != card.node:
            brought = sum(live.brought_by == peer != live.card.node for live in concerts)
            if brought >= MAX_OF_PEER:
                return False
        return len(concerts) < MAX_CONCERTS or self._least() is not None

    def _make_room(self, card: ConcertCard) -> None:
        """What a new concert takes the place of goes."""
        same = [live for live in self._others() if live.card.gatherer == card.gatherer]
        over = [live for live in same if live.phase < Phase.CLOSED]
        closed = sorted(
            (live for live in same if live.phase is Phase.CLOSED and not live.opinions),
            key=lambda live: live.card.number,
        )
        over += closed[: max(0, len(same) + 1 - MAX_OF_GATHERER)]
        for live in over:
            self.forget(live)
        while len(self.hall.concerts) >= MAX_CONCERTS:
            self.forget(self._least() or min(self._others(), key=self._worth))

    def _may_go(self, live: LiveConcert) -> bool:
        """Whether a concert that is on makes room for its gatherer's next one."""
        return live.is_stale and not live.opinions

    def _least(self) -> LiveConcert | None:
        """The stranger's concert that goes first: one that is over, or not heard of."""
        going = [
            live
            for live in self._others()
            if (live.is_stale or live.phase is Phase.CLOSED)
            and not (live.opinions or self.hall.is_trusted(live.card.gatherer))
        ]
        return min(going, key=lambda live: live.heard_us, default=None)

    def _worth(self, live: LiveConcert) -> tuple[bool, bool, int]:
        """What a concert is worth to the user, the least first."""
        is_trusted = self.hall.is_trusted(live.card.gatherer)
        return bool(live.opinions), is_trusted, live.heard_us

    def _others(self) -> list[LiveConcert]:
        return [live for live in self.hall.concerts.values() if not live.is_mine]


def is_later(known: ConcertCard, card: ConcertCard) -> bool:
    """Whether a card of the same concert can take the place of the known one.

    What a concert is can't change, its sessions and pages only grow, and it only goes forward,
    but for one that was locked and is opened again.
    """
    if card.number <= known.number or what_it_is(card) != what_it_is(known):
        return False
    grows = ((known.sessions, card.sessions), (known.pages, card.pages))
    is_longer = all(later[: len(before)] == before for before, later in grows)
    is_reopened = (known.phase, card.phase) == (Phase.LOCKED, Phase.OPEN)
    return is_longer and (card.phase >= known.phase or is_reopened)


def what_it_is(card: ConcertCard) -> tuple[object, ...]:
    """What never changes about a concert."""
    name = card.name, card.name_salt
    return card.gatherer, card.node, name, card.tags, card.performers
