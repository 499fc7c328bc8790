"""Which lane a tone gets: low is left as on a piano, and fingers must get there.

Each lane has a cost, of the reasons that `Wishes` weighs; the cheapest that is free is taken.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from consensus.chart import Note
from game.charts.songs.heard import Hand, Heard
from game.charts.songs.levels import Wishes

CONTOUR_SPAN_US: Final = 2_000_000
"""Time before and after within which a pitch counts as high or low."""
JACK_US: Final = 450_000
"""A lane that comes again within this is a jack, and the sooner the harder."""
RUN_US: Final = 200_000
"""A hand that comes again within this has to hurry."""
TENTHS: Final = 10


class Lanes:
    """When each lane is free again, and how much it was used."""

    def __init__(self, keys: int, rest_us: int) -> None:
        self.keys = keys
        self.rest_us = rest_us
        self.thumb = keys // 2 if keys % 2 else None
        self.uses = [0] * keys
        self._pressed_us = [-JACK_US] * keys
        self._free_us = [0] * keys
        self._hand_us = {Hand.LEFT: -RUN_US, Hand.RIGHT: -RUN_US}

    def hand_of(self, lane: int) -> Hand:
        """Whose the lane is; the thumb's is either's."""
        if lane == self.thumb:
            return Hand.EITHER
        return Hand.LEFT if lane < self.keys // 2 else Hand.RIGHT

    def of_hand(self, hand: Hand, *, has_thumb: bool) -> Sequence[int]:
        """The lanes that a hand, or both, runs over.

        Where each hand has a melody, the thumb is the left's in any case.
        """
        middle = (self.keys + 1) // 2
        match hand:
            case Hand.LEFT:
                return range(middle)
            case Hand.RIGHT:
                return range(middle, self.keys)
            case Hand.EITHER:
                return [lane for lane in range(self.keys) if has_thumb or lane != self.thumb]

    def beside(self, chord: Sequence[int], hand: Hand, hand_fingers: int) -> Sequence[int]:
        """The lanes that may strike along with a chord: those of the hand that has less to do."""
        if hand is not Hand.EITHER:
            own = self.of_hand(hand, has_thumb=True) if len(chord) < hand_fingers else ()
            return [lane for lane in own if lane not in chord]
        fingers = Counter(self.hand_of(lane) for lane in chord)
        most = min(hand_fingers, min(fingers[Hand.LEFT], fingers[Hand.RIGHT]) + 1)
        return [
            lane
            for lane in range(self.keys)
            if lane not in chord and (lane == self.thumb or fingers[self.hand_of(lane)] < most)
        ]

    def held_at(self, time_us: int) -> list[int]:
        """The lanes that are being held."""
        return [lane for lane in range(self.keys) if self._free_us[lane] - self.rest_us > time_us]

    def place(
        self,
        start_us: int,
        duration_us: int,
        lanes: Sequence[int],
        wished: int | None,
        wishes: Wishes,
    ) -> Note | None:
        """A note in the cheapest of the lanes that is free, or none."""
        free = [lane for lane in lanes if self._free_us[lane] <= start_us]
        if not free:
            return None
        held = {self.hand_of(lane) for lane in self.held_at(start_us)}
        lane = min(free, key=lambda lane: (self._cost(lane, start_us, wished, held, wishes), lane))
        self._take(lane, start_us, duration_us)
        return Note(start_us, lane, duration_us)

    def _cost(
        self, lane: int, start_us: int, wished: int | None, held: set[Hand], wishes: Wishes
    ) -> int:
        hand = self.hand_of(lane)
        cost = wishes.evenness * self.uses[lane]
        if wished is not None:
            cost += wishes.contour * (abs(lane - wished) * TENTHS // self.keys)
        if self.thumb not in (None, lane):
            cost += wishes.thumb
        soon_us = self._pressed_us[lane] + JACK_US - start_us
        if soon_us > 0:
            cost += wishes.jack * soon_us // JACK_US
        if hand in self._hand_us and 0 < start_us - self._hand_us[hand] < RUN_US:
            cost += wishes.hand
        if hand in held:
            cost += wishes.held
        return cost

    def _take(self, lane: int, start_us: int, duration_us: int) -> None:
        self._pressed_us[lane] = start_us
        self._free_us[lane] = start_us + duration_us + self.rest_us
        self.uses[lane] += 1
        hand = self.hand_of(lane)
        if hand in self._hand_us:
            self._hand_us[hand] = start_us


def heights_of(tones: Sequence[Heard]) -> dict[Heard, Fraction]:
    """How high each stands among the pitches heard around it, between 0 and 1.

    `tones` are in order of time.
    """
    starts_us = [tone.start_us for tone in tones]
    found: dict[Heard, Fraction] = {}
    for tone in tones:
        first = bisect_left(starts_us, tone.start_us - CONTOUR_SPAN_US)
        last = bisect_right(starts_us, tone.start_us + CONTOUR_SPAN_US)
        around = sorted({other.pitch for other in tones[first:last]})
        found[tone] = Fraction(2 * around.index(tone.pitch) + 1, 2 * len(around))
    return found
