"""From beats to moments, through changes of tempo, stops, delays and warps.

On one beat, in this order: a delay, the notes, a stop, a change of tempo. A warp takes no time and
what lies inside can't be played, except on a beat that has a stop or a delay of its own. A tempo
or a stop below 0 turns time back; what then comes again before time has caught up can't be
played either. Source: StepMania's TimingData.cpp and NotesLoaderSM.cpp, and
https://github.com/stepmania/stepmania/wiki/ssc.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

SECONDS_PER_MINUTE: Final = 60.0
FALLBACK_BPM: Final = 60.0


@dataclass(frozen=True, slots=True)
class BeatEvents:
    """What happens to time, by the beat on which it happens, from 0."""

    tempos: Mapping[float, float]
    """Beats a minute from each beat on; 0 is no tempo and is passed over."""
    stops_s: Mapping[float, float] = field(default_factory=dict)
    """Seconds that time stands still after the notes of a beat."""
    delays_s: Mapping[float, float] = field(default_factory=dict)
    """Seconds that time stands still before them."""
    warps: Mapping[float, float] = field(default_factory=dict)
    """From each beat to which beat no time passes."""


class _Mark(NamedTuple):
    """A beat on which something happens."""

    beat: float
    note_s: float
    """When its notes are."""
    leave_s: float
    """When the following beats begin to pass."""
    beat_s: float
    """How long they are, 0 within a warp, less than 0 when time runs back."""
    highest_before_s: float
    """The latest moment that was reached before this beat's notes."""
    highest_s: float
    """The latest moment that was reached when the following beats begin."""
    is_skipped: bool
    """Whether its notes lie inside a warp."""
    is_warping: bool
    """Whether a warp holds behind it."""


class BeatClock:
    """The moments of beats; beat 0 is at `start_s`."""

    __slots__ = ("_beats", "_marks")

    def __init__(self, events: BeatEvents, start_s: float = 0.0) -> None:
        self._marks = tuple(_marks(events, start_s))
        self._beats = tuple(mark.beat for mark in self._marks)

    def moment_s(self, beat: float) -> float:
        """When the notes of `beat` are."""
        mark = self._mark(beat)
        return mark.note_s if beat == mark.beat else _passed_s(mark, beat)

    def is_skipped(self, beat: float) -> bool:
        """Whether nobody can play what is on `beat`."""
        mark = self._mark(beat)
        if beat == mark.beat:
            return mark.is_skipped or mark.note_s < mark.highest_before_s
        return mark.is_warping or _passed_s(mark, beat) < mark.highest_s

    def beats_us(self) -> dict[int, int]:
        """The lengths of beats from moments on that are on a whole beat, in us."""
        lengths: dict[int, int] = {}
        ends = (*self._beats[1:], math.inf)
        for mark, end_beat in zip(self._marks, ends, strict=True):
            whole_beat = math.ceil(mark.beat)
            moment_us = _passed_s(mark, whole_beat) * 1e6
            if whole_beat < end_beat and abs(moment_us) < 1e15 and 1e-6 <= mark.beat_s < 1e9:
                lengths[round(moment_us)] = round(mark.beat_s * 1e6)
        return without_repeats(lengths)

    def _mark(self, beat: float) -> _Mark:
        return self._marks[max(bisect_right(self._beats, beat) - 1, 0)]


def without_repeats(lengths: Mapping[int, int]) -> dict[int, int]:
    """The lengths of beats without moments that only continue what holds already."""
    kept: dict[int, int] = {}
    at_us = beat_us = 0
    for time_us, length_us in sorted(lengths.items()):
        if not kept or length_us != beat_us or (time_us - at_us) % beat_us:
            kept[time_us] = length_us
            at_us, beat_us = time_us, length_us
    return kept


def _passed_s(mark: _Mark, beat: float) -> float:
    return mark.leave_s + (beat - mark.beat) * mark.beat_s


def _marks(events: BeatEvents, start_s: float) -> Iterator[_Mark]:
    tempos = {beat: bpm for beat, bpm in events.tempos.items() if bpm}
    # What comes before the first tempo has it too.
    beat_s = SECONDS_PER_MINUTE / tempos.get(min(tempos, default=0.0), FALLBACK_BPM)
    warp_starts, warp_ends = _joined(events.warps)
    beats = {0.0, *tempos, *events.stops_s, *events.delays_s, *warp_starts, *warp_ends}
    at_beat, at_s, pace_s, highest_s = 0.0, start_s, 0.0, -math.inf
    for beat in sorted(beats):
        arrive_s = at_s + (beat - at_beat) * pace_s
        highest_before_s = max(highest_s, arrive_s)
        note_s = arrive_s + events.delays_s.get(beat, 0.0)
        beat_s = SECONDS_PER_MINUTE / tempos[beat] if beat in tempos else beat_s
        leave_s = note_s + events.stops_s.get(beat, 0.0)
        warp = bisect_right(warp_starts, beat) - 1
        is_warping = warp >= 0 and beat < warp_ends[warp]
        stands = bool(events.stops_s.get(beat) or events.delays_s.get(beat))
        highest_s = max(highest_before_s, note_s, leave_s)
        pace_s = 0.0 if is_warping else beat_s
        yield _Mark(
            beat,
            note_s,
            leave_s,
            pace_s,
            highest_before_s,
            highest_s,
            is_warping and not stands,
            is_warping,
        )
        at_beat, at_s = beat, leave_s


def _joined(warps: Mapping[float, float]) -> tuple[list[float], list[float]]:
    """Starts and ends of warps, those that touch as one."""
    starts: list[float] = []
    ends: list[float] = []
    for beat, end_beat in sorted(warps.items()):
        if end_beat <= beat:
            continue
        if ends and beat <= ends[-1]:
            ends[-1] = max(ends[-1], end_beat)
        else:
            starts.append(beat)
            ends.append(end_beat)
    return starts, ends
