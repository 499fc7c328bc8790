"""Charts in the `.qua` format of Quaver.

Format: https://github.com/Quaver/Quaver.API/blob/master/Quaver.API/Maps/Qua.cs. A number that is 0
is left out of the file, lanes count from 1, and a lane for the scratch comes after the others.
Scroll speeds, sounds and mines are left behind.
"""

import re
from collections.abc import Iterator
from typing import Final

from consensus.chart import MAX_KEYS, Note
from game.charts.errors import ChartImportError
from game.charts.imported import DraftChart, DraftSong
from game.charts.lines import Line
from game.charts.numbers import number_in, preview_us, time_us
from game.charts.quaver_lines import Record, quaver_file

MODE: Final = re.compile(r"Keys([1-9]\d?)")
MINE: Final = "Mine"
US_PER_MINUTE: Final = 60_000_000
MISSING: Final = Line(0, "")


def song_from_quaver(data: bytes) -> DraftSong:
    """The chart of a `.qua` file, on the clock of its music; or ChartImportError."""
    file = quaver_file(data)
    settings = file.settings
    keys = _keys(settings)
    if "HitObjects" not in file.lists:
        raise ChartImportError(0, "HitObjects, the list of notes, is missing")
    chart = DraftChart(
        settings.get("DifficultyName", MISSING).text,
        keys,
        dict(_beats(file.lists.get("TimingPoints", []))),
        tuple(_notes(file.lists["HitObjects"], keys)),
    )
    return DraftSong(
        settings.get("Title", MISSING).text,
        settings.get("Artist", MISSING).text,
        (chart,),
        settings.get("AudioFile", MISSING).text,
        preview_us(settings.get("SongPreviewTime", MISSING).text, units_per_second=1_000),
    )


def _keys(settings: Record) -> int:
    mode = settings.get("Mode", MISSING)
    match = MODE.fullmatch(mode.text)
    if match is None:
        message = f"{mode.text[:20]!r} is no mode such as Keys4" if mode.number else "no Mode: line"
        raise ChartImportError(mode.number, message)
    has_scratch = settings.get("HasScratchKey", MISSING).text.lower() == "true"
    keys = int(match[1]) + has_scratch
    if keys > MAX_KEYS:
        raise ChartImportError(mode.number, f"{keys} lanes, not 1 to {MAX_KEYS}")
    return keys


def _beats(points: list[Record]) -> Iterator[tuple[int, int]]:
    for point in points:
        beats_per_minute = _number(point, "Bpm")
        if beats_per_minute > 1e-3:
            yield _time_us(point, "StartTime"), round(US_PER_MINUTE / beats_per_minute)


def _notes(objects: list[Record], keys: int) -> Iterator[Note]:
    for thing in objects:
        if thing.get("Type", MISSING).text == MINE:
            continue
        lane = _number(thing, "Lane")
        if lane not in range(1, keys + 1):
            place = thing.get("Lane") or next(iter(thing.values()), MISSING)
            raise ChartImportError(place.number, f"lane {lane:g}, not 1 to {keys}")
        start_us, end_us = _time_us(thing, "StartTime"), _time_us(thing, "EndTime")
        # An end of 0 means none, also where the note is earlier.
        duration_us = max(end_us - start_us, 0) if end_us else 0
        yield Note(start_us, int(lane) - 1, duration_us)


def _time_us(record: Record, key: str) -> int:
    return time_us(record.get(key, MISSING).number, _number(record, key) / 1_000)


def _number(record: Record, key: str) -> float:
    """The number at `key`; 0 where it was left out."""
    line = record.get(key, MISSING)
    return number_in(line.number, line.text) if line.number else 0.0
