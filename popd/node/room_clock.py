"""Whose clock is how far off: from echoes, of which the quickest tell most.

A reply that took `r` there and back was made at some moment within it, so that reading it as made
in the middle is wrong by at most `r/2` (Cristian 1989). Clocks drift meanwhile: an old echo is
worth less. Nothing here is law, and nobody's clock is ever corrected.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from consensus.chart import Chart

MAX_ECHOES: Final = 64
"""The latest echoes of each member: about a minute of them."""
MAX_UNANSWERED: Final = 16
"""Echoes that may be on their way at once."""
MAX_ROUND_TRIP_US: Final = 5_000_000
"""A slower answer says nothing about a clock that matters here."""
DRIFT_PPM: Final = 50
"""How fast two clocks of ordinary machines part at most."""
BEATS_PER_BAR: Final = 4
"""Charts don't say how many; whoever comes in later begins on a beat in any case."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One question and its answer."""

    at_us: int
    """When the answer came, by our clock."""
    offset_us: int
    """How far their clock seemed to be ahead of ours."""
    round_trip_us: int
    """How long it took."""

    def uncertainty_us(self, now_us: int) -> int:
        """By how much `offset_us` may be wrong now."""
        aged_us = max(0, now_us - self.at_us) * DRIFT_PPM // 1_000_000
        return -(-self.round_trip_us // 2) + aged_us


@dataclass(frozen=True, slots=True)
class Offset:
    """How far a clock is ahead of ours."""

    offset_us: int
    """Theirs less ours."""
    uncertainty_us: int
    """By how much that may be wrong, if they are honest."""


@dataclass(slots=True)
class PeerClock:
    """The clock of one other node."""

    asked: deque[int] = field(default_factory=lambda: deque(maxlen=MAX_UNANSWERED))
    """When we asked, by our clock, and have no answer yet."""
    echoes: deque[Echo] = field(default_factory=lambda: deque(maxlen=MAX_ECHOES))
    """The latest answers."""

    def ask(self, now_us: int) -> None:
        """We ask now."""
        self.asked.append(now_us)

    def hear(self, asked_us: int, their_us: int, now_us: int) -> None:
        """An answer: only to what we asked, and only once."""
        if asked_us not in self.asked:
            return
        self.asked.remove(asked_us)
        round_trip_us = now_us - asked_us
        if 0 <= round_trip_us <= MAX_ROUND_TRIP_US:
            middle_us = asked_us + round_trip_us // 2
            self.echoes.append(Echo(now_us, their_us - middle_us, round_trip_us))

    def offset(self, now_us: int) -> Offset | None:
        """By the echo that is least uncertain now; None before the first."""
        if not self.echoes:
            return None
        best = min(self.echoes, key=lambda echo: echo.uncertainty_us(now_us))
        return Offset(best.offset_us, best.uncertainty_us(now_us))


SAME_CLOCK: Final = Offset(0, 0)
"""One's own."""


def next_bar_us(chart: Chart, earliest_us: int) -> int | None:
    """The first bar of a chart at `earliest_us` or later; None when nothing is played after it."""
    timing = chart.timing_at(earliest_us)
    bar_us = BEATS_PER_BAR * timing.beat_us
    bars = -((timing.time_us - earliest_us) // bar_us)
    at_us = timing.time_us + bars * bar_us
    is_left = any(note.start_us >= at_us for note in chart.notes)
    return at_us if is_left else None
