"""A folder of plays, read once, against which one play after the other is compared."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.library import Library, Nearest
from consensus.anomaly.copies.moments import key_of
from consensus.anomaly.copies.play import Play as ComparedPlay
from consensus.anomaly.copies.play import PlayId
from consensus.anomaly.copies.residuals import residuals_of
from consensus.anomaly.traces import Flags, Integers, Traces, traces_of
from consensus.chart import Note
from consensus.evidence import KeyEvent
from consensus.judgement import JudgedNote, judge_notes
from consensus.parameters import HIT_WINDOWS_US
from popd.cli.inspect_plays import EVIDENCE_MARK, Play, UnreadableError, play_from_file

PLAY_MARKS: Final = (EVIDENCE_MARK, b"\x03")
"""How plays begin: evidence, and replays of mania; other files are not read further."""
MAX_FILES: Final = 200_000
"""Files that are looked at; more is no folder of plays but a whole disk."""
MAX_PLAYS: Final = 20_000
MAX_EVENTS: Final = 40_000_000
"""Of all plays together: some 400 MB of memory."""
FEWEST_NOTES: Final = 20
"""Fewer notes in common say nothing."""
LEAST_HIT: Final = Fraction(1, 3)
"""Of the notes of a chart; a play with less was of another one."""
SHIFTS_US: Final = (-1_710_000, -1_130_000, -610_000, 370_000, 830_000, 1_390_000)
"""No beat: by how much a play is moved to see how many notes any keys near in time would hit."""
ABOVE_CHANCE: Final = 0.02
"""How much more of the notes a play hits where it belongs: dense charts fit most of any play."""
CHANCE_SIGMAS: Final = 0.5
"""And how much more than that in a few notes, over the root of their number."""
MAX_ASKED: Final = 8
"""Charts for which the plays that fit are kept; each takes 256 MB at most."""


class Asked(NamedTuple):
    """What a play was asked for: names what the library's plays are judged on."""

    chart: str
    """MD5 of the chart's file."""
    keys: int
    """Its lanes."""
    rate: Fraction
    """How much faster than written it ran."""
    start_us: int
    """Where in it, as it was heard, the notes' time begins."""
    notes: tuple[Note, ...]
    """The notes, as they were heard."""


@dataclass(slots=True)
class LibraryFolder:
    """Plays of a folder, and what they come to on the charts that were asked for so far."""

    plays: tuple[tuple[str, Play], ...]
    """Each with its path in the folder, in order; no file twice."""
    skipped: int
    """Files that were no plays."""
    is_whole: bool
    """Whether all of the folder was within bounds."""
    known: dict[Asked, Library] = field(default_factory=dict)
    """The plays that fit, judged on what was asked, for the latest of it; at most MAX_ASKED."""

    def nearest(self, asked: Asked, play: Play, notes: Sequence[JudgedNote]) -> Nearest | None:
        """The play that `play`, judged on what was asked, follows most; None without any.

        A play with the same bytes or the same events is that play itself, and is passed over.
        """
        if asked not in self.known:
            if len(self.known) >= MAX_ASKED:
                del self.known[next(iter(self.known))]
            self.known[asked] = _known(self.plays, asked)
        itself = frozenset(
            _id(other)
            for _, other in self.plays
            if other.digest == play.digest or has_same_events(other, play, asked.keys)
        )
        query = _compared(play, asked, traces_of(notes, asked.keys))
        return self.known[asked].nearest(query, itself)

    def name_of(self, play_id: PlayId) -> str:
        """The path of a play in the folder."""
        return next(name for name, play in self.plays if _id(play) == play_id)


def library_from(folder: Path, told: Callable[[int], None] = lambda count: None) -> LibraryFolder:
    """All plays under a folder, in order of their paths; `told` hears how many there are so far.

    Links are followed, but no folder is entered twice. What can't be read is skipped.
    """
    plays: dict[bytes, tuple[str, Play]] = {}
    skipped = events = 0
    is_whole = True
    for looked_at, path in enumerate(_files(folder)):
        if looked_at >= MAX_FILES or len(plays) >= MAX_PLAYS or events >= MAX_EVENTS:
            is_whole = False
            break
        play = _play_at(path)
        if play is None:
            skipped += 1
        elif play.digest not in plays:
            plays[play.digest] = (path.relative_to(folder).as_posix(), play)
            events += len(play.times_us)
            told(len(plays))
    return LibraryFolder(tuple(plays.values()), skipped, is_whole)


def has_same_events(one: Play, other: Play, keys: int) -> bool:
    """Whether two plays are the same press for press on a chart with `keys`, as fast as each."""
    return (
        one.rate == other.rate
        and np.array_equal(one.times_us, other.times_us)
        and np.array_equal(_ordered(one, keys), _ordered(other, keys))
    )


