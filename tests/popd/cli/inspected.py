"""Charts, plays and how `popctl inspect` is asked of them."""

import json
import lzma
import struct
from collections.abc import Iterable
from pathlib import Path
from random import Random

from click.testing import CliRunner, Result

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import EntryId
from game.bots.human_like import HumanLike
from popd.cli.inspect import inspect

WINDOW_US = 60_000_000
HOUR_US = 3_600_000_000
MIRROR = 1 << 30


def notes_of(seed: int, count: int = 300) -> tuple[Note, ...]:
    rng = Random(seed)
    starts_us = sorted(rng.sample(range(1_000_000, 50_000_000, 100_000), count))
    return tuple(Note(start_us, rng.randrange(4)) for start_us in starts_us)


def chart_of(notes: tuple[Note, ...]) -> Chart:
    return Chart("Song", "Someone", 4, (TimingPoint(0, 500_000),), notes)


CHART = chart_of(notes_of(1))
OTHER = chart_of(notes_of(2))


def osr_of(events: Iterable[KeyEvent], mods: int = 0, player: bytes = b"a") -> bytes:
    frames, mask, before_ms = ["0|256|-500|0", "-1|256|-500|0"], 0, -1
    for time_us, lane, is_press in events:
        mask = mask | 1 << lane if is_press else mask & ~(1 << lane)
        frames.append(f"{time_us // 1_000 - before_ms}|{mask}|0|0")
        before_ms = time_us // 1_000
    packed = lzma.compress(",".join(frames).encode(), format=lzma.FORMAT_ALONE)
    head = struct.pack("<BI", 3, 20_200_918) + b"\0\x0b\x01" + player + b"\0"
    return b"".join(
        (
            head + struct.pack("<6HIHBI", *(0,) * 9, mods) + b"\0",
            struct.pack("<qI", 0, len(packed)) + packed + bytes(8),
        )
    )


def played(seed: int, chart: Chart = CHART) -> list[KeyEvent]:
    return list(HumanLike().play(chart, WINDOW_US, Random(seed)))


def evidence_of(events: Iterable[KeyEvent], window: int = 0) -> Evidence:
    return Evidence(EntryId(bytes(32)), window, WINDOW_US, tuple(events), ())


def run(*words: object) -> Result:
    return CliRunner().invoke(inspect, [str(word) for word in words])


def record_of(*words: object) -> dict[str, object]:
    result = run(*words, "--json")
    assert (result.exit_code, result.stdout.count("\n"), result.stderr) == (0, 1, "")
    record: dict[str, object] = json.loads(result.stdout)
    return record


def nearest_of(folder: Path, play: bytes, name: str = "copy.osr") -> dict[str, object] | None:
    (folder / name).write_bytes(play)
    words = (folder / name, "--chart", folder / "song.osu", "--library", folder / "library")
    nearest = record_of(*words)["nearest"]
    assert nearest is None or isinstance(nearest, dict)
    return nearest
