"""Charts in the BMS formats: `.bms`, `.bme`, `.bml`.

Format: https://hitkey.nekokan.dyndns.info/cmds.htm. Such a file has no music of its own: its sounds
make the song, so the clock begins with measure 0. A hold is two objects on channels 51 to 69, or
a note and the object that #LNOBJ names. The free zone (17, 27), hidden notes, mines, sounds
and pictures are left behind.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from consensus.chart import MAX_NOTES, MAX_TIMING_POINTS, Note
from game.charts.beat_clock import SECONDS_PER_MINUTE, BeatClock, BeatEvents
from game.charts.bms_lines import BmsFile, bms_file
from game.charts.errors import ChartImportError
from game.charts.imported import DraftChart, DraftSong
from game.charts.lines import Line
from game.charts.numbers import number_in, time_us

BEATS_PER_MEASURE: Final = 4
DEFAULT_BPM: Final = 130.0
STOPS_PER_BEAT: Final = 48.0
"""A stop is counted in 192nds of a measure of 4 beats."""
MEASURE_LENGTHS: Final = "02"
HEXADECIMAL_TEMPOS: Final = "03"
NAMED_TEMPOS: Final = "08"
STOPS: Final = "09"
NOTHING: Final = "00"
SCRATCH: Final = 0
KEY_OF_DIGIT: Final = {"6": SCRATCH, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "8": 6, "9": 7}
SIDES: Final = {"1": 0, "2": 1, "5": 0, "6": 1}
HOLD_SIDES: Final = "56"
DIFFICULTIES: Final = ("", "Beginner", "Normal", "Hyper", "Another", "Insane")
MISSING: Final = Line(0, "")


class _Object(NamedTuple):
    """A thing on a channel."""

    beat: float
    """From 0."""
    name: str
    """Two letters."""
    line: int
    """Where it stands."""


class _Key(NamedTuple):
    """A key of the controller."""

    side: int
    """0 for the left player, 1 for the right."""
    key: int
    """0 for the scratch, then from 1 at the left."""


class _Press(NamedTuple):
    """A note on a key."""

    key: _Key
    start: _Object
    end: _Object


def song_from_bms(data: bytes) -> DraftSong:
    """The chart of a BMS file, from the beginning of measure 0; or ChartImportError."""
    file = bms_file(data)
    kind = file.headers.get("LNTYPE", Line(0, "1"))
    if kind.text != "1":
        raise ChartImportError(kind.number, f"#LNTYPE {kind.text[:20]} is not read, only 1")
    channels = _Channels(file)
    clock = BeatClock(_events(file, channels))
    presses = list(_presses(file, channels))
    if not presses:
        raise ChartImportError(0, "there is no note in it (channels 11 to 29)")
    if len(presses) > MAX_NOTES:
        raise ChartImportError(presses[MAX_NOTES].start.line, f"more than {MAX_NOTES} notes")
    lanes = _lanes({press.key for press in presses})
    notes = tuple(_note(press, lanes, clock) for press in presses)
    chart = DraftChart(_name(file), len(lanes), clock.beats_us(), notes)
    text = file.headers.get
    return DraftSong(text("TITLE", MISSING).text, text("ARTIST", MISSING).text, (chart,))


class _Channels:
    """The objects of a file by channel, on their beats."""

    def __init__(self, file: BmsFile) -> None:
        self._messages = file.channels
        self._starts, self._lengths = _measures(file)
        self._is_exact = file.headers.get("BASE", MISSING).text == "62"

    def name(self, text: str) -> str:
        """Letters of either size name the same object, unless the file counts to 62."""
        return text if self._is_exact else text.upper()

    def on(self, channel: str) -> list[_Object]:
        """In order; where two lines put something on one moment, the later counts."""
        found: dict[float, _Object] = {}
        for message in self._messages.get(channel, ()):
            start, length = self._starts[message.measure], self._lengths[message.measure]
            count = len(message.text) // 2
            for position in range(count):
                name = self.name(message.text[2 * position : 2 * position + 2])
                if not (name.isascii() and name.isalnum()):
                    raise ChartImportError(message.number, f"{name!r} is no object")
                if name != NOTHING:
                    beat = start + length * (position / count)
                    found[beat] = _Object(beat, name, message.number)
        return [found[beat] for beat in sorted(found)]


def _name(file: BmsFile) -> str:
    difficulty = file.headers.get("DIFFICULTY", MISSING).text
    word = DIFFICULTIES[int(difficulty)] if difficulty in tuple("12345") else ""
    parts = (
        word,
        file.headers.get("PLAYLEVEL", MISSING).text,
        file.headers.get("SUBTITLE", MISSING).text,
    )
    return " ".join(filter(None, parts))


def _measures(file: BmsFile) -> tuple[list[float], list[float]]:
    """On which beat each measure begins, and how many beats it has."""
    count = 1 + max(it.measure for messages in file.channels.values() for it in messages)
    lengths = [float(BEATS_PER_MEASURE)] * count
    for message in file.channels.get(MEASURE_LENGTHS, ()):
        share = number_in(message.number, message.text)
        if share <= 0:
            raise ChartImportError(message.number, "a measure needs a length above 0")
        lengths[message.measure] = BEATS_PER_MEASURE * share
    return [0.0, *accumulate(lengths)], lengths


def _events(file: BmsFile, channels: _Channels) -> BeatEvents:
    tempos = _tempos(file, channels)
    beats = sorted(tempos)
    lengths = {channels.name(name): line for name, line in file.numbered["STOP"].items()}
    stops_s: dict[float, float] = {}
    for stop in channels.on(STOPS):
        if stop.name in lengths:
            beats_long = max(number_in(*lengths[stop.name]) / STOPS_PER_BEAT, 0.0)
            tempo = tempos[beats[bisect_right(beats, stop.beat) - 1]]
            stops_s[stop.beat] = beats_long * SECONDS_PER_MINUTE / tempo
    if len(tempos) + len(stops_s) > MAX_TIMING_POINTS:
        raise ChartImportError("channels 03, 08, 09", f"more than {MAX_TIMING_POINTS} changes")
    return BeatEvents(tempos, stops_s)


def _tempos(file: BmsFile, channels: _Channels) -> dict[float, float]:
    """Beats a minute by beat, at least for beat 0."""
    first = file.headers.get("BPM", MISSING)
    tempos = {0.0: _tempo(first) if first.number else DEFAULT_BPM}
    for change in channels.on(HEXADECIMAL_TEMPOS):
        try:
            tempos[change.beat] = float(int(change.name, 16))
        except ValueError:
            raise ChartImportError(change.line, f"{change.name!r} is not hexadecimal") from None
    both = {**file.numbered["EXBPM"], **file.numbered["BPM"]}
    named = {channels.name(name): line for name, line in both.items()}
    for change in channels.on(NAMED_TEMPOS):
        if change.name in named:
            tempos[change.beat] = _tempo(named[change.name])
    return tempos


def _tempo(line: Line) -> float:
    tempo = number_in(line.number, line.text)
    if tempo <= 0:
        raise ChartImportError(line.number, f"{line.text[:40]} beats a minute, not more than 0")
    return tempo


def _presses(file: BmsFile, channels: _Channels) -> Iterator[_Press]:
    end_name = channels.name(file.headers.get("LNOBJ", MISSING).text)
    for side_digit, side in SIDES.items():
        for digit, key in KEY_OF_DIGIT.items():
            objects = channels.on(side_digit + digit)
            if side_digit in HOLD_SIDES:
                yield from _pairs(_Key(side, key), objects)
            else:
                yield from _singles(_Key(side, key), objects, end_name)


def _pairs(key: _Key, objects: list[_Object]) -> Iterator[_Press]:
    """Holds from every first object to every second; a first without a second is a tap."""
    for position in range(0, len(objects), 2):
        last = min(position + 1, len(objects) - 1)
        yield _Press(key, objects[position], objects[last])


def _singles(key: _Key, objects: list[_Object], end_name: str) -> Iterator[_Press]:
    """Taps, or holds where the next object is the one that ends them."""
    for thing, following in pairwise([*objects, None]):
        if thing is not None and thing.name != end_name:
            is_hold = following is not None and following.name == end_name
            yield _Press(key, thing, following if following and is_hold else thing)


def _lanes(keys: set[_Key]) -> dict[_Key, int]:
    """A lane for each key of a controller that has all of `keys`.

    From left to right: scratch and keys of the left side, keys and scratch of the right. Five keys
    a side, or seven where any beyond five is used; scratches only where one is used.
    """
    sides = sorted({key.side for key in keys})
    count = 7 if any(key.key > 5 for key in keys) else 5
    has_scratch = any(key.key == SCRATCH for key in keys)
    order: list[_Key] = []
    for side in sides:
        scratch = [_Key(side, SCRATCH)] if has_scratch else []
        row = [_Key(side, key) for key in range(1, count + 1)]
        order += row + scratch if side else scratch + row
    return {key: lane for lane, key in enumerate(order)}


def _note(press: _Press, lanes: dict[_Key, int], clock: BeatClock) -> Note:
    start_us = time_us(press.start.line, clock.moment_s(press.start.beat))
    end_us = time_us(press.end.line, clock.moment_s(press.end.beat))
    return Note(start_us, lanes[press.key], max(end_us - start_us, 0))
