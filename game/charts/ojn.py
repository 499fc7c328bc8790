"""Charts in the `.ojn` format of O2Jam: up to three in a file, of seven keys.

Format: https://open2jam.wordpress.com/the-ojn-documentation/. A header of 300 bytes, then for each
difficulty packages: the events of one channel in one measure, evenly apart. Channel 0 changes the
length of its measure, 1 the tempo, 2 to 8 are the keys; those after them only sound. The music is
made by sounds, so the clock begins with measure 0.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple, cast

from consensus.chart import MAX_NOTES, MAX_TIMING_POINTS, Note
from game.charts.beat_clock import BeatClock, BeatEvents
from game.charts.errors import ChartImportError
from game.charts.imported import DraftChart, DraftSong
from game.charts.lines import check_size, decoded
from game.charts.numbers import MAX_NUMBER, time_us

HEADER: Final = struct.Struct("<i4sfif4h3i3i3i3ihh20sii64s32s32s32si3i4i")
SIGNATURE: Final = b"ojn\0"
PACKAGE: Final = struct.Struct("<ihH")
TEMPO: Final = struct.Struct("<f")
EVENT: Final = struct.Struct("<hBB")
DIFFICULTIES: Final = ("EX", "NX", "HX")
KEYS: Final = 7
BEATS_PER_MEASURE: Final = 4
MAX_MEASURES: Final = 10_000
"""Two hours at 333 beats a minute."""
MEASURE_LENGTHS: Final = 0
TEMPOS: Final = 1
FIRST_KEY: Final = 2
KINDS: Final = 4
"""Kinds of notes come in two banks of sounds."""
HEAD: Final = 2
TAIL: Final = 3
ENCODINGS: Final = ("utf-8", "cp949")


@dataclass(frozen=True, slots=True)
class OjnHeader:
    """What the beginning of a file says."""

    title: str
    """The song's name."""
    artist: str
    """Who made it."""
    sounds: str
    """The name of the file with the sounds."""
    beats_per_minute: float
    """The first tempo."""
    levels: tuple[int, ...]
    """How hard each difficulty is."""
    note_counts: tuple[int, ...]
    """How many notes each has; a hold counts twice."""
    package_counts: tuple[int, ...]
    """How many packages each has."""
    offsets: tuple[int, ...]
    """At which byte each begins."""


class _Press(NamedTuple):
    """An event of a key."""

    measure: int
    share: float
    lane: int
    kind: int
    byte: int


@dataclass(slots=True)
class _Events:
    """What the packages of a difficulty hold."""

    tempos: list[tuple[int, float, float]] = field(default_factory=list)
    """Measure, share of it, beats a minute."""
    lengths: dict[int, float] = field(default_factory=dict)
    """Shares of a measure of four beats, by measure."""
    presses: list[_Press] = field(default_factory=list)
    """Notes, and heads and tails of holds."""


def song_from_ojn(data: bytes) -> DraftSong:
    """The charts of an `.ojn` file, from the beginning of measure 0.

    Difficulties without a note are left out. Raises ChartImportError with the byte.
    """
    header = ojn_header(data)
    charts = tuple(
        DraftChart(f"{name} {header.levels[number]}", KEYS, clock.beats_us(), notes)
        for number, name in enumerate(DIFFICULTIES)
        for clock, notes in (_difficulty(data, header, number),)
        if notes
    )
    if not charts:
        raise ChartImportError(0, "none of its difficulties has a note")
    return DraftSong(header.title, header.artist, charts, header.sounds)


def ojn_header(data: bytes) -> OjnHeader:
    """The header of an `.ojn` file; raises ChartImportError for what is none."""
    check_size(data)
    if data[4:8] != SIGNATURE:
        raise ChartImportError("byte 4", "an .ojn file has the letters `ojn` here")
    if len(data) < HEADER.size:
        raise ChartImportError(f"byte {len(data)}", "the file ends within its header")
    fields = HEADER.unpack_from(data)
    title, artist, _, sounds = fields[26:30]
    return OjnHeader(
        _text(title),
        _text(artist),
        _text(sounds),
        _tempo(fields[4], 16),
        fields[5:8],
        fields[12:15],
        fields[18:21],
        fields[34:37],
    )


