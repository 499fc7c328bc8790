"""A chart: the notes that a song asks for, canonical and content-addressed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from consensus.encoding import decode, digest, encode, pack_varints, unpack_varints
from consensus.fields import Fields
from consensus.identifiers import ChartId, ContentId
from consensus.parameters import MAX_CHART_SIZE
from consensus.rejections import RejectionError, RejectionReason

CHART_VERSION: Final = 1
MAX_NOTES: Final = 100_000
MAX_TIMING_POINTS: Final = 4_096
MAX_CHART_US: Final = 2 * 3_600 * 1_000_000
MIN_BEAT_US: Final = 1_000
MAX_BEAT_US: Final = 60_000_000
MAX_KEYS: Final = 18
MAX_TITLE_BYTES: Final = 256


class Note(NamedTuple):
    """One thing to press."""

    start_us: int
    """When to press, from the start of the chart."""
    lane: int
    """Which key, from 0 at the left."""
    duration_us: int = 0
    """How long to hold; 0 for a tap."""


class TimingPoint(NamedTuple):
    """From when on beats have a length."""

    time_us: int
    """A moment that is on a beat."""
    beat_us: int
    """The length of a beat."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Notes in order of time, then lane, over a beat."""

    title: str
    """The song's name."""
    artist: str
    """Who made the song."""
    keys: int
    """How many lanes."""
    timing: tuple[TimingPoint, ...]
    """At least one, in order of time; the first also holds before itself."""
    notes: tuple[Note, ...]
    """In order of (start, lane), no two alike."""
    pitches: bytes = b""
    """A MIDI pitch for each note, or empty where the chart has none."""

    @property
    def duration_us(self) -> int:
        """When the last note ends."""
        return max((note.start_us + note.duration_us for note in self.notes), default=0)

    def between(self, start_us: int, end_us: int) -> tuple[Note, ...]:
        """The notes that start in [start_us, end_us)."""
        first = bisect_left(self.notes, (start_us, 0, 0))
        return self.notes[first : bisect_left(self.notes, (end_us, 0, 0))]

    def timing_at(self, time_us: int) -> TimingPoint:
        """The timing point in force at `time_us`."""
        position = bisect_right(self.timing, (time_us, MAX_BEAT_US)) - 1
        return self.timing[max(position, 0)]

    def cut(self, start_us: int, duration_us: int) -> "Chart":
        """The part that starts in [start, start + duration), moved to begin at 0."""
        kept = [
            (note._replace(start_us=note.start_us - start_us), position)
            for position, note in enumerate(self.notes)
            if start_us <= note.start_us < start_us + duration_us
        ]
        current = self.timing_at(start_us)
        beats_before = -((start_us - current.time_us) // -current.beat_us)
        first = TimingPoint(
            current.time_us + beats_before * current.beat_us - start_us, current.beat_us
        )
        later = tuple(
            TimingPoint(point.time_us - start_us, point.beat_us)
            for point in self.timing
            if start_us < point.time_us < start_us + duration_us
        )
        # A beat that would only begin where the next timing point already holds is left out.
        is_over = bool(later) and later[0].time_us <= first.time_us
        return Chart(
            self.title,
            self.artist,
            self.keys,
            later if is_over else (first, *later),
            tuple(note for note, _ in kept),
            bytes(self.pitches[position] for _, position in kept) if self.pitches else b"",
        )

    def to_bytes(self) -> bytes:
        """The canonical bytes: columns of numbers, starts and times as differences."""
        return encode(
            (
                CHART_VERSION,
                self.title,
                self.artist,
                self.keys,
                pack_varints(_differences(point.time_us for point in self.timing)),
                pack_varints(point.beat_us for point in self.timing),
                pack_varints(_differences(note.start_us for note in self.notes)),
                bytes(note.lane for note in self.notes),
                pack_varints(note.duration_us for note in self.notes),
                self.pitches,
            )
        )

    @property
    def id(self) -> ChartId:
        """The digest of the canonical bytes."""
        return ChartId(ContentId(digest(self.to_bytes())))


def chart_from_bytes(data: bytes) -> Chart:
    """The chart with these canonical bytes.

    Raises RejectionError: those of decoding and of `check_chart`, and NOT_CANONICAL when
    the chart's own bytes differ.
    """
    fields = Fields("chart", decode(data, MAX_CHART_SIZE), 10)
    fields.integer(CHART_VERSION, CHART_VERSION)
    title, artist = fields.text(MAX_TITLE_BYTES), fields.text(MAX_TITLE_BYTES)
    keys = fields.integer(1, MAX_KEYS)
    times = _sums(unpack_varints(fields.binary(1, MAX_CHART_SIZE), MAX_TIMING_POINTS))
    beats = unpack_varints(fields.binary(1, MAX_CHART_SIZE), MAX_TIMING_POINTS)
    starts = _sums(unpack_varints(fields.binary(0, MAX_CHART_SIZE), MAX_NOTES))
    lanes = fields.binary(0, MAX_NOTES)
    durations = unpack_varints(fields.binary(0, MAX_CHART_SIZE), MAX_NOTES)
    pitches = fields.binary(0, MAX_NOTES)
    if not len(starts) == len(lanes) == len(durations) or len(times) != len(beats):
        raise RejectionError(RejectionReason.MALFORMED, "chart: columns of different lengths")
    chart = Chart(
        title,
        artist,
        keys,
        tuple(map(TimingPoint, times, beats)),
        tuple(map(Note, starts, lanes, durations)),
        pitches,
    )
    check_chart(chart)
    if chart.to_bytes() != data:
        raise RejectionError(RejectionReason.NOT_CANONICAL, "chart: the same chart has other bytes")
    return chart


def check_chart(chart: Chart) -> None:
    """Raises RejectionError when a chart can't be what it says.

    MALFORMED for notes out of order or twice, OUT_OF_RANGE for names, lanes, times and beats
    beyond their bounds, TOO_LARGE for more notes or bytes than a chart may have.
    """
    if any(len(name.encode()) > MAX_TITLE_BYTES for name in (chart.title, chart.artist)):
        raise RejectionError(
            RejectionReason.OUT_OF_RANGE, f"chart: a name longer than {MAX_TITLE_BYTES} bytes"
        )
    if not 1 <= chart.keys <= MAX_KEYS:
        raise RejectionError(RejectionReason.OUT_OF_RANGE, f"chart: {chart.keys} keys, not 1 to 18")
    if not 1 <= len(chart.timing) <= MAX_TIMING_POINTS or len(chart.notes) > MAX_NOTES:
        raise RejectionError(
            RejectionReason.TOO_LARGE, "chart: too many notes, or no or too many timing points"
        )
    if any(not MIN_BEAT_US <= point.beat_us <= MAX_BEAT_US for point in chart.timing):
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "chart: a beat of impossible length")
    if any(later.time_us <= earlier.time_us for earlier, later in pairwise(chart.timing)):
        raise RejectionError(RejectionReason.MALFORMED, "chart: timing points out of order")
    if chart.timing[0].time_us < 0 or chart.timing[-1].time_us > MAX_CHART_US:
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "chart: a timing point out of its time")
    if any(note.lane >= chart.keys or note.lane < 0 for note in chart.notes):
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "chart: a note outside its lanes")
    if any(earlier[:2] >= later[:2] for earlier, later in pairwise(chart.notes)):
        raise RejectionError(RejectionReason.MALFORMED, "chart: notes out of order or twice")
    if any(note.start_us < 0 or note.duration_us < 0 for note in chart.notes):
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "chart: a note before time")
    if chart.duration_us > MAX_CHART_US:
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "chart: a note out of its time")
    if chart.pitches and len(chart.pitches) != len(chart.notes):
        raise RejectionError(RejectionReason.MALFORMED, "chart: not one pitch a note")
    if len(chart.to_bytes()) > MAX_CHART_SIZE:
        raise RejectionError(RejectionReason.TOO_LARGE, f"chart: more than {MAX_CHART_SIZE} bytes")


def _differences(values: Iterable[int]) -> Iterable[int]:
    previous = 0
    for value in values:
        yield value - previous
        previous = value


def _sums(differences: Iterable[int]) -> list[int]:
    values: list[int] = []
    total = 0
    for difference in differences:
        total += difference
        values.append(total)
    return values
