"""Judging a replay by osu!mania's own rules, so that the counts are those in its header.

Sources: https://osu.ppy.sh/wiki/en/Gameplay/Judgement/osu!mania for the windows and holds,
https://github.com/ppy/osu/pull/32810 for what its makers found of the edges, and the replays
themselves (docs/judging.md has the figures) where those leave something open. What follows is
the game as of ScoreV1 in osu!(stable); times are whole milliseconds.

1. Lanes don't know of each other. In a lane a press goes to the earliest note that is open:
   from the early end of the miss window until the ok window has passed.
2. A note that was pressed early keeps its lane until its own time; presses before that are lost.
3. A press in the miss window, before the meh window, uses the note up as a miss. There is no
   late meh: from the end of the ok window on the note is gone.
4. A hold has one grade, from the error of its head and that error plus its tail's: a perfect
   needs at most 1.2 perfect windows and twice that together; a great 1.1 great windows, a good
   and an ok one window, and twice those together; all else that is still held, or let go from
   one meh window before the end on, is a meh.
5. A head pressed before the meh window counts as if pressed at the very end. A hold that is let
   go, or not yet held, when it should be may be taken up again, until the ok window after its
   end; it is a good at best then. One that is never let go ends one meh window late.
6. With ScoreV2 a hold is two notes: its head is judged like any other, its tail with windows
   half as wide again. The tail is a meh at best after the hold was broken, and a miss after its
   head was, or when the key is never let go.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Final

from consensus.chart import Chart, Note
from consensus.evidence import KeyEvent
from consensus.judgement import Grade
from consensus.units import Ppm, ratio_ppm
from game.play.osr import SCORE_V2, Replay
from game.play.osu_objects import Hold, Object, Tap, TwoPartHold
from game.play.osu_windows import HitWindows, hit_windows

ACCURACY_WEIGHTS: Final = (6, 6, 4, 2, 1, 0)
"""What each grade earns, perfect first."""

MAX_WITHIN_REACH: Final = 256
"""Notes of a lane that a key is offered at a time; nobody plays more in a quarter of a second."""


@dataclass(frozen=True, slots=True)
class ManiaRecord:
    """A play judged as the game would."""

    notes: int
    """Grades that were given: notes of the chart; with ScoreV2, holds count twice."""
    grades: Mapping[str, int]
    """How many there were of each grade, perfect first."""
    counted: Mapping[str, int]
    """The same as the replay's header says it."""
    accuracy_ppm: Ppm
    """The game's accuracy, by our counts."""

    def as_record(self) -> dict[str, object]:
        """The fields by name, ready for JSON."""
        return asdict(self)


def judge_osu_mania(chart: Chart, replay: Replay, overall_difficulty: float) -> ManiaRecord:
    """The record of a replay on its chart as it is written, with the replay's own mods."""
    windows = hit_windows(overall_difficulty, replay.mods, replay.rate)
    is_score_v2 = bool(replay.mods & SCORE_V2)
    counts = [0] * len(Grade)
    for lane in range(chart.keys):
        notes = [
            _object_of(note, windows, is_score_v2) for note in chart.notes if note.lane == lane
        ]
        _play_lane(
            notes, [event for event in replay.events if event.lane == lane], windows.early_ms
        )
        for grade in (grade for note in notes for grade in note.grades or (Grade.MISS,)):
            counts[grade] += 1
    earned = sum(count * weight for count, weight in zip(counts, ACCURACY_WEIGHTS, strict=True))
    return ManiaRecord(
        notes=sum(counts),
        grades=_by_name(counts),
        counted=_by_name(replay.counted),
        accuracy_ppm=ratio_ppm(earned, ACCURACY_WEIGHTS[0] * sum(counts)),
    )


def _object_of(note: Note, windows: HitWindows, is_score_v2: bool) -> Object:
    start_ms, end_ms = note.start_us // 1_000, (note.start_us + note.duration_us) // 1_000
    if end_ms == start_ms:
        return Tap(start_ms, windows)
    return (TwoPartHold if is_score_v2 else Hold)(start_ms, end_ms, windows)


def _play_lane(objects: Sequence[Object], events: Sequence[KeyEvent], early_ms: int) -> None:
    """Gives the objects of a lane their grades; both are in order of time."""
    within_reach: list[Object] = []
    following = 0
    is_down = False
    for now_ms, moved in _moments(objects, events):
        is_press = moved is True and not is_down
        is_down = is_down if moved is None else moved
        while following < len(objects) and objects[following].start_ms - early_ms <= now_ms:
            within_reach.append(objects[following])
            following += 1
        _step(within_reach[:MAX_WITHIN_REACH], now_ms, is_down, is_press)
        within_reach = [found for found in within_reach if not _is_past(found, now_ms)]


def _step(within_reach: Iterable[Object], now_ms: int, is_down: bool, is_press: bool) -> None:
    """Asks one after the other, until the key is spoken for."""
    for found in within_reach:
        is_spent_early = bool(found.grades) and found.start_ms > now_ms
        if is_spent_early or (not found.grades and found.step(now_ms, is_down, is_press)):
            return


def _is_past(found: Object, now_ms: int) -> bool:
    return bool(found.grades) and found.start_ms <= now_ms


def _moments(
    objects: Iterable[Object], events: Sequence[KeyEvent]
) -> list[tuple[int, bool | None]]:
    """When the key moves, and which way, or (None) when something happens by itself."""
    moved = [(event.time_us // 1_000, event.is_press) for event in events]
    alone = {time_ms for found in objects for time_ms in found.moments_ms}
    quiet = [(time_ms, None) for time_ms in alone.difference(time_ms for time_ms, _ in moved)]
    return sorted([*moved, *quiet], key=itemgetter(0))


def _by_name(counts: Sequence[int]) -> dict[str, int]:
    return {grade.name.lower(): count for grade, count in zip(Grade, counts, strict=True)}
