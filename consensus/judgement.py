"""Judging: which press answers which note, and how exactly."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from consensus.calibration import UNCALIBRATED, Calibration
from consensus.challenge import is_answered, riff_notes, without_cleared
from consensus.chart import Chart, Note
from consensus.evidence import Evidence, KeyEvent
from consensus.parameters import GRADE_WEIGHTS, HIT_WINDOWS_US
from consensus.units import Ppm, ratio_ppm


class Grade(IntEnum):
    """How near a note was hit, from the best to none."""

    PERFECT = 0
    GREAT = 1
    GOOD = 2
    OK = 3
    MEH = 4
    MISS = 5


GRADES: Final = tuple(Grade)
"""From the best to none."""


class JudgedNote(NamedTuple):
    """What became of one note."""

    note: Note
    """The note, in window time."""
    grade: Grade
    """How near; of a hold, the worse of its two ends."""
    press_us: int | None
    """When the key that answered it went down; None for a miss."""
    release_us: int | None
    """When that key went up again; None for a miss, or if it never did."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of all notes of a window."""

    notes: tuple[JudgedNote, ...]
    """The chart's notes, in order of (start, lane)."""
    riffs: tuple[bool, ...]
    """For each nonce in the log, whether its riff was answered (in the log's own time)."""
    riff_hits: int
    """Notes of riffs that were hit."""

    @property
    def grades(self) -> tuple[int, ...]:
        """How many notes got each grade, perfect first."""
        counts = [0] * len(Grade)
        for judged in self.notes:
            counts[judged.grade] += 1
        return tuple(counts)

    @property
    def accuracy_ppm(self) -> Ppm:
        """Weighted share of the notes that were hit; 0 when there were none."""
        earned = sum(
            count * weight for count, weight in zip(self.grades, GRADE_WEIGHTS, strict=True)
        )
        return ratio_ppm(earned, GRADE_WEIGHTS[0] * len(self.notes))

    @property
    def hits(self) -> tuple[JudgedNote, ...]:
        """The notes that were hit."""
        return tuple(judged for judged in self.notes if judged.press_us is not None)

    @property
    def presses_us(self) -> tuple[int, ...]:
        """When the notes that were hit were pressed, in order of the notes."""
        return tuple(judged.press_us for judged in self.notes if judged.press_us is not None)


class _Stroke(NamedTuple):
    press_us: int
    release_us: int | None


def judge(
    chart: Chart,
    evidence: Evidence,
    start_us: int = 0,
    calibration: Calibration = UNCALIBRATED,
) -> Judgement:
    """What became of the chart's notes in a window that begins at `start_us` of the chart.

    Times of presses in it are those of the fingers, as the session's calibration tells. Riffs are
    notes like the others while presses are assigned, so that no press answers two.
    """
    riffs = [riff_notes(event, chart.keys) for event in evidence.nonces]
    asked = [
        Note(note.start_us - start_us, note.lane, note.duration_us)
        for note in chart.between(start_us, start_us + evidence.duration_us)
    ]
    kept = without_cleared(asked, riffs)
    keys = calibration.struck(evidence.keys)
    hits = {judged.note: judged for judged in judge_notes((*kept, *_unique(riffs)), keys)}
    return Judgement(
        tuple(hits[note] for note in kept),
        tuple(is_answered(riff, keys) for riff in riffs),
        sum(hits[note].press_us is not None for note in _unique(riffs)),
    )


def judge_notes(notes: Sequence[Note], events: Sequence[KeyEvent]) -> tuple[JudgedNote, ...]:
    """Each note with the press that answers it, in order of (start, lane).

    In every lane a press answers the earliest open note that it is near enough to; a note that
    no press came near is missed. A press that answers nothing costs nothing here: the detectors
    see it. `events` are in order of time.
    """
    strokes = _strokes(events)
    lanes: dict[int, list[Note]] = {}
    for note in sorted(notes):
        lanes.setdefault(note.lane, []).append(note)
    judged = [
        judged
        for lane, asked in lanes.items()
        for judged in _judge_lane(asked, strokes.get(lane, ()))
    ]
    return tuple(sorted(judged))


def grade_of(error_us: int) -> Grade:
    """The grade of a press this far from its note, either way."""
    return GRADES[bisect_left(HIT_WINDOWS_US, abs(error_us))]


def _judge_lane(notes: Sequence[Note], strokes: Sequence[_Stroke]) -> list[JudgedNote]:
    judged: list[JudgedNote] = []
    position = 0
    reach_us = HIT_WINDOWS_US[-1]
    for note in notes:
        while position < len(strokes) and strokes[position].press_us < note.start_us - reach_us:
            position += 1
        if position < len(strokes) and strokes[position].press_us <= note.start_us + reach_us:
            judged.append(_judged(note, strokes[position]))
            position += 1
        else:
            judged.append(JudgedNote(note, Grade.MISS, None, None))
    return judged


def _judged(note: Note, stroke: _Stroke) -> JudgedNote:
    grade = grade_of(stroke.press_us - note.start_us)
    if note.duration_us:
        end_us = note.start_us + note.duration_us
        grade = max(grade, _tail_grade(stroke.release_us, end_us))
    return JudgedNote(note, grade, *stroke)


def _tail_grade(release_us: int | None, end_us: int) -> Grade:
    """Letting go is harder to time: windows half as wide again, and never a miss by itself."""
    if release_us is None:
        return Grade.MEH
    return min(grade_of(abs(release_us - end_us) * 2 // 3), Grade.MEH)


def _strokes(events: Sequence[KeyEvent]) -> dict[int, list[_Stroke]]:
    """By lane, each time its key went down with when it went up, in order."""
    strokes: dict[int, list[_Stroke]] = {}
    down_us: dict[int, int] = {}
    for time_us, lane, is_press in events:
        if lane in down_us:
            release_us = None if is_press else time_us
            strokes.setdefault(lane, []).append(_Stroke(down_us.pop(lane), release_us))
        if is_press:
            down_us[lane] = time_us
    for lane, press_us in down_us.items():
        strokes.setdefault(lane, []).append(_Stroke(press_us, None))
    return strokes


def _unique(riffs: Sequence[Sequence[Note]]) -> list[Note]:
    return sorted({note for riff in riffs for note in riff})