def _text(raw: bytes) -> str:
    letters = raw.partition(b"\0")[0]
    return decoded(letters, ENCODINGS)


def _difficulty(data: bytes, header: OjnHeader, number: int) -> tuple[BeatClock, tuple[Note, ...]]:
    events = _Events()
    byte = header.offsets[number]
    for _ in range(header.package_counts[number]):
        byte = _read_package(data, byte, events)
    measures = [*(it.measure for it in events.presses), *(it[0] for it in events.tempos)]
    last = max(measures, default=0)
    lengths = [BEATS_PER_MEASURE * events.lengths.get(measure, 1.0) for measure in range(last + 1)]
    starts = [0.0, *accumulate(lengths)]

    def beat(measure: int, share: float) -> float:
        return starts[measure] + lengths[measure] * share

    tempos = {0.0: header.beats_per_minute}
    tempos |= {beat(measure, share): tempo for measure, share, tempo in events.tempos}
    clock = BeatClock(BeatEvents(tempos))
    moments = (
        (time_us(f"byte {it.byte}", clock.moment_s(beat(it.measure, it.share))), it)
        for it in sorted(events.presses)
    )
    return clock, tuple(_notes(moments))


def _read_package(data: bytes, byte: int, events: _Events) -> int:
    """Adds the events of the package at `byte`; returns where the next one begins."""
    if not HEADER.size <= byte <= len(data) - PACKAGE.size:
        raise ChartImportError(f"byte {byte}", "a package of events lies outside of the file")
    measure, channel, count = cast(tuple[int, int, int], PACKAGE.unpack_from(data, byte))
    if not 0 <= measure < MAX_MEASURES:
        raise ChartImportError(f"byte {byte}", f"measure {measure}, not 0 to {MAX_MEASURES - 1}")
    first = byte + PACKAGE.size
    end = first + count * EVENT.size
    if end > len(data):
        raise ChartImportError(f"byte {byte}", f"{count} events, but the file ends before")
    for position in range(count):
        _read_event(data, first + position * EVENT.size, measure, channel, position / count, events)
    return end


def _read_event(
    data: bytes, byte: int, measure: int, channel: int, share: float, events: _Events
) -> None:
    if channel in (MEASURE_LENGTHS, TEMPOS):
        (number,) = TEMPO.unpack_from(data, byte)
        if number != 0 and channel == TEMPOS:
            events.tempos.append((measure, share, _tempo(number, byte)))
        elif number != 0:
            events.lengths[measure] = _tempo(number, byte)
    elif FIRST_KEY <= channel < FIRST_KEY + KEYS:
        value, _, kind = EVENT.unpack_from(data, byte)
        if value:
            press = _Press(measure, share, channel - FIRST_KEY, kind % KINDS, byte)
            events.presses.append(press)
    if len(events.presses) > 2 * MAX_NOTES or len(events.tempos) > MAX_TIMING_POINTS:
        raise ChartImportError(f"byte {byte}", "more notes or tempos than a chart may have")


def _tempo(number: float, byte: int) -> float:
    if not 0 < number <= MAX_NUMBER:
        raise ChartImportError(f"byte {byte}", f"{number:g} is no tempo or length of a measure")
    return number


def _notes(moments: Iterator[tuple[int, _Press]]) -> Iterator[Note]:
    """Taps and holds; a head without a tail is a tap, a tail without a head is nothing."""
    heads: dict[int, int] = {}
    for moment_us, press in moments:
        head_us = heads.pop(press.lane, None)
        if head_us is not None:
            is_whole = press.kind == TAIL
            yield Note(head_us, press.lane, max(moment_us - head_us, 0) if is_whole else 0)
        if press.kind == HEAD:
            heads[press.lane] = moment_us
        elif press.kind != TAIL:
            yield Note(moment_us, press.lane)
    for lane, head_us in heads.items():
        yield Note(head_us, lane)
