"""Charts in the `.mc` format of Malody, of its mode with keys.

The format is JSON: `time` has tempos, `note` has notes, both on beats that are given as [whole,
numerator, denominator]. The note of type 1 is the music, and its beat is `offset` ms before the
music begins. Source: MalodyFile.cs of https://github.com/Quaver/Quaver.API. Scroll speeds and
sounds are left behind.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from consensus.chart import MAX_KEYS, MAX_NOTES, MAX_TIMING_POINTS, Note
from game.charts.beat_clock import BeatClock, BeatEvents
from game.charts.errors import ChartImportError
from game.charts.imported import DraftChart, DraftSong
from game.charts.lines import check_size
from game.charts.numbers import MAX_NUMBER, preview_us, time_us

KEY_MODE: Final = 0
MUSIC: Final = 1
"""The type of the note that is the music."""

Record = Mapping[str, Any]


def song_from_malody(data: bytes) -> DraftSong:
    """The chart of an `.mc` file, on the clock of its music; or ChartImportError."""
    file = _record("the file", _parsed(data))
    meta = _record("meta", file.get("meta"))
    if meta.get("mode") != KEY_MODE:
        raise ChartImportError("meta", f"mode {str(meta.get('mode'))[:20]} is not 0, keys")
    keys = _record("meta", meta.get("mode_ext")).get("column")
    if type(keys) is not int or not 1 <= keys <= MAX_KEYS:
        raise ChartImportError("meta", f"{str(keys)[:20]} lanes, not 1 to {MAX_KEYS}")
    notes = _records(file, "note", MAX_NOTES)
    music = next((note for note in notes if note.get("type") == MUSIC), {})
    clock = _clock(file, music)
    played = tuple(_notes(notes, keys, clock))
    song = _record("meta", meta.get("song"))
    return DraftSong(
        _text(song, "titleorg") or _text(song, "title"),
        _text(song, "artistorg") or _text(song, "artist"),
        (DraftChart(_text(meta, "version"), keys, clock.beats_us(), played),),
        _text(music, "sound"),
        preview_us(str(meta.get("preview", ""))[:20], units_per_second=1_000),
    )


def _parsed(data: bytes) -> object:
    check_size(data)
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except json.JSONDecodeError as error:
        raise ChartImportError(error.lineno, f"not JSON: {error.msg}") from None
    except (RecursionError, ValueError):
        raise ChartImportError(0, "JSON that no chart needs") from None


def _record(place: str, value: object) -> Record:
    if not isinstance(value, dict):
        raise ChartImportError(place, "fields are missing")
    return value


def _records(file: Record, name: str, most: int) -> list[Record]:
    values = file.get(name)
    if not isinstance(values, list) or len(values) > most:
        raise ChartImportError(name, f"not a list, or one of more than {most}")
    return [_record(f"{name} {number}", value) for number, value in enumerate(values, 1)]


def _text(record: Record, key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _clock(file: Record, music: Record) -> BeatClock:
    tempos: dict[float, float] = {}
    for number, point in enumerate(_records(file, "time", MAX_TIMING_POINTS), 1):
        place = f"time {number}"
        tempos[_beat(place, point.get("beat"))] = _number(place, point.get("bpm"))
    events = BeatEvents(tempos)
    begins = _beat("the music", music.get("beat", [0, 0, 1]))
    lead_s = _number("the music", music.get("offset", 0)) / 1_000
    return BeatClock(events, -lead_s - BeatClock(events).moment_s(begins))


def _notes(notes: list[Record], keys: int, clock: BeatClock) -> Iterator[Note]:
    for number, note in enumerate(notes, 1):
        place = f"note {number}"
        if note.get("type") == MUSIC:
            continue
        lane = note.get("column")
        if type(lane) is not int or not 0 <= lane < keys:
            raise ChartImportError(place, f"column {str(lane)[:20]}, not 0 to {keys - 1}")
        beat = _beat(place, note.get("beat"))
        end_beat = _beat(place, note["endbeat"]) if "endbeat" in note else beat
        start_us = time_us(place, clock.moment_s(beat))
        yield Note(start_us, lane, max(time_us(place, clock.moment_s(end_beat)) - start_us, 0))


def _beat(place: str, value: object) -> float:
    """A beat from 0; in one division, so that equal beats are equal numbers."""
    if isinstance(value, list) and len(value) == 3 and all(type(it) is int for it in value):
        whole, part, parts = value
        if parts > 0 and max(abs(whole), abs(part), parts) <= MAX_NUMBER:
            beat = (whole * parts + part) / parts
            if beat >= 0:
                return float(beat)
    raise ChartImportError(place, f"{str(value)[:40]} is no beat")


def _number(place: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ChartImportError(place, f"{str(value)[:40]} is not a number")
    if not abs(value) <= MAX_NUMBER:
        raise ChartImportError(place, "not a number that can be used")
    return float(value)
