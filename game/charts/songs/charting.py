"""From music to lanes: which tones are to be pressed, and where.

The melody is what one presses. Where it rests or holds, the rhythm section speaks; on strong
bars the first beat is struck with both hands. High is right, as on a piano.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from consensus.chart import Note
from game.charts.songs.notation import TICKS_PER_BAR, Tone

LANE_REST_US: Final = 240_000
"""A finger gets this long before its lane comes again: half a beat at 120."""
FILLED_GAP: Final = 18
"""Ticks of rest or hold from which the rhythm section is heard in the chart."""
FILL_DISTANCE: Final = 6
"""Ticks that a fill keeps from the melody on both sides."""
CONTOUR_SPAN: Final = TICKS_PER_BAR
"""Ticks before and after within which a pitch counts as high or low."""
STRONG_BARS: Final = 2
"""Every how many bars the first beat is struck with both hands."""


class _Lanes:
    """When each lane is free again, and how much it was used."""

    def __init__(self, keys: int) -> None:
        self.keys = keys
        self.free_us = [0] * keys
        self.uses: Counter[int] = Counter()

    def place(self, start_us: int, duration_us: int, wishes: Sequence[int]) -> Note | None:
        """A note in the first lane wished for that is free, or none."""
        for lane in wishes:
            if self.free_us[lane] <= start_us:
                self.free_us[lane] = start_us + duration_us + LANE_REST_US
                self.uses[lane] += 1
                return Note(start_us, lane, duration_us)
        return None


def charted_notes(
    melody: Sequence[Tone], rhythm: Sequence[Tone], keys: int, time_us: Callable[[int], int]
) -> tuple[Note, ...]:
    """The notes of a chart with `keys` lanes; `time_us` turns ticks into microseconds.

    `melody` and `rhythm` are in order of time; of tones that start together, one is charted.
    """
    leading = list({tone.start: tone for tone in melody}.values())
    fills = _fills(leading, rhythm)
    lanes = _Lanes(keys)
    centre = keys // 2 if keys % 2 else None
    notes: list[Note] = []
    for tone in sorted([*leading, *fills]):
        start_us = time_us(tone.start)
        if tone in fills:
            wishes = _rarest_first(lanes, centre)
            notes += filter(None, [lanes.place(start_us, 0, wishes)])
            continue
        held_us = time_us(tone.start + tone.length) - start_us if tone.is_held else 0
        wished = _lane_of(tone, leading, keys, centre)
        found = lanes.place(start_us, held_us, _nearest_first(wished, keys, centre))
        if found is None:
            continue
        notes.append(found)
        if tone.start % (STRONG_BARS * TICKS_PER_BAR) == 0:
            other_hand = _other_hand(found.lane, lanes, centre)
            notes += filter(None, [lanes.place(start_us, 0, other_hand)])
    return tuple(sorted(notes))


def _fills(leading: Sequence[Tone], rhythm: Sequence[Tone]) -> frozenset[Tone]:
    """Of the rhythm, what falls well inside the melody's rests and long tones, once a moment."""
    fills: dict[int, Tone] = {}
    for tone, following in pairwise(leading):
        if following.start - tone.start < FILLED_GAP:
            continue
        for struck in rhythm:
            inside = tone.start + FILL_DISTANCE <= struck.start <= following.start - FILL_DISTANCE
            if inside and not any(abs(struck.start - other) < 2 * FILL_DISTANCE for other in fills):
                fills[struck.start] = struck
    return frozenset(fills.values())


def _lane_of(tone: Tone, leading: Sequence[Tone], keys: int, centre: int | None) -> int:
    """Low pitches left, high ones right, among the pitches heard around this tone."""
    around = sorted(
        {other.pitch for other in leading if abs(other.start - tone.start) <= CONTOUR_SPAN}
    )
    lanes = [lane for lane in range(keys) if lane != centre]
    height = around.index(tone.pitch) * 2 + 1
    return lanes[height * len(lanes) // (2 * len(around))]


def _nearest_first(wished: int, keys: int, centre: int | None) -> list[int]:
    lanes = [lane for lane in range(keys) if lane != centre]
    return sorted(lanes, key=lambda lane: (abs(lane - wished), lane))


def _rarest_first(lanes: _Lanes, centre: int | None) -> list[int]:
    """The thumb where there is one, then the lane least used so far."""
    return sorted(range(lanes.keys), key=lambda lane: (lane != centre, lanes.uses[lane], lane))


def _other_hand(lane: int, lanes: _Lanes, centre: int | None) -> list[int]:
    left = lane < lanes.keys / 2
    other = [
        other for other in range(lanes.keys) if other == centre or (other < lanes.keys / 2) != left
    ]
    return sorted(other, key=lambda other: (lanes.uses[other], other))
