"""A player without hands: plays prepared events in real or virtual time, and answers riffs."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random  # noqa: TID251 (the type of an argument)

from consensus.chart import Note
from consensus.evidence import KeyEvent
from consensus.parameters import RIFF_CLEARANCE_US
from game.bots.responder import Responder
from game.bots.strokes import Stroke, events_of, strokes_of


@dataclass(slots=True)
class Autoplay:
    """What is still to be played of a session, in session time."""

    strokes: list[Stroke]
    """Still to come, or under way, in order."""
    end_us: int
    """When the session ends."""
    chance: Random
    """For the answers to riffs."""
    responder: Responder = field(default_factory=Responder)
    """Answers riffs."""
    played_us: int = 0
    """Up to when events were handed out."""
    _events: tuple[KeyEvent, ...] | None = None
    """What the strokes come to, until they change."""

    def answer(self, riff: Sequence[Note]) -> None:
        """Answers a riff, and leaves out what it clears of the chart."""
        kept = [
            stroke
            for stroke in self.strokes
            if stroke.press_us < self.played_us
            or not any(abs(stroke.press_us - note.start_us) < RIFF_CLEARANCE_US for note in riff)
        ]
        answers = [
            stroke
            for stroke in self.responder.strokes(riff, self.chance)
            if stroke.press_us >= self.played_us
        ]
        self.strokes = sorted([*kept, *answers])
        self._events = None

    def due(self, now_us: int) -> tuple[KeyEvent, ...]:
        """The events since the last call, up to `now_us`."""
        if self._events is None:
            self._events = events_of(self.strokes, self.end_us)
        first, last = (
            bisect_left(self._events, time_us, key=lambda event: event.time_us)
            for time_us in (self.played_us, now_us)
        )
        events = self._events[first:last]
        self.played_us = max(self.played_us, now_us)
        return events


def autoplay(events: Sequence[KeyEvent], end_us: int, chance: Random) -> Autoplay:
    """Plays `events` (in session time) and answers riffs as they come."""
    return Autoplay(list(strokes_of(events, end_us)), end_us, chance)
