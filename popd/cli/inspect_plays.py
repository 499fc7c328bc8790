"""Plays and charts as files: told apart by what is in them, and read within bounds."""

import stat
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import md5, sha256
from pathlib import Path
from typing import Final

import numpy as np

from consensus.anomaly.traces import Flags, Integers
from consensus.chart import MAX_KEYS, Chart, chart_from_bytes
from consensus.evidence import Evidence, KeyEvent, evidence_from_bytes
from consensus.rejections import RejectionError
from game.charts.errors import ChartImportError
from game.charts.osu import chart_from_osu
from game.play.osr import MIRROR, ReplayImportError, replay_from_osr
from popd.cli.files import TooLargeError, read_bounded

EVIDENCE_MARK: Final = b"\x95"
"""Canonical evidence is an array of five; a replay begins with a mode, 0 to 3."""
CHART_MARK: Final = b"\x9a"
"""A canonical chart is an array of ten; an `.osu` file is text."""


class UnreadableError(Exception):
    """A file is no play or no chart; the message is one line."""

    def __init__(self, message: object) -> None:
        super().__init__("".join(c if c.isprintable() else " " for c in str(message)))


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A chart, and what replays call it."""

    chart: Chart
    """As it is written."""
    md5: str
    """Of the file, in hex."""


@dataclass(frozen=True)
class Play:
    """What somebody pressed, in columns: a library holds many. (No slots: computed once.)"""

    digest: bytes
    """SHA-256 of the file."""
    times_us: Integers
    """[events] When, in the time of the chart; of evidence, in that of its window."""
    codes: Integers
    """[events] Twice the lane, and 1 more for a press; see `lanes_on`."""
    is_mirrored: bool
    """Whether lanes are counted from the right end of MAX_KEYS."""
    rate: Fraction
    """How much faster than written the chart ran."""
    chart_md5: str
    """MD5 of the chart's file, as the replay says; empty where it says nothing."""
    window: Evidence | None
    """The evidence without its keys; None for a replay."""

    @cached_property
    def is_press(self) -> Flags:
        """[events] Down, not up."""
        flags: Flags = (self.codes & 1).astype(bool)
        return flags

    def lanes_on(self, keys: int) -> Integers:
        """[events] On which lane of a chart with `keys`; some may not be among its lanes."""
        shift = MAX_KEYS - keys if self.is_mirrored else 0
        lanes: Integers = (self.codes >> 1).astype(np.int64) - shift
        return lanes

    def fits(self, keys: int) -> bool:
        """Whether all its lanes are those of a chart with `keys`."""
        lanes = self.lanes_on(keys)
        return not len(lanes) or bool(lanes.min() >= 0 and lanes.max() < keys)

    def events_on(self, keys: int) -> tuple[KeyEvent, ...]:
        """The events on a chart with `keys`.

        Raises UnreadableError where the chart lacks a lane.
        """
        if not self.fits(keys):
            raise UnreadableError(f"it presses lanes that a chart with {keys} does not have")
        columns = (self.times_us.tolist(), self.lanes_on(keys).tolist(), self.is_press.tolist())
        return tuple(map(KeyEvent, *columns))


def play_from_bytes(data: bytes) -> Play:
    """The play in an `.osr` file or in canonical evidence; raises UnreadableError."""
    window, is_mirrored, rate, chart_md5 = None, False, Fraction(1), ""
    try:
        if data[:1] == EVIDENCE_MARK:
            evidence = evidence_from_bytes(data)
            events = evidence.keys
            window = Evidence(
                evidence.session, evidence.window, evidence.duration_us, (), evidence.nonces
            )
        else:
            replay = replay_from_osr(data, MAX_KEYS)
            events, is_mirrored = replay.events, bool(replay.mods & MIRROR)
            rate, chart_md5 = replay.rate, replay.chart_md5
    except (ReplayImportError, RejectionError) as error:
        raise UnreadableError(error) from None
    return Play(
        sha256(data).digest(),
        np.array([event.time_us for event in events], dtype=np.int64),
        np.array([event.lane * 2 + event.is_press for event in events], dtype=np.uint8),
        is_mirrored,
        rate,
        chart_md5,
        window,
    )


def chart_from_file(path: Path) -> ChartFile:
    """The chart in an `.osu` file or in canonical bytes; raises UnreadableError."""
    data = read_file(path)
    try:
        chart = chart_from_bytes(data) if data[:1] == CHART_MARK else chart_from_osu(data)
    except (ChartImportError, RejectionError) as error:
        raise UnreadableError(f"{path}: {error}") from None
    return ChartFile(chart, md5(data, usedforsecurity=False).hexdigest())


def play_from_file(path: Path) -> Play:
    """The play in a file; raises UnreadableError, which names the file."""
    data = read_file(path)
    try:
        return play_from_bytes(data)
    except UnreadableError as error:
        raise UnreadableError(f"{path}: {error}") from None


def read_file(path: Path) -> bytes:
    """The bytes of a regular file of bearable size; raises UnreadableError.

    Pipes and devices are refused unopened: they may never end, or never begin.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableError(f"{path}: this is not a file")
        return read_bounded(path)
    except TooLargeError as error:
        raise UnreadableError(error) from None
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise UnreadableError(f"{path}: {error}") from None
