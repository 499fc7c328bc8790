"""The hall: everybody who listens to concerts through this daemon, and what they hear of them.

Whatever is the same for all is made once and put into each listener's bounded queue. Who reads too
slowly misses frames first; what a concert has come to is always told anew, so nothing else is lost.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec
import trio

from consensus.units import MILLION
from popd.api.audience import Seat
from popd.api.concert_shapes import FeltMessage
from popd.api.guests import GuestBook, GuestSeat
from popd.node.messages.concerts import ConcertId
from popd.node.notices import CrowdFelt, OpinionKept, OpinionRefused

MAX_LISTENERS: Final = 1_100
"""A hall of guests, and the owner's own pages."""
PAGES_EACH: Final = 4
"""Pages that one voice may have open."""
QUEUE: Final = 64
"""Messages that wait for one listener: sixteen seconds of frames."""
AT_A_TIME: Final = 8
"""Listeners that are woken together: a millisecond or two of sending."""
FULL_TAPS_PER_S: Final = 2
"""Tapping so often, or more, is all the energy that one listener has."""
FELT_US: Final = 3_000_000
"""What was felt longer ago is over."""
MAX_TAPPED: Final = 16
"""Taps of one listener that count within a second: two hands don't do more."""


class Felt(NamedTuple):
    """How a crowd taps along."""

    people: int = 0
    """How many tap."""
    taps: int = 0
    """How often, in about a second."""
    energy_ppm: int = 0
    """How much, on average."""


@dataclass(slots=True, eq=False)
class Waiting:
    """Somebody who gave an opinion."""

    is_decided: trio.Event = field(default_factory=trio.Event)
    """Set when it is known what became of it."""
    refusal: OpinionRefused | None = None
    """Why it was not kept; None where it was."""


@dataclass(slots=True, eq=False)
class Listener:
    """One page that listens."""

    voice: bytes
    """Whose it is: a guest's key, or the user's identity."""
    guest: GuestSeat | None
    """The guest; None for the owner's own pages and devices."""
    is_owner: bool
    """It may see the door's secret, and what coins are worth to the user."""
    concert: ConcertId | None
    """Of which concert it hears; None for all."""
    changed: set[ConcertId] = field(default_factory=set)
    """What it is to be told anew."""
    wakes: trio.Event = field(default_factory=trio.Event)
    """Set when there is something to tell."""
    queue: deque[str] = field(default_factory=lambda: deque(maxlen=QUEUE))
    """Messages that are ready; the oldest give way."""

    views: dict[ConcertId, str] = field(default_factory=dict)
    """How concerts stand, the latest of each, to be told."""
    scope: trio.CancelScope | None = None
    """Ends their socket."""

    def hears_of(self, concert: ConcertId) -> bool:
        """Whether a concert is any of its business."""
        return self.concert is None or self.concert == concert

    def change(self, concert: ConcertId) -> None:
        """A concert is not as it was."""
        self.changed.add(concert)


