"""From music to lanes: which tones are to be pressed, and where.

The melody is what one presses. Where it rests or holds, the rhythm section speaks; on strong
bars the first beat is struck with both hands. High is right, as on a piano. Where two layers
run side by side, each has its own hand.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from consensus.chart import Note

LANE_REST_US: Final = 240_000
"""A finger gets this long before its lane comes again: half a beat at 120."""
FILLED_GAP_US: Final = 750_000
"""Rest or hold from which the rhythm section is heard in the chart."""
FILL_DISTANCE_US: Final = 250_000
"""What a fill keeps from the melody on both sides."""
FILL_SPACING_US: Final = 500_000
"""What one fill keeps from the next."""
CONTOUR_SPAN_US: Final = 2_000_000
"""Time before and after within which a pitch counts as high or low."""


class Heard(NamedTuple):
    """A tone as it is heard."""

    start_us: int
    """When it begins."""
    end_us: int
    """When it ends."""
    pitch: int
    """MIDI pitch."""
    is_held: bool
    """Whether the player is to hold it."""
    is_strong: bool
    """Whether it begins a strong bar, and is struck with both hands."""


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


def charted_notes(melody: Sequence[Heard], rhythm: Sequence[Heard], keys: int) -> tuple[Note, ...]:
    """The notes of a chart with `keys` lanes, of a melody and what fills its rests.

    Both are in order of time; of tones that start together, one is charted.
    """
    leading = list({tone.start_us: tone for tone in melody}.values())
    fills = _fills(leading, rhythm)
    heights = _heights(leading)
    lanes = _Lanes(keys)
    centre = keys // 2 if keys % 2 else None
    outer = [lane for lane in range(keys) if lane != centre]
    notes: list[Note] = []
    for tone in sorted([*leading, *fills]):
        if tone in fills:
            wishes = _rarest_first(lanes, centre)
            notes += filter(None, [lanes.place(tone.start_us, 0, wishes)])
            continue
        found = _place(tone, heights[tone], lanes, outer)
        if found is None:
            continue
        notes.append(found)
        if tone.is_strong:
            other_hand = _other_hand(found.lane, lanes, centre)
            notes += filter(None, [lanes.place(tone.start_us, 0, other_hand)])
    return tuple(sorted(notes))


def two_handed_notes(left: Sequence[Heard], right: Sequence[Heard], keys: int) -> tuple[Note, ...]:
    """The notes of a chart with `keys` lanes, of two layers, one for each hand.

    Both are in order of time. The thumb between them, where there is one, is the left's.
    """
    lanes = _Lanes(keys)
    middle = (keys + 1) // 2
    notes = [
        _place(tone, height, lanes, own)
        for hand, own in ((left, range(middle)), (right, range(middle, keys)))
        for tone, height in _heights(hand).items()
    ]
    return tuple(sorted(filter(None, notes)))


def _place(tone: Heard, height: Fraction, lanes: _Lanes, own: Sequence[int]) -> Note | None:
    """A note in one of the hand's own lanes: low pitches left, high ones right."""
    wished = own[int(height * len(own))]
    nearest = sorted(own, key=lambda lane: (abs(lane - wished), lane))
    held_us = tone.end_us - tone.start_us if tone.is_held else 0
    return lanes.place(tone.start_us, held_us, nearest)


def _fills(leading: Sequence[Heard], rhythm: Sequence[Heard]) -> frozenset[Heard]:
    """Of the rhythm, what falls well inside the melody's rests and long tones, once a moment."""
    fills: dict[int, Heard] = {}
    for tone, following in pairwise(leading):
        first_us = tone.start_us + FILL_DISTANCE_US
        last_us = following.start_us - FILL_DISTANCE_US
        if following.start_us - tone.start_us < FILLED_GAP_US:
            continue
        for struck in rhythm:
            if first_us <= struck.start_us <= last_us and not any(
                abs(struck.start_us - other_us) < FILL_SPACING_US for other_us in fills
            ):
                fills[struck.start_us] = struck
    return frozenset(fills.values())


def _heights(tones: Sequence[Heard]) -> dict[Heard, Fraction]:
    """How high each stands among the pitches heard around it, between 0 and 1."""
    starts_us = [tone.start_us for tone in tones]
    heights: dict[Heard, Fraction] = {}
    for tone in tones:
        first = bisect_left(starts_us, tone.start_us - CONTOUR_SPAN_US)
        last = bisect_right(starts_us, tone.start_us + CONTOUR_SPAN_US)
        around = sorted({other.pitch for other in tones[first:last]})
        heights[tone] = Fraction(2 * around.index(tone.pitch) + 1, 2 * len(around))
    return heights


def _rarest_first(lanes: _Lanes, centre: int | None) -> list[int]:
    """The thumb where there is one, then the lane least used so far."""
    return sorted(range(lanes.keys), key=lambda lane: (lane != centre, lanes.uses[lane], lane))


def _other_hand(lane: int, lanes: _Lanes, centre: int | None) -> list[int]:
    left = lane < lanes.keys / 2
    other = [
        other for other in range(lanes.keys) if other == centre or (other < lanes.keys / 2) != left
    ]
    return sorted(other, key=lambda other: (lanes.uses[other], other))
