"""A song as its file describes it: its charts on one clock, the hardest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from consensus.chart import (
    MAX_BEAT_US,
    MIN_BEAT_US,
    Chart,
    Note,
    TimingPoint,
    check_chart,
)
from consensus.rejections import RejectionError
from game.charts.difficulty import stars_of
from game.charts.errors import ChartImportError
from game.charts.words import short

DEFAULT_BEAT_US: Final = 500_000
"""Beats of a file that doesn't say how long they are."""


@dataclass(frozen=True, slots=True)
class NamedChart:
    """One difficulty of a song."""

    name: str
    """What its maker calls it."""
    stars: float | None
    """How hard it is; None where nobody can tell."""
    chart: Chart
    """What is played."""


@dataclass(frozen=True, slots=True)
class ImportedSong:
    """Charts from a file, and what they say about their music."""

    title: str
    """The song's name."""
    artist: str
    """Who made it."""
    charts: tuple[NamedChart, ...]
    """At least one, the hardest first, all on the same clock."""
    audio: str
    """The file name of the music, or empty."""
    music_start_us: int
    """When the music begins on the charts' clock; more than 0 where notes come before it."""
    preview_us: int | None
    """Which moment of the music people may hear before they choose it."""


@dataclass(frozen=True, slots=True)
class DraftChart:
    """A difficulty on the clock of the music, as an importer finds it."""

    name: str
    """What its maker calls it."""
    keys: int
    """How many lanes."""
    beats: Mapping[int, int]
    """The length of a beat from each moment on, both in us; any may be impossible."""
    notes: Iterable[Note]
    """In any order; may be before 0, and twice in one place."""


@dataclass(frozen=True, slots=True)
class DraftSong:
    """What an importer finds in a file."""

    title: str
    """The song's name, of any length."""
    artist: str
    """Who made it, of any length."""
    charts: tuple[DraftChart, ...]
    """At least one, in any order."""
    audio: str = ""
    """The file name of the music, or empty."""
    preview_us: int | None = None
    """A moment of the music."""


def imported_song(draft: DraftSong) -> ImportedSong:
    """The song with its charts made canonical, rated and sorted.

    The clock begins with the music, or with the first note where that is earlier. Raises
    ChartImportError for a chart beyond the bounds of `check_chart`.
    """
    notes = [without_doubles(chart.notes) for chart in draft.charts]
    first_us = min((some[0].start_us for some in notes if some), default=0)
    music_start_us = max(-first_us, 0)
    named = []
    for source, some in zip(draft.charts, notes, strict=True):
        chart = _chart(draft, source, some, music_start_us)
        named.append(NamedChart(short(source.name), stars_of(chart), chart))
    return ImportedSong(
        short(draft.title),
        short(draft.artist),
        hardest_first(named),
        short(draft.audio),
        music_start_us,
        draft.preview_us,
    )


def hardest_first(charts: Iterable[NamedChart]) -> tuple[NamedChart, ...]:
    """By stars, then notes, then name; what has no stars comes last."""
    return tuple(sorted(charts, key=lambda it: (-(it.stars or 0.0), -len(it.chart.notes), it.name)))


def timing_from(beats: Mapping[int, int], shift_us: int = 0) -> tuple[TimingPoint, ...]:
    """Timing points of the beats that are possible, `shift_us` later.

    Beats of impossible length, which some charts use to scroll, are left out. Points before 0
    move on by whole beats, so that the beat stays; later ones win.
    """
    possible = {at: beat for at, beat in beats.items() if MIN_BEAT_US <= beat <= MAX_BEAT_US}
    points: dict[int, int] = {}
    pending: TimingPoint | None = None
    for time_us, beat_us in sorted((possible or {-shift_us: DEFAULT_BEAT_US}).items()):
        at_us = time_us + shift_us
        if at_us < 0:
            pending = TimingPoint(at_us % beat_us, beat_us)
            continue
        if pending is not None and pending.time_us < at_us:
            points[pending.time_us] = pending.beat_us
        pending = None
        points[at_us] = beat_us
    if pending is not None:
        points[pending.time_us] = pending.beat_us
    return tuple(TimingPoint(*point) for point in points.items())


def without_doubles(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes in order of (start, lane); of several in one place the longest."""
    durations: dict[tuple[int, int], int] = {}
    for start_us, lane, duration_us in notes:
        place = (start_us, lane)
        durations[place] = max(durations.get(place, 0), duration_us)
    return tuple(Note(*place, duration_us) for place, duration_us in sorted(durations.items()))


def _chart(song: DraftSong, source: DraftChart, notes: tuple[Note, ...], shift_us: int) -> Chart:
    chart = Chart(
        short(song.title),
        short(song.artist),
        source.keys,
        timing_from(source.beats, shift_us),
        tuple(note._replace(start_us=note.start_us + shift_us) for note in notes),
    )
    try:
        check_chart(chart)
    except RejectionError as error:
        raise ChartImportError(0, error.message) from None
    return chart
