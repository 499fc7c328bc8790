"""An osu!mania replay as an `.osr` file: what `replay_from_osr` reads back.

Format: https://osu.ppy.sh/wiki/en/Client/File_formats/osr_%28file_format%29. Frames hold whole
milliseconds of the chart's time, one for every change of the keys that are down.
"""

import lzma
import struct
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from consensus.evidence import KeyEvent
from game.play.osr import MANIA_MODE, MIRROR, NO_PLACE, SEED_FRAME_MS, TEXT_MARK, Replay

FORMAT_VERSION: Final = 20_210_520
"""A client of that day wrote this layout."""
MILLISECOND_US: Final = 1_000
MAX_COUNT: Final = 0xFFFF
"""The header has two bytes for a count."""
LEAD: Final = f"0|{NO_PLACE}|0,0|{NO_PLACE}|0"
MAX_NAME_BYTES: Final = 127
"""So that the length is a single byte."""


def osr_from_replay(replay: Replay, player: str) -> bytes:
    """The file with this replay, as played by `player`; its score and combo are left at 0.

    The header's grades are `replay.counted`, and Mirror is taken off the mods, because the lanes
    are those of the chart as it is written. Raises ValueError for events out of order, before 0, or
    not alternating within whole milliseconds, and for what the header has no room for.
    """
    perfect, great, good, ok, meh, miss = replay.counted
    if not 0 <= min(replay.counted) <= max(replay.counted) <= MAX_COUNT:
        raise ValueError(f"a replay can count {MAX_COUNT} grades of a kind, and these are more")
    frames = ",".join((LEAD, *_frames(replay.events), f"{SEED_FRAME_MS}|0|0|0", ""))
    packed = lzma.compress(frames.encode(), format=lzma.FORMAT_ALONE)
    return b"".join(
        (
            struct.pack("<BI", MANIA_MODE, FORMAT_VERSION),
            *map(_text, (replay.chart_md5, player, "")),
            struct.pack("<6H", great, ok, meh, perfect, good, miss),
            struct.pack("<IHBI", 0, 0, 0, replay.mods & ~MIRROR),
            _text(""),
            struct.pack("<qI", 0, len(packed)),
            packed,
            struct.pack("<q", 0),
        )
    )


def _frames(events: Sequence[KeyEvent]) -> Iterator[str]:
    """One for each millisecond in which keys moved, with the keys that are down after it."""
    before_ms = mask = 0
    for time_ms, moved in groupby(events, lambda event: event.time_us // MILLISECOND_US):
        changed = 0
        for event in moved:
            lane = 1 << event.lane
            if time_ms < before_ms or changed & lane or bool(mask & lane) == event.is_press:
                raise ValueError(f"the event at {time_ms} ms does not follow from those before it")
            mask, changed = mask ^ lane, changed | lane
        yield f"{time_ms - before_ms}|{mask}|0|0"
        before_ms = time_ms


def _text(text: str) -> bytes:
    data = text.encode()
    if len(data) > MAX_NAME_BYTES:
        raise ValueError(f"{text[:20]!r}... has more than {MAX_NAME_BYTES} bytes")
    return bytes((TEXT_MARK, len(data))) + data if data else b"\0"