def _ordered(play: Play, keys: int) -> Integers:
    """[events, 3] The events; those of one moment, which replays hold in any order, by lane."""
    columns = (play.is_press.astype(np.int64), play.lanes_on(keys), play.times_us)
    events: Integers = np.column_stack(columns)[np.lexsort(columns)]
    return events


def _files(folder: Path) -> Iterator[Path]:
    entered: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        found = _identity(place)
        if found is None or found in entered:
            folders.clear()
            continue
        entered.add(found)
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def _identity(place: str) -> tuple[int, int] | None:
    try:
        found = os.stat(place)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _play_at(path: Path) -> Play | None:
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            if file.read(1) not in PLAY_MARKS:
                return None
        return play_from_file(path)
    except (OSError, UnreadableError):
        return None


def _known(plays: Sequence[tuple[str, Play]], asked: Asked) -> Library:
    columns = np.array([note[:2] for note in asked.notes], dtype=np.int64).reshape(-1, 2)
    library = Library()
    for _, play in plays:
        best = max(_placed(play, asked, columns), default=None, key=lambda placed: placed.share)
        if best is not None and best.share >= LEAST_HIT and _belongs(best, columns):
            traces = _traces(best, asked)
            if traces is not None:
                library.add(_compared(play, asked, traces))
    return library


def _compared(play: Play, asked: Asked, traces: Traces) -> ComparedPlay:
    key = key_of(np.array([note.start_us for note in asked.notes], dtype=np.int64))
    return ComparedPlay(_id(play), key, residuals_of(key, traces))


def _id(play: Play) -> PlayId:
    return play.digest, 0


class _Placed(NamedTuple):
    """A play, laid over the notes in one of the ways that are possible."""

    times_us: Integers
    lanes: Integers
    is_press: Flags
    span: slice
    """The notes that it was asked for."""
    share: float
    """Of them, those with a press near enough."""


def _placed(play: Play, asked: Asked, columns: Integers) -> Iterator[_Placed]:
    """As it is or from right to left; evidence at the chart's beginning or at its window's."""
    lanes = play.lanes_on(asked.keys)
    ways = [lanes, asked.keys - 1 - lanes]
    if not play.fits(asked.keys):
        return
    window = play.window
    places = {0} if window is None else {0, window.window * window.duration_us}
    for place_us in sorted(places):
        times_us = (play.times_us + place_us) * asked.rate.denominator // asked.rate.numerator
        times_us = times_us - asked.start_us
        first, last = 0, len(columns)
        if window is not None:
            begin_us = place_us - asked.start_us
            first, last = np.searchsorted(columns[:, 0], [begin_us, begin_us + window.duration_us])
        if last - first >= FEWEST_NOTES:
            span = slice(int(first), int(last))
            for way in ways:
                placed = _Placed(times_us, way, play.is_press, span, 0.0)
                yield placed._replace(share=_share_near(placed, columns))


def _belongs(placed: _Placed, columns: Integers) -> bool:
    by_chance = max(_share_near(placed, columns, shift_us) for shift_us in SHIFTS_US)
    count = len(columns[placed.span])
    return placed.share >= by_chance + ABOVE_CHANCE + CHANCE_SIGMAS / sqrt(count)


def _share_near(placed: _Placed, columns: Integers, shift_us: int = 0) -> float:
    """The share of notes with a press in their lane that is near enough to hit them."""
    reach_us = HIT_WINDOWS_US[-1]
    notes = columns[placed.span]
    presses_us = placed.times_us[placed.is_press] + shift_us
    lanes = placed.lanes[placed.is_press]
    # One axis for all lanes: each lane is moved beyond all times of the lanes before it.
    far_us = 4 * (1 + int(max(np.abs(notes).max(), np.abs(presses_us).max(initial=0)) + reach_us))
    pressed_us = np.sort(presses_us + lanes * far_us)
    asked_us = notes[:, 0] + notes[:, 1] * far_us
    found = np.searchsorted(pressed_us, asked_us - reach_us)
    is_near = np.append(pressed_us, asked_us.max() + 2 * far_us)[found] <= asked_us + reach_us
    return float(np.mean(is_near))


def _traces(placed: _Placed, asked: Asked) -> Traces | None:
    columns = (placed.times_us.tolist(), placed.lanes.tolist(), placed.is_press.tolist())
    judged = judge_notes(asked.notes, tuple(map(KeyEvent, *columns)))
    traces = traces_of(judged, asked.keys)
    return traces if np.mean(traces.is_hit[placed.span]) >= LEAST_HIT else None
