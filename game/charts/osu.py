"""Charts in the `.osu` format of osu!mania.

Format: https://osu.ppy.sh/wiki/en/Client/File_formats/osu_%28file_format%29. Only what is played
counts: scroll speeds, sounds and pictures are left behind. A note before 0 is refused rather than
the whole chart shifted, because a shifted chart fits neither its song nor anybody's replay.
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
    MAX_TITLE_BYTES,
    MIN_BEAT_US,
    Chart,
    Note,
    TimingPoint,
)
from game.charts.errors import ChartImportError
from game.charts.osu_lines import Line, number_of, sections_of, settings_of

MANIA_MODE: Final = "3"
FIELD_WIDTH: Final = 512
"""Horizontal positions run from 0 to 512 over the lanes."""
DEFAULT_BEAT_MS: Final = 500.0
"""Beats of a file without timing points."""
SLIDER: Final = 2
SPINNER: Final = 8
HOLD: Final = 128
SCROLL_BOUNDS: Final = (0.1, 10.0)


class _Timing(NamedTuple):
    """Beats, and what sliders need besides."""

    points: tuple[TimingPoint, ...]
    scroll_times_us: tuple[int, ...]
    scrolls: tuple[float, ...]
    """How much faster than normal from each of those times on."""
    slider_speed: float
    """Slider lengths a beat, in hundreds."""


def chart_from_osu(data: bytes | str) -> Chart:
    """The chart in an `.osu` file of mode 3.

    Notes twice on the same (start, lane) become one, the longer; a hold that doesn't end after
    its start becomes a tap; sliders and spinners, which old files have, become holds. Beats of
    impossible length, which some charts use to scroll, are left out. Raises ChartImportError for
    all else that isn't a chart.
    """
    sections = sections_of(data)
    settings = settings_of(sections)
    keys = _keys(settings)
    timing = _timing(sections.get("TimingPoints", ()), settings)
    return Chart(
        title=_title(settings, "Title"),
        artist=_title(settings, "Artist"),
        keys=keys,
        timing=timing.points,
        notes=_notes(sections.get("HitObjects", ()), keys, timing),
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


def _title(settings: Mapping[str, Line], key: str) -> str:
    text = settings.get(key, Line(0, "")).text
    return text.encode("utf-8", "replace")[:MAX_TITLE_BYTES].decode("utf-8", "ignore")


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
        _from_zero(beats or {0: round(DEFAULT_BEAT_MS * 1_000)}),
        tuple(sorted(scrolls)),
        tuple(
            min(max(scrolls[time_us], SCROLL_BOUNDS[0]), SCROLL_BOUNDS[1])
            for time_us in sorted(scrolls)
        ),
        max(number_of(speed, speed.text), 0.1),
    )


def _from_zero(beats: Mapping[int, int]) -> tuple[TimingPoint, ...]:
    """Points before 0 move on by whole beats, so that the beat stays; later ones win."""
    points: dict[int, int] = {}
    for time_us, beat_us in sorted(beats.items()):
        shifted_us = time_us if time_us >= 0 else time_us % beat_us
        points = {at: length for at, length in points.items() if at < shifted_us}
        points[shifted_us] = beat_us
    return tuple(TimingPoint(time_us, beat_us) for time_us, beat_us in sorted(points.items()))


def _notes(lines: tuple[Line, ...], keys: int, timing: _Timing) -> tuple[Note, ...]:
    if len(lines) > MAX_NOTES:
        raise ChartImportError(lines[MAX_NOTES].number, f"more than {MAX_NOTES} notes")
    durations: dict[tuple[int, int], int] = {}
    for note in _parsed(lines, keys, timing):
        place = (note.start_us, note.lane)
        durations[place] = max(durations.get(place, 0), note.duration_us)
    return tuple(Note(*place, duration_us) for place, duration_us in sorted(durations.items()))


def _parsed(lines: tuple[Line, ...], keys: int, timing: _Timing) -> Iterator[Note]:
    for line in lines:
        fields = line.text.split(",")
        if len(fields) < 4:
            raise ChartImportError(line.number, "a note needs x, y, a time and a type")
        start_us = _time_us(line, fields[2])
        if start_us < 0:
            raise ChartImportError(line.number, "a note before the song begins")
        lane = math.floor(number_of(line, fields[0]) * keys / FIELD_WIDTH)
        end_us = _end_us(line, fields, start_us, timing)
        if end_us > MAX_CHART_US:
            raise ChartImportError(line.number, "a note that ends after more than two hours")
        yield Note(start_us, min(max(lane, 0), keys - 1), max(end_us - start_us, 0))


def _end_us(line: Line, fields: list[str], start_us: int, timing: _Timing) -> int:
    kind = int(number_of(line, fields[3]))
    if kind & (HOLD | SPINNER):
        if len(fields) < 6:
            raise ChartImportError(line.number, "a hold needs an end")
        return _time_us(line, fields[5].partition(":")[0])
    if kind & SLIDER:
        if len(fields) < 8:
            raise ChartImportError(line.number, "a slider needs its slides and its length")
        length = number_of(line, fields[6]) * number_of(line, fields[7])
        return start_us + _slider_us(length, start_us, timing)
    return start_us


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
