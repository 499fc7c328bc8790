"""Replays in the `.osr` format of osu!mania, as presses and releases in the time of the chart.

Format: https://osu.ppy.sh/wiki/en/Client/File_formats/osr_%28file_format%29. Read here and not by
osrparse (the oracle in the tests), because that drops the two leading frames together with the
time in them: whoever skipped the intro is then judged seconds off. And it unpacks without a bound.
"""

import lzma
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from consensus.chart import MAX_CHART_US
from consensus.evidence import KeyEvent

MAX_FILE_SIZE: Final = 16 * 1024 * 1024
MAX_FRAMES_SIZE: Final = 64 * 1024 * 1024
"""Bytes of the unpacked frames: two hours at 1,000 frames a second; more is a bomb."""
MAX_UNPACKER_SIZE: Final = 256 * 1024 * 1024
"""Bytes of memory that a file may ask for to be unpacked; the strongest setting asks for 64 MiB."""
MANIA_MODE: Final = 3
SEED_FRAME_MS: Final = -12_345
"""Marks the frame that holds a random seed and no play."""
LEADING_FRAMES: Final = 2
"""They hold a place on a screen of another mode, and how much of the intro was skipped."""
NO_PLACE: Final = "256|-500"
TEXT_MARK: Final = 0x0B
EASY: Final = 1 << 1
HARD_ROCK: Final = 1 << 4
DOUBLE_TIME: Final = 1 << 6
HALF_TIME: Final = 1 << 8
RANDOM: Final = 1 << 21
SCORE_V2: Final = 1 << 29
MIRROR: Final = 1 << 30


class ReplayImportError(Exception):
    """A replay can't be read, or can't be judged."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What one person pressed, and what the game said of it."""

    events: tuple[KeyEvent, ...]
    """In order of time, in microseconds of the chart; some may lie before 0."""
    rate: Fraction
    """How much faster than written the chart ran: 3/2, 3/4 or 1."""
    chart_md5: str
    """MD5 of the `.osu` file that was played, in hex, as the replay says."""
    counted: tuple[int, ...]
    """Grades in the header: perfect, great, good, ok, meh, miss, by the game's own windows."""
    mods: int = 0
    """Bits of the mods that were on; see https://osu.ppy.sh/wiki/en/Client/File_formats/osr."""


class _Reader:
    """The fields of the file, one after the other; raises ReplayImportError where it ends."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        try:
            found = struct.unpack_from(layout, self.data, self.offset)
        except struct.error:
            raise ReplayImportError("the replay ends in the middle") from None
        self.offset += struct.calcsize(layout)
        return found

    def number(self, layout: str) -> int:
        return self.numbers(layout)[0]

    def binary(self, size: int) -> bytes:
        if self.offset + size > len(self.data):
            raise ReplayImportError("the replay ends in the middle")
        self.offset += size
        return self.data[self.offset - size : self.offset]

    def text(self) -> str:
        mark = self.number("<B")
        if mark not in (0, TEXT_MARK):
            raise ReplayImportError("this is no replay: a text begins with a wrong byte")
        size = shift = 0
        while mark:
            byte = self.number("<B")
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 28:
                break
        return self.binary(size).decode("utf-8", "replace")


def replay_from_osr(data: bytes, keys: int) -> Replay:
    """The replay in an `.osr` file, played on a chart with `keys` lanes.

    Mirror is undone, so that lanes are those of the chart as it is written. Raises
    ReplayImportError for other modes, broken files, lanes that the chart doesn't have, and the
    Random mod, whose lanes nobody else can restore.
    """
    if len(data) > MAX_FILE_SIZE:
        raise ReplayImportError(f"more than {MAX_FILE_SIZE} bytes: that is no replay")
    reader = _Reader(data)
    mode, _version = reader.numbers("<BI")
    if mode != MANIA_MODE:
        raise ReplayImportError("this is no replay of mania (mode 3)")
    chart_md5, _player, _checksum = reader.text(), reader.text(), reader.text()
    great, ok, meh, perfect, good, miss = reader.numbers("<6H")
    _score, _combo, _full = reader.numbers("<IHB")
    mods = reader.number("<I")
    if mods & RANDOM:
        raise ReplayImportError("the Random mod shuffled the lanes; it can't be judged")
    _life, _ticks = reader.text(), reader.number("<q")
    frames = _unpacked(reader.binary(reader.number("<I")))
    return Replay(
        tuple(_events(frames, keys, bool(mods & MIRROR))),
        _rate(mods),
        chart_md5,
        (perfect, great, good, ok, meh, miss),
        mods,
    )


def _rate(mods: int) -> Fraction:
    if mods & DOUBLE_TIME:
        return Fraction(3, 2)
    return Fraction(3, 4) if mods & HALF_TIME else Fraction(1)


def _unpacked(data: bytes) -> str:
    unpacker = lzma.LZMADecompressor(memlimit=MAX_UNPACKER_SIZE)
    try:
        frames = unpacker.decompress(data, MAX_FRAMES_SIZE)
    except lzma.LZMAError:
        raise ReplayImportError("the frames of the replay can't be unpacked") from None
    if not unpacker.eof and len(frames) >= MAX_FRAMES_SIZE:
        raise ReplayImportError(f"the replay unpacks to more than {MAX_FRAMES_SIZE} bytes")
    if not unpacker.eof and unpacker.needs_input and not frames.endswith(b","):
        raise ReplayImportError("the frames of the replay end in the middle")
    return frames.decode("ascii", "replace")


def _events(frames: str, keys: int, is_mirrored: bool) -> Iterator[KeyEvent]:
    pressed = 0
    for time_ms, mask in _masks(frames):
        if mask >> keys:
            lane = mask.bit_length()
            raise ReplayImportError(f"the replay presses lane {lane} of a chart with {keys}")
        changed = mask ^ pressed
        while changed:
            lane = (changed & -changed).bit_length() - 1
            shown = keys - 1 - lane if is_mirrored else lane
            yield KeyEvent(time_ms * 1_000, shown, bool(mask >> lane & 1))
            changed &= changed - 1
        pressed = mask


def _masks(frames: str) -> Iterator[tuple[int, int]]:
    """Which lanes were down from when on; frames that go back in time are left out."""
    time_ms, latest_ms = 0, -MAX_CHART_US // 1_000
    for position, frame in enumerate(frames.rstrip(",").split(",")):
        passed, _, state = frame.partition("|")
        mask, *_ = state.split("|")
        passed_ms = _whole(passed)
        if passed_ms == SEED_FRAME_MS:
            continue
        time_ms += passed_ms
        if abs(time_ms) > MAX_CHART_US // 1_000:
            raise ReplayImportError("the replay goes beyond two hours")
        is_play = position >= LEADING_FRAMES or not state.startswith(NO_PLACE)
        if is_play and passed_ms >= 0 and time_ms >= latest_ms:
            latest_ms = time_ms
            yield time_ms, _whole(mask)


def _whole(text: str) -> int:
    try:
        number: float = int(text)
    except ValueError:
        number = _fractional(text)
    if not abs(number) < 1e12 or number != int(number):
        raise ReplayImportError(f"{text[:40]!r} in the replay is not a whole number")
    return int(number)


def _fractional(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.5
