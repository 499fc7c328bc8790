"""Beginning together: what a session of a room is to say, from the host's `t0` and our offset.

Beats are `t0 + n x interval`. The offset is used once, here; nothing is corrected during play.
"""

from dataclasses import dataclass
from typing import Final

from consensus.chart import Chart
from consensus.units import Milliseconds
from popd.node.events import Together
from popd.node.room import Room, equal_shares
from popd.node.room_clock import next_bar_us

INVITING_MS: Final = 3_000
"""Who is later than this before the beginning comes in at a bar instead."""
COMING_IN_MS: Final = 6_000
"""How far ahead that bar is: witnesses are invited meanwhile."""
MAX_AHEAD_MS: Final = 60_000
"""A host who counts in for longer is not waited for."""


class NotTogetherError(Exception):
    """One can't begin with the others now."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(why)
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class Beginning:
    """How to begin with the others, or to come in."""

    together: Together
    """What the session says."""
    from_us: int
    """Where in the chart it begins; 0 when the others begin then."""


def beginning(room: Room | None, chart: Chart, now_us: int) -> Beginning:
    """How to begin `chart` in a room at `now_us`, by our clock; raises NotTogetherError."""
    if room is None:
        raise NotTogetherError("You are in no room.", "Open one, or join one nearby.")
    players = room.lead.players
    if not room.lead.t0_ms or room.me not in players:
        raise NotTogetherError("You were not counted in.", "Say that you are ready, and wait.")
    if room.wish.chart != chart.id:
        raise NotTogetherError("That is not your part.", "Play the one that you took.")
    t0_us = room.t0_us(now_us)
    if t0_us is None:
        raise NotTogetherError("The clocks are not compared yet.", "Try again in a second.")
    ahead_us = t0_us - now_us
    if ahead_us > MAX_AHEAD_MS * 1_000:
        raise NotTogetherError(
            "The count-in is too long.", "Ask who opened the room to start anew."
        )
    from_us = 0
    if ahead_us < INVITING_MS * 1_000:
        from_us = _bar_us(chart, COMING_IN_MS * 1_000 - ahead_us)
    start_ms = Milliseconds(round((t0_us + from_us) / 1_000))
    return Beginning(Together(equal_shares(room.host, players), start_ms), from_us)


def _bar_us(chart: Chart, earliest_us: int) -> int:
    bar_us = next_bar_us(chart, earliest_us)
    if bar_us is None or bar_us <= 0:
        raise NotTogetherError("That part is nearly over.", "Play along in the next song.")
    return bar_us
