"""Charts in the `.osu` format of osu!mania.

Format: https://osu.ppy.sh/wiki/en/Client/File_formats/osu_%28file_format%29. Only what is played
counts: scroll speeds, sounds and pictures are left behind. For a replay a note before 0 is refused
rather than the whole chart shifted, because a shifted chart fits nobody's replay.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from consensus.chart import (
    MAX_BEAT_US,
    MAX_CHART_US,
    MAX_KEYS,
    MAX_NOTES,
    MAX_TIMING_POINTS,
    MIN_BEAT_US,
    Chart,
    Note,
    TimingPoint,
)
from game.charts.errors import ChartImportError
from game.charts.imported import DraftChart, DraftSong, timing_from, without_doubles
from game.charts.lines import Line
from game.charts.numbers import preview_us
from game.charts.osu_lines import number_of, sections_of, settings_of
from game.charts.osu_spinners import SpinnerLanes
from game.charts.words import short

MANIA_MODE: Final = "3"
NO_MUSIC: Final = "virtual"
"""Instead of a file name, where the sounds of the notes make the music."""
FIELD_WIDTH: Final = 512
"""Horizontal positions run from 0 to 512 over the lanes."""
SLIDER: Final = 2
SPINNER: Final = 8
HOLD: Final = 128
LEAST_SPINNER_US: Final = 100_000
"""A shorter spinner is a tap."""
SCROLL_BOUNDS: Final = (0.1, 10.0)


class _Timing(NamedTuple):
    """Beats, and what sliders need besides."""

    beats: Mapping[int, int]
    """How long they are from each moment on."""
    points: tuple[TimingPoint, ...]
    """The same, in order, from 0 on."""
    scroll_times_us: tuple[int, ...]
    scrolls: tuple[float, ...]
    """How much faster than normal from each of those times on."""
    slider_speed: float
    """Slider lengths a beat, in hundreds."""


class _Thing(NamedTuple):
    """Something to press, as its line says it."""

    start_us: int
    kind: int
    """Bits: tap 1, slider 2, spinner 8, hold 128."""
    fields: list[str]
    line: Line


def chart_from_osu(data: bytes | str) -> Chart:
    """The chart in an `.osu` file of mode 3.

    Notes twice on the same (start, lane) become one, the longer; a hold that doesn't end after
    its start becomes a tap; sliders and spinners, which old files have, become holds. Beats of
    impossible length, which some charts use to scroll, are left out. Raises ChartImportError for
    all else that isn't a chart.
    """
    draft = _draft(data, earliest_us=0)
    (chart,) = draft.charts
    return Chart(
        title=short(draft.title),
        artist=short(draft.artist),
        keys=chart.keys,
        timing=timing_from(chart.beats),
        notes=without_doubles(chart.notes),
    )


def song_from_osu(data: bytes | str) -> DraftSong:
    """The song of an `.osu` file of mode 3, its notes on the clock of its music.

    Reads what `chart_from_osu` reads, and notes before 0 as well.
    """
    return _draft(data, earliest_us=-MAX_CHART_US)


def _draft(data: bytes | str, earliest_us: int) -> DraftSong:
    sections = sections_of(data)
    settings = settings_of(sections)
    keys = _keys(settings)
    timing = _timing(sections.get("TimingPoints", ()), settings)
    lines = sections.get("HitObjects", ())
    if len(lines) > MAX_NOTES:
        raise ChartImportError(lines[MAX_NOTES].number, f"more than {MAX_NOTES} notes")
    audio = _text(settings, "AudioFilename").strip('"')
    notes = tuple(_notes(settings, list(_things(lines, earliest_us)), keys, timing))
    return DraftSong(
        _text(settings, "Title"),
        _text(settings, "Artist"),
        (DraftChart(_text(settings, "Version"), keys, timing.beats, notes),),
        "" if audio == NO_MUSIC else audio,
        preview_us(_text(settings, "PreviewTime"), units_per_second=1_000),
    )


def _keys(settings: Mapping[str, Line]) -> int:
    mode = settings.get("Mode", Line(0, "0"))
    if mode.text != MANIA_MODE:
        raise ChartImportError(
            mode.number, f"mode {mode.text[:20]} has no lanes; only mode 3, mania, can be played"
        )
    size = settings.get("CircleSize")
    if size is None:
        raise ChartImportError(0, "CircleSize, the number of lanes, is missing")
    keys = number_of(size, size.text)
    if keys != int(keys) or not 1 <= keys <= MAX_KEYS:
        raise ChartImportError(size.number, f"{size.text[:20]} lanes, not 1 to {MAX_KEYS}")
    return int(keys)


def _text(settings: Mapping[str, Line], key: str) -> str:
    return settings.get(key, Line(0, "")).text


def _timing(lines: tuple[Line, ...], settings: Mapping[str, Line]) -> _Timing:
    beats: dict[int, int] = {}
    scrolls: dict[int, float] = {}
    for line in lines:
        fields = line.text.split(",")
        if len(fields) < 2:
            raise ChartImportError(line.number, "a timing point needs a time and a length")
        time_us, length_ms = _time_us(line, fields[0]), number_of(line, fields[1])
        if not (len(fields) < 7 or fields[6].strip() == "1") or length_ms < 0:
            scrolls[time_us] = -100.0 / min(length_ms, -1e-3)
        elif MIN_BEAT_US <= length_ms * 1_000 <= MAX_BEAT_US:
            beats[time_us] = round(length_ms * 1_000)
            scrolls[time_us] = 1.0
    if len(beats) > MAX_TIMING_POINTS:
        raise ChartImportError(lines[-1].number, f"more than {MAX_TIMING_POINTS} timing points")
    speed = settings.get("SliderMultiplier", Line(0, "1.4"))
    return _Timing(
        beats,
        timing_from(beats),
        tuple(sorted(scrolls)),
        tuple(
            min(max(scrolls[time_us], SCROLL_BOUNDS[0]), SCROLL_BOUNDS[1])
            for time_us in sorted(scrolls)
        ),
        max(number_of(speed, speed.text), 0.1),
    )


def _notes(
    settings: Mapping[str, Line], things: list[_Thing], keys: int, timing: _Timing
) -> Iterator[Note]:
    spinners = SpinnerLanes(settings, keys)
    for thing in sorted(things, key=lambda it: it.start_us):
        end_us = _end_us(thing, timing)
        if end_us > MAX_CHART_US:
            raise ChartImportError(thing.line.number, "a note that ends after more than two hours")
        duration_us = max(end_us - thing.start_us, 0)
        if thing.kind & SPINNER:
            sounds = number_of(thing.line, thing.fields[4])
            lane = spinners.next_lane(duration_us, int(sounds))
            duration_us = duration_us if duration_us >= LEAST_SPINNER_US else 0
        else:
            lane = math.floor(number_of(thing.line, thing.fields[0]) * keys / FIELD_WIDTH)
        yield Note(thing.start_us, min(max(lane, 0), keys - 1), duration_us)


def _things(lines: tuple[Line, ...], earliest_us: int) -> Iterator[_Thing]:
    for line in lines:
        fields = line.text.split(",")
        if len(fields) < 4:
            raise ChartImportError(line.number, "a note needs x, y, a time and a type")
        start_us = _time_us(line, fields[2])
        if start_us < earliest_us:
            raise ChartImportError(line.number, "a note before the song begins")
        yield _Thing(start_us, int(number_of(line, fields[3])), fields, line)


def _end_us(thing: _Thing, timing: _Timing) -> int:
    fields, line = thing.fields, thing.line
    if thing.kind & (HOLD | SPINNER):
        if len(fields) < 6:
            raise ChartImportError(line.number, "a hold needs an end")
        return _time_us(line, fields[5].partition(":")[0])
    if thing.kind & SLIDER:
        if len(fields) < 8:
            raise ChartImportError(line.number, "a slider needs its slides and its length")
        length = number_of(line, fields[6]) * number_of(line, fields[7])
        end_us = thing.start_us + _slider_us(length, thing.start_us, timing)
        # The game lets a slider end on a whole millisecond.
        return max(end_us - end_us % 1_000, thing.start_us)
    return thing.start_us


def _slider_us(length: float, start_us: int, timing: _Timing) -> int:
    point = bisect_right(timing.points, (start_us, MAX_BEAT_US)) - 1
    beat_us = timing.points[max(point, 0)].beat_us
    scroll = bisect_right(timing.scroll_times_us, start_us) - 1
    speed = timing.slider_speed * 100 * (timing.scrolls[scroll] if scroll >= 0 else 1.0)
    return round(min(max(length * beat_us / speed, 0), MAX_CHART_US))


def _time_us(line: Line, text: str) -> int:
    time_us = round(number_of(line, text) * 1_000)
    if abs(time_us) > MAX_CHART_US:
        raise ChartImportError(line.number, "a time beyond two hours")
    return time_us
