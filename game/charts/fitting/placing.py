"""On which lanes the kept notes go: moment by moment, at the least cost.

A cost is a whole number; 1,000 is about what it is worth not to be one lane beside the old place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from consensus.chart import Note
from game.charts.fitting.spans import may_repeat, taken_until_us

BESIDE: Final = 1_000
"""For one lane beside the old place; with the square of the distance."""
CROSSED: Final = 6_000
"""For two notes of a chord, or a note and a hold, that change sides."""
REPEATED: Final = 8_000
"""For striking at once a lane that another old lane's note has just struck."""
REPEATED_US: Final = 250_000
"""After so long nobody minds any more."""
TORN: Final = 4_000
"""For a repeated key that is no longer repeated."""
SAME_HAND: Final = 1_500
"""For a hand that plays both notes where two hands did."""
TURNED: Final = 900
"""For a step to the left that went to the right, or the other way round."""
STEP_US: Final = 500_000
"""Notes further apart are no step."""
WORN: Final = 300
"""For a lane that was used just now; it falls to nothing within WORN_US."""
WORN_US: Final = 1_000_000


@dataclass(slots=True)
class _Lane:
    """The last note on a lane."""

    note: Note
    """As it was in the source."""
    until_us: int
    """From when on any other may follow."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A moment with a single note."""

    note: Note
    lane: int


class _Board:
    """What lies on the new lanes so far."""

    def __init__(self, old_keys: int, keys: int) -> None:
        self._old_keys, self._keys = old_keys, keys
        self._lanes: list[_Lane | None] = [None] * keys
        self._last: _Step | None = None

    def place(self, row: Sequence[Note]) -> list[int]:
        """Lanes for the notes of a moment, which are in order of their old lanes."""
        choices = [dict(self._choices(note, is_single=len(row) == 1)) for note in row]
        lanes = _cheapest(choices, self._keys)
        for note, lane in zip(row, lanes, strict=True):
            self._lanes[lane] = _Lane(note, taken_until_us(note))
        self._last = _Step(row[0], lanes[0]) if len(row) == 1 else None
        return lanes

    def _choices(self, note: Note, is_single: bool) -> Iterator[tuple[int, int]]:
        """The lanes that a note may go on, and what each costs."""
        own = self._own_lane(note)
        for lane in range(self._keys):
            last = self._lanes[lane]
            if last is not None and last.until_us > note.start_us and lane != own:
                continue
            if own is not None and lane != own and self._must_repeat(note, own):
                continue
            cost = self._distance(note.lane, lane) + self._crossings(note, lane)
            cost += self._wear(note, lane) + (TORN if own not in (None, lane) else 0)
            yield lane, cost + (self._step(note, lane) if is_single else 0)

    def _own_lane(self, note: Note) -> int | None:
        """Where the same old lane was a moment ago, if it may be repeated there."""
        for lane, last in enumerate(self._lanes):
            if (
                last is not None
                and note.start_us - last.note.start_us < REPEATED_US
                and may_repeat(last.note, note.lane, note.start_us)
            ):
                return lane
        return None

    def _must_repeat(self, note: Note, own: int) -> bool:
        """Whether `own` is closed to all others still, so that leaving it would waste it."""
        last = self._lanes[own]
        return last is not None and last.until_us > note.start_us

    def _distance(self, old_lane: int, lane: int) -> int:
        """How far the middle of the lane is from where the old lane was, when both are spread."""
        unit = 2 * self._old_keys
        middle = (2 * lane + 1) * self._old_keys
        left, right = 2 * old_lane * self._keys, 2 * (old_lane + 1) * self._keys
        # An old lane that is narrower than a new one is best met by the one it is in.
        slack = max(self._old_keys - self._keys, 0)
        outside = max(left - slack - middle, middle - right - slack, 0)
        return BESIDE * outside * outside // (unit * unit)

    def _crossings(self, note: Note, lane: int) -> int:
        """Holds that were on its other side."""
        crossed = 0
        for other, last in enumerate(self._lanes):
            if last is not None and last.note.start_us + last.note.duration_us > note.start_us:
                crossed += (note.lane - last.note.lane) * (lane - other) < 0
        return CROSSED * crossed

    def _wear(self, note: Note, lane: int) -> int:
        last = self._lanes[lane]
        if last is None:
            return 0
        gap_us = note.start_us - last.note.start_us - last.note.duration_us
        cost = WORN * max(WORN_US - gap_us, 0) // WORN_US
        if last.note.lane != note.lane:
            cost += REPEATED * max(REPEATED_US - gap_us, 0) // REPEATED_US
        return cost

    def _step(self, note: Note, lane: int) -> int:
        last = self._last
        if last is None or note.start_us - last.note.start_us > STEP_US:
            return 0
        old_step, step = note.lane - last.note.lane, lane - last.lane
        cost = TURNED if old_step * step < 0 or (old_step != 0) != (step != 0) else 0
        alternated = _side(note.lane, self._old_keys) * _side(last.note.lane, self._old_keys) < 0
        if alternated and _side(lane, self._keys) * _side(last.lane, self._keys) > 0:
            cost += SAME_HAND
        return cost


def placed_lanes(notes: Sequence[Note], old_keys: int, keys: int) -> list[int]:
    """A lane for each of the notes, which `kept_positions` has chosen."""
    board = _Board(old_keys, keys)
    lanes: list[int] = []
    for _, row in groupby(notes, key=lambda note: note.start_us):
        lanes += board.place(list(row))
    return lanes


def _side(lane: int, keys: int) -> int:
    """-1 for the left hand, 1 for the right, 0 for the lane in the middle."""
    middle = 2 * lane + 1 - keys
    return (middle > 0) - (middle < 0)


def _cheapest(choices: list[dict[int, int]], keys: int) -> list[int]:
    """A lane of its own for each note at the least cost; of equals the one further left.

    Goes through the notes from left to right and remembers the best way to each set of lanes:
    at most 1,024 of them.
    """
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for costs in choices:
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for taken, (cost, lanes) in best.items():
            for lane, more in costs.items():
                bit = 1 << lane
                if taken & bit:
                    continue
                crossed = (taken >> lane).bit_count()
                way = (cost + more + CROSSED * crossed, (*lanes, lane))
                if taken | bit not in found or way < found[taken | bit]:
                    found[taken | bit] = way
        best = found
    # There is a way, because no more notes were kept than lanes are free.
    return list(min(best.values())[1])
