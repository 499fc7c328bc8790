"""Where each onset is pressed: low sounds left, high ones right, and no finger twice at once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.chart import Note
from game.charts.making.onsets import FRAME_SECONDS, Onsets
from game.charts.making.spectrum import BANDS, Bands

LANE_REST_US: Final = 80_000
"""No lane comes again sooner."""
EASY_REST_US: Final = 160_000
"""Another lane is taken where one would come again sooner than this."""
AROUND: Final = 24
"""Onsets before and after among which a sound counts as low or high."""
CHORD_SHARE: Final = 0.3
"""What both halves of the spectrum must have of a rise to be struck at once."""
CHORD_STRENGTH: Final = 0.6
"""The share of onsets, by strength, that are too weak for a chord."""
SUSTAINED: Final = 0.5
"""A tone sounds on while its band keeps this share of its level."""
ANEW: Final = 0.5
"""A rise of this share of its first one strikes a band anew."""
SETTLED_FRAMES: Final = 8
"""Frames after an onset until its level is taken: 40 ms."""
LEAST_HOLD_SECONDS: Final = 0.4
LONGEST_HOLD_SECONDS: Final = 4.0
RELEASE_US: Final = 120_000
"""So much earlier than its tone a hold ends."""


class _Lanes:
    """When each lane was last pressed, and is free again."""

    def __init__(self, keys: int) -> None:
        self.free_us = [0] * keys
        self.uses = [0] * keys

    def held_at(self, time_us: int) -> int:
        """How many lanes are being held."""
        return sum(free_us - LANE_REST_US > time_us for free_us in self.free_us)

    def nearest(self, start_us: int, wished: float, taken: int | None) -> int | None:
        """The free lane nearest to the one wished for, an easy one if there is any."""
        free = [
            lane
            for lane, free_us in enumerate(self.free_us)
            if free_us <= start_us and lane != taken
        ]
        easy = EASY_REST_US - LANE_REST_US
        return min(
            free,
            key=lambda lane: (
                start_us - self.free_us[lane] < easy and self.uses[lane] > 0,
                round(abs(lane - wished)),
                self.uses[lane],
            ),
            default=None,
        )

    def take(self, lane: int, start_us: int, duration_us: int) -> Note:
        """A note in the lane."""
        self.free_us[lane] = start_us + duration_us + LANE_REST_US
        self.uses[lane] += 1
        return Note(start_us, lane, duration_us)


def notes_of(
    onsets: Onsets,
    starts_us: NDArray[np.int64],
    lengths_us: NDArray[np.int64],
    keys: int,
    has_chords: bool,
) -> tuple[Note, ...]:
    """The notes for these onsets; what finds no free lane is left out.

    `starts_us` and `lengths_us` (0 for taps) have an entry an onset, in order of time.
    """
    centres = _centres(onsets.bands, 0, BANDS)
    heights = _heights(centres)
    doubled = _is_chord(onsets) if has_chords and keys > 1 else np.zeros(len(onsets), np.bool_)
    lanes = _Lanes(keys)
    notes: list[Note] = []
    for start_us, length_us, height, double in zip(
        starts_us.tolist(), lengths_us.tolist(), heights.tolist(), doubled.tolist(), strict=True
    ):
        lane = lanes.nearest(start_us, height * (keys - 1), None)
        if lane is None:
            continue
        has_hand = lanes.held_at(start_us) < keys // 4
        notes.append(lanes.take(lane, start_us, length_us if has_hand else 0))
        other = lanes.nearest(start_us, keys - 1 - lane, lane) if double else None
        if other is not None:
            notes.append(lanes.take(other, start_us, 0))
    return tuple(sorted(notes))


def _centres(rows: Bands, first: int, last: int) -> NDArray[np.float64]:
    """The centre of each row's rise, in bands."""
    part = rows[:, first:last].astype(np.float64)
    total = np.maximum(part.sum(axis=1), 1e-12)
    centres: NDArray[np.float64] = part @ np.arange(first, last) / total
    return centres


def _heights(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """How high each stands among those around it, 0 lowest and 1 highest; the same is the same."""
    heights = np.full(len(centres), 0.5)
    rounded = np.round(centres)
    for position, centre in enumerate(rounded):
        around = rounded[max(position - AROUND, 0) : position + AROUND + 1]
        below, above = np.sum(around < centre), np.sum(around > centre)
        if below + above:
            heights[position] = below / (below + above)
    return heights


def _is_chord(onsets: Onsets) -> NDArray[np.bool_]:
    """Whether low and high rise together, strongly, and by themselves."""
    if not len(onsets):
        return np.zeros(0, np.bool_)
    apart = np.diff(onsets.seconds, prepend=-1.0, append=np.inf) * 1e6
    alone = np.minimum(apart[:-1], apart[1:]) > EASY_REST_US / 2
    total = np.maximum(onsets.bands.sum(axis=1), 1e-12)
    low = onsets.bands[:, : BANDS // 2].sum(axis=1) / total
    strong = onsets.strengths >= np.quantile(onsets.strengths, CHORD_STRENGTH)
    chords: NDArray[np.bool_] = (low >= CHORD_SHARE) & (low <= 1 - CHORD_SHARE) & strong & alone
    return chords


def lengths_of(onsets: Onsets, levels: Bands, risen: Bands) -> NDArray[np.int64]:
    """How long each onset's own band sounds on, in microseconds; 0 where it dies away.

    It ends where the band falls below SUSTAINED of its level, or is struck anew.
    """
    longest = int(LONGEST_HOLD_SECONDS / FRAME_SECONDS)
    lengths = np.zeros(len(onsets), np.int64)
    for position, frame in enumerate(onsets.frames.tolist()):
        band = int(np.argmax(onsets.bands[position]))
        first = frame + SETTLED_FRAMES
        level = levels[band, first : first + longest]
        if not len(level) or level[0] <= 0:
            continue
        anew = risen[band, first : first + longest] >= ANEW * onsets.bands[position, band]
        ends = np.flatnonzero((level < SUSTAINED * level[0]) | anew)
        held = SETTLED_FRAMES + (int(ends[0]) if len(ends) else len(level))
        if held * FRAME_SECONDS >= LEAST_HOLD_SECONDS:
            lengths[position] = round(held * FRAME_SECONDS * 1e6) - RELEASE_US
    return lengths
