"""The audience: the sockets of Nearby, what each looks at, and whether a person is there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import trio

from consensus.identifiers import ChartId, EntryId
from popd.node.events import Attend, Event, UnwatchSession, WatchSession

MAX_SEATS: Final = 32
"""Sockets at once: the owner's pages and terminals, and a few phones."""
MAX_WATCHED: Final = 4
"""Performances that one socket looks at: nobody follows more."""
MAX_BURST: Final = 32
"""Messages that one socket may send at once: the first pings come close together."""
PACE_US: Final = 100_000
"""Each further one earns this long."""
MAX_MISSING: Final = 1_024
"""Charts remembered as not here."""


@dataclass(slots=True, eq=False)
class Seat:
    """One socket."""

    is_owner: bool
    """It may judge, and hears of duties."""
    watched: set[EntryId] = field(default_factory=set)
    """What it looks at."""
    is_attending: bool = False
    """Somebody sits there who judges by hand."""
    changed: trio.Event = field(default_factory=trio.Event)
    """Set when the list is to be told anew."""
    _free_us: int = 0

    def may_speak(self, now_us: int) -> bool:
        """Whether one more message is followed; what it sets off costs others more than it."""
        begin_us = max(self._free_us, now_us - MAX_BURST * PACE_US)
        if begin_us + PACE_US > now_us:
            return False
        self._free_us = begin_us + PACE_US
        return True


@dataclass(slots=True)
class Audience:
    """All of them; what they want of the node changes with the first and the last alone."""

    seats: set[Seat] = field(default_factory=set)
    """Who is here."""
    missing: dict[ChartId, int] = field(default_factory=dict)
    """Until when (daemon's us) a chart that was not here is not looked for again."""

    @property
    def is_full(self) -> bool:
        """No further socket is let in."""
        return len(self.seats) >= MAX_SEATS

    @property
    def is_attending(self) -> bool:
        """A person is there."""
        return any(seat.is_attending for seat in self.seats)

    def watch(self, seat: Seat, session: EntryId) -> Iterable[Event]:
        """A seat looks at a performance; what the node has to be told."""
        is_watched = any(session in one.watched for one in self.seats)
        seat.watched.add(session)
        return () if is_watched else (WatchSession(session),)

    def unwatch(self, seat: Seat, session: EntryId) -> Iterable[Event]:
        """A seat looks away."""
        if session not in seat.watched:
            return ()
        seat.watched.remove(session)
        is_watched = any(session in one.watched for one in self.seats)
        return () if is_watched else (UnwatchSession(session),)

    def attend(self, seat: Seat, *, is_on: bool) -> Iterable[Event]:
        """A person comes to a seat, or leaves it."""
        before = self.is_attending
        seat.is_attending = is_on
        return () if self.is_attending == before else (Attend(is_on),)

    def leave(self, seat: Seat) -> Iterable[Event]:
        """A seat is given up, with all that it wanted."""
        events = [
            event for session in sorted(seat.watched) for event in self.unwatch(seat, session)
        ]
        events += self.attend(seat, is_on=False)
        self.seats.discard(seat)
        return events

    def note_missing(self, chart: ChartId, until_us: int) -> None:
        """A chart is not here, and is not looked for before then."""
        if len(self.missing) >= MAX_MISSING:
            self.missing.clear()
        self.missing[chart] = until_us

    def change(self) -> None:
        """The list is to be told anew to everybody."""
        for seat in self.seats:
            seat.changed.set()
