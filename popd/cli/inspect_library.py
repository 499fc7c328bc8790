"""A folder of plays, read once, against which one play after the other is compared."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from consensus.anomaly.comparison import Comparison, compared
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.moments import key_of
from consensus.anomaly.copies.play import Play as ComparedPlay
from consensus.anomaly.copies.play import PlayId
from consensus.anomaly.copies.residuals import residuals_of
from consensus.anomaly.copies.touch import touch_of
from consensus.anomaly.traces import Traces, traces_of
from consensus.judgement import JudgedNote
from popd.cli.inspect_fitting import Asked, fitting_traces
from popd.cli.inspect_plays import EVIDENCE_MARK, Play, UnreadableError, play_from_file

PLAY_MARKS: Final = (EVIDENCE_MARK, b"\x03")
"""How plays begin: evidence, and replays of mania; other files are not read further."""
MAX_FILES: Final = 200_000
"""Files that are looked at; more is no folder of plays but a whole disk."""
MAX_PLAYS: Final = 20_000
MAX_EVENTS: Final = 40_000_000
"""Of all plays together: some 400 MB of memory."""
MAX_ASKED: Final = 8
"""Charts for which the plays that fit are kept; each takes 256 MB at most."""


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

    def compared(
        self, asked: Asked, play: Play, notes: Sequence[JudgedNote], start_us: int
    ) -> Comparison:
        """What the folder's plays tell of `play`.

        Its judged notes are in the time of a window that begins at `start_us` of the chart. The
        very same file is that play itself, and is passed over; the same events under another name
        are a copy.
        """
        if asked not in self.known:
            if len(self.known) >= MAX_ASKED:
                del self.known[next(iter(self.known))]
            self.known[asked] = _known(self.plays, asked)
        itself = frozenset(_id(other) for _, other in self.plays if other.digest == play.digest)
        query = _compared(play, asked, traces_of(notes, asked.keys), start_us)
        return compared(self.known[asked], query, itself)

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
    library = Library()
    for _, play in plays:
        traces = fitting_traces(play, asked)
        if traces is not None:
            library.add(_compared(play, asked, traces))
    return library


def _compared(play: Play, asked: Asked, traces: Traces, start_us: int = 0) -> ComparedPlay:
    key = key_of(np.array([note.start_us for note in asked.notes], dtype=np.int64))
    residuals, touch = residuals_of(key, traces, start_us), touch_of(key, traces, start_us)
    return ComparedPlay(_id(play), key, residuals, touch=touch)


def _id(play: Play) -> PlayId:
    return play.digest, 0
