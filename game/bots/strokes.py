"""What every bot shares: strokes of keys, and how they become the events of a window."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple, Protocol, runtime_checkable

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.recording import Recording

KEY_TRAVEL_US: Final = 15_000
"""A key has to come up before it can go down again."""


@runtime_checkable
class Player(Protocol):
    """A strategy: it sees the chart, and chance is given to it."""

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """The events of a window of `window_us` that begins with the chart, in order of time."""
        ...


@runtime_checkable
class Forger(Protocol):
    """A strategy that starts from what people played."""

    def forge(
        self, sources: Sequence[Recording], window_us: int, rng: Random
    ) -> tuple[KeyEvent, ...]:
        """The events of a window on the chart of `sources[0]`, in order of time.

        All sources are of that chart; `game.bots.carrying` puts plays of others on it.
        """
        ...


class Stroke(NamedTuple):
    """A key goes down and comes up."""

    press_us: int
    """When it goes down."""
    lane: int
    """Which key."""
    release_us: int
    """When it comes up."""


def events_of(strokes: Iterable[Stroke], window_us: int) -> tuple[KeyEvent, ...]:
    """The events of strokes that begin in the window, as one keyboard could deliver them.

    A key comes up before it goes down again; a stroke for which there is no time is dropped; a
    release after the end isn't in the window.
    """
    events: list[KeyEvent] = []
    inside = sorted(stroke for stroke in strokes if 0 <= stroke.press_us < window_us)
    for lane in {stroke.lane for stroke in inside}:
        apart = _apart([stroke for stroke in inside if stroke.lane == lane])
        ends_us = [*(later.press_us - KEY_TRAVEL_US for later in apart[1:]), window_us]
        for stroke, limit_us in zip(apart, ends_us, strict=True):
            release_us = min(max(stroke.release_us, stroke.press_us + 1), limit_us)
            events.append(KeyEvent(stroke.press_us, lane, True))
            if release_us < window_us:
                events.append(KeyEvent(release_us, lane, False))
    return tuple(sorted(events))


def strokes_of(events: Sequence[KeyEvent], window_us: int) -> tuple[Stroke, ...]:
    """The strokes that `events` show; one that never ends lasts to the end of the window."""
    strokes: list[Stroke] = []
    for lane in {event.lane for event in events}:
        own = [event for event in events if event.lane == lane]
        own.append(KeyEvent(window_us, lane, False))
        strokes += [
            Stroke(before.time_us, lane, after.time_us)
            for before, after in pairwise(own)
            if before.is_press
        ]
    return tuple(sorted(strokes))


def _apart(strokes: Sequence[Stroke]) -> list[Stroke]:
    kept: list[Stroke] = []
    for stroke in strokes:
        if not kept or stroke.press_us > kept[-1].press_us + KEY_TRAVEL_US:
            kept.append(stroke)
    return kept
