"""A recording: one play as it was pressed, kept to be watched again, raced against, and shared.

It holds the raw log and never the grades: whoever opens it judges it anew, by the chart that
comes with it. It proves nothing, and mints nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from consensus.calibration import Calibration
from consensus.challenge import is_answered, without_cleared
from consensus.chart import MAX_CHART_US, MAX_KEYS, Chart, Note, chart_from_bytes
from consensus.encoding import decode, encode, pack_varints, tagged_digest, unpack_varints
from consensus.entry import MAX_TIME_MS
from consensus.evidence import KeyEvent
from consensus.fields import Fields
from consensus.judgement import Judgement, judge_notes
from consensus.parameters import (
    HIT_WINDOWS_US,
    MAX_CHART_SIZE,
    MAX_WINDOW_EVENTS,
    RIFF_NOTE_TIMES_US,
)
from consensus.rejections import RejectionError, RejectionReason
from consensus.units import MILLION
from game.play.rate import chart_at_rate

RECORDING_VERSION: Final = 1
MAX_EVENTS: Final = 3 * MAX_WINDOW_EVENTS
"""More than a person presses in an hour."""
MAX_RIFFS: Final = 1_024
MAX_RECORDING_SIZE: Final = 256 * 1024
MIN_RATE_PPM: Final = 500_000
MAX_RATE_PPM: Final = 1_500_000
MAX_PLAYED_US: Final = 2 * MAX_CHART_US
"""The longest chart at half speed."""


class Riff(NamedTuple):
    """A challenge that came up in the play."""

    at_us: int
    """When, from the start of the play."""
    lanes: tuple[int, ...]
    """Of its four notes, one after the other."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was to be pressed, in time of the play."""
        return tuple(
            Note(self.at_us + after_us, lane)
            for after_us, lane in zip(RIFF_NOTE_TIMES_US, self.lanes, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """What one person pressed on one chart."""

    chart: Chart
    """The whole chart, as it is written."""
    is_live: bool
    """Played before witnesses; otherwise for practice."""
    rate_ppm: int
    """How fast the chart ran: a million as written."""
    from_us: int
    """Where in the chart the play began."""
    window_us: int
    """A riff clears chart notes of its own window; 0 where there were no windows."""
    played_us: int
    """How long it was played, in real time."""
    made_ms: int
    """When it began, since 1970."""
    calibration: Calibration
    """How late the player's devices were."""
    events: tuple[KeyEvent, ...]
    """As logged, in real time from the start of the play, in order."""
    riffs: tuple[Riff, ...]
    """In order of time."""

    def to_bytes(self) -> bytes:
        """The canonical bytes, the chart included."""
        return encode(
            (
                RECORDING_VERSION,
                self.chart.to_bytes(),
                int(self.is_live),
                self.rate_ppm,
                self.from_us,
                self.window_us,
                self.played_us,
                self.made_ms,
                self.calibration.to_body(),
                pack_varints(_gaps(event.time_us for event in self.events)),
                bytes(event.lane * 2 + event.is_press for event in self.events),
                pack_varints(_gaps(riff.at_us for riff in self.riffs)),
                bytes(lane for riff in self.riffs for lane in riff.lanes),
            )
        )

    @property
    def id(self) -> bytes:
        """32 bytes that name this play."""
        return tagged_digest("recording", self.to_bytes())

    @property
    def asked(self) -> Chart:
        """The chart as it was played: from where it began, at its speed, without cleared notes."""
        rest = self.chart.cut(self.from_us, MAX_CHART_US + 1)
        heard = chart_at_rate(rest, Fraction(self.rate_ppm, MILLION))
        window_us = self.window_us or MAX_PLAYED_US + 1
        kept: list[Note] = []
        for window, notes in groupby(
            heard.between(0, self.played_us), lambda note: note.start_us // window_us
        ):
            riffs = [riff.notes for riff in self.riffs if riff.at_us // window_us == window]
            kept += without_cleared(tuple(notes), riffs)
        return Chart(heard.title, heard.artist, heard.keys, heard.timing, tuple(kept))


def recording_from_bytes(data: bytes) -> Recording:
    """The recording with these canonical bytes.

    Raises RejectionError: those of decoding, of the chart and of `check_recording`, and
    NOT_CANONICAL when the recording's own bytes differ.
    """
    limit = MAX_RECORDING_SIZE + MAX_CHART_SIZE
    fields = Fields("recording", decode(data, limit), 13)
    fields.integer(RECORDING_VERSION, RECORDING_VERSION)
    chart = chart_from_bytes(fields.binary(1, MAX_CHART_SIZE))
    is_live = bool(fields.integer(0, 1))
    rate_ppm = fields.integer(MIN_RATE_PPM, MAX_RATE_PPM)
    from_us, window_us = fields.integer(0, MAX_CHART_US), fields.integer(0, MAX_CHART_US)
    played_us, made_ms = fields.integer(0, MAX_PLAYED_US), fields.integer(0, MAX_TIME_MS)
    calibration = Calibration.from_body(fields.any())
    times = _sums(unpack_varints(fields.binary(0, MAX_RECORDING_SIZE), MAX_EVENTS))
    codes = fields.binary(0, MAX_EVENTS)
    starts = _sums(unpack_varints(fields.binary(0, MAX_RECORDING_SIZE), MAX_RIFFS))
    lanes = fields.binary(0, MAX_RIFFS * len(RIFF_NOTE_TIMES_US))
    if len(times) != len(codes) or len(lanes) != len(starts) * len(RIFF_NOTE_TIMES_US):
        raise RejectionError(RejectionReason.MALFORMED, "recording: columns of different lengths")
    step = len(RIFF_NOTE_TIMES_US)
    recording = Recording(
        chart,
        is_live,
        rate_ppm,
        from_us,
        window_us,
        played_us,
        made_ms,
        calibration,
        tuple(
            KeyEvent(at, code >> 1, bool(code & 1)) for at, code in zip(times, codes, strict=True)
        ),
        tuple(Riff(at, tuple(lanes[i * step : (i + 1) * step])) for i, at in enumerate(starts)),
    )
    check_recording(recording)
    if recording.to_bytes() != data:
        raise RejectionError(
            RejectionReason.NOT_CANONICAL, "recording: the same recording has other bytes"
        )
    return recording


def check_recording(recording: Recording) -> None:
    """Raises RejectionError when a recording can't be what it says.

    TOO_LARGE for more events or riffs than a recording may have, MALFORMED for events out of
    order, OUT_OF_RANGE for times and lanes beyond the play and the chart.
    """
    keys = recording.chart.keys
    if len(recording.events) > MAX_EVENTS or len(recording.riffs) > MAX_RIFFS:
        raise RejectionError(RejectionReason.TOO_LARGE, "recording: too many events or riffs")
    for times in ([e.time_us for e in recording.events], [r.at_us for r in recording.riffs]):
        if any(later < earlier for earlier, later in pairwise(times)):
            raise RejectionError(RejectionReason.MALFORMED, "recording: events out of order")
        if times and not 0 <= times[0] <= times[-1] <= MAX_PLAYED_US:
            raise RejectionError(RejectionReason.OUT_OF_RANGE, "recording: an event out of time")
    lanes = {event.lane for event in recording.events}
    lanes |= {lane for riff in recording.riffs for lane in riff.lanes}
    if any(not 0 <= lane < keys for lane in lanes) or not 1 <= keys <= MAX_KEYS:
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "recording: an event outside the lanes")


def judge_recording(recording: Recording) -> Judgement:
    """What became of the notes that were asked; one that could still be hit at the end is open."""
    keys = recording.calibration.struck(recording.events)
    riffs = [riff.notes for riff in recording.riffs]
    asked = recording.asked.notes
    added = sorted({note for riff in riffs for note in riff})
    hits = {judged.note: judged for judged in judge_notes((*asked, *added), keys)}
    settled_us = recording.played_us - HIT_WINDOWS_US[-1]
    return Judgement(
        tuple(
            hits[note]
            for note in asked
            if note.start_us < settled_us or hits[note].press_us is not None
        ),
        tuple(is_answered(riff, keys) for riff in riffs),
        sum(hits[note].press_us is not None for note in added),
    )


def _event(time_us: int, code: int) -> KeyEvent:
    return KeyEvent(time_us, code >> 1, bool(code & 1))


def _gaps(times: Iterable[int]) -> Sequence[int]:
    return [later - earlier for earlier, later in pairwise([0, *times])]


def _sums(gaps: Iterable[int]) -> list[int]:
    total, found = 0, []
    for gap in gaps:
        total += gap
        found.append(total)
    return found