@dataclass(slots=True)
class Hall:
    """All listeners of one daemon."""

    listeners: set[Listener] = field(default_factory=set)
    """Who is here."""
    seat: Seat = field(default_factory=lambda: Seat(is_owner=False))
    """Where the hall as a whole watches what is played."""
    tapped: dict[ConcertId, dict[bytes, int]] = field(default_factory=dict)
    """Taps since the last second, by voice."""
    felt: dict[ConcertId, tuple[Felt, int]] = field(default_factory=dict)
    """How each crowd tapped last, and when (daemon's us)."""
    now_us: int = 0
    """The daemon's clock, as of the last second."""
    silent: deque[Listener] = field(default_factory=deque)
    """Who has messages waiting and was not woken yet, the first first."""
    has_news: trio.Event = field(default_factory=trio.Event)
    """Set when somebody is to be woken."""
    outcomes: dict[tuple[ConcertId, bytes], deque[Waiting]] = field(default_factory=dict)
    """Who waits to hear what becomes of an opinion, in the order in which they were given."""

    def count(self, concert: ConcertId) -> int:
        """How many people listen to a concert here."""
        return len({one.voice for one in self.listeners if one.hears_of(concert)})

    def has_room(self, voice: bytes) -> bool:
        """Whether one more page of a voice can listen."""
        own = sum(one.voice == voice for one in self.listeners)
        return own < PAGES_EACH and len(self.listeners) < MAX_LISTENERS

    def of(self, concert: ConcertId) -> Iterator[Listener]:
        """Everybody who hears of a concert."""
        return (one for one in self.listeners if one.hears_of(concert))

    def change(self, concert: ConcertId) -> None:
        """A concert is not as it was."""
        for listener in self.of(concert):
            listener.change(concert)

    def tell(self, concert: ConcertId, message: msgspec.Struct) -> None:
        """The same for everybody who hears of a concert, encoded once."""
        text = msgspec.json.encode(message).decode()
        for listener in self.of(concert):
            self.put(listener, text)

    def put(self, listener: Listener, message: str) -> None:
        """A listener is to be told something, when their turn comes."""
        self._rouse(listener)
        listener.queue.append(message)

    def show(self, listener: Listener, concert: ConcertId, message: str) -> None:
        """A listener is to be told how a concert stands; what was not sent yet is outdated."""
        self._rouse(listener)
        listener.views[concert] = message

    def put_out(self, book: GuestBook) -> None:
        """Whoever is no guest any more hears nothing more."""
        for listener in self.listeners:
            is_gone = listener.guest is not None and not book.is_in(listener.guest)
            if is_gone and listener.scope is not None:
                listener.scope.cancel()

    def _rouse(self, listener: Listener) -> None:
        if not (listener.queue or listener.views):
            self.silent.append(listener)
            self.has_news.set()

    async def keep_waking(self) -> None:
        """Wakes listeners a few at a time, until cancelled.

        All at once they would send before anything else has its turn: whoever rates would wait for
        an answer as long as a frame takes to everybody, at every step that it goes through.
        """
        while True:
            await self.has_news.wait()
            self.has_news = trio.Event()
            while self.silent:
                for _ in range(min(AT_A_TIME, len(self.silent))):
                    self.silent.popleft().wakes.set()
                await trio.lowlevel.checkpoint()

    def tap(self, concert: ConcertId, voice: bytes, count: int) -> None:
        """Somebody tapped along."""
        taps = self.tapped.setdefault(concert, {})
        taps[voice] = min(MAX_TAPPED, taps.get(voice, 0) + count)

    def take_second(self) -> dict[ConcertId, Felt]:
        """How the crowds of the last second tapped; begins a new one."""
        tapped, self.tapped = self.tapped, {}
        self.felt = {
            concert: last for concert, last in self.felt.items() if self.now_us - last[1] < FELT_US
        }
        return {concert: felt(list(taps.values())) for concert, taps in tapped.items()}

    def feel(self, notice: CrowdFelt) -> None:
        """How a crowd taps, here and elsewhere together."""
        now = Felt(notice.people, notice.taps, notice.energy_ppm)
        self.felt[notice.concert] = now, self.now_us
        self.tell(notice.concert, FeltMessage(notice.concert.hex(), *now))

    def felt_now(self, concert: ConcertId) -> Felt:
        """How a crowd taps at this moment."""
        last, when_us = self.felt.get(concert, (Felt(), 0))
        return last if self.now_us - when_us < FELT_US else Felt()

    def wait_for(self, concert: ConcertId, voice: bytes) -> Waiting:
        """Somebody gave an opinion, and waits for what becomes of it."""
        waiting = Waiting()
        self.outcomes.setdefault((concert, voice), deque()).append(waiting)
        return waiting

    def give_up(self, concert: ConcertId, voice: bytes, waiting: Waiting) -> None:
        """Somebody does not wait any longer."""
        others = deque(one for one in self.outcomes.pop((concert, voice), ()) if one is not waiting)
        if others:
            self.outcomes[concert, voice] = others

    def decide(self, notice: OpinionKept | OpinionRefused) -> None:
        """What became of an opinion: the node answers in order, so who waits longest hears it."""
        key = notice.concert, notice.voice
        if key not in self.outcomes:
            return
        waiting = self.outcomes[key].popleft()
        if not self.outcomes[key]:
            del self.outcomes[key]
        waiting.refusal = notice if isinstance(notice, OpinionRefused) else None
        waiting.is_decided.set()


def felt(taps: list[int]) -> Felt:
    """What the taps of some people in a second come to."""
    if not taps:
        return Felt()
    energy = sum(min(FULL_TAPS_PER_S, count) for count in taps) * MILLION
    return Felt(len(taps), sum(taps), energy // (FULL_TAPS_PER_S * len(taps)))
