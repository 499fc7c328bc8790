"""A chart as an `.osu` file of osu!mania.

Format: https://osu.ppy.sh/wiki/en/Client/File_formats/osu_%28file_format%29. The game counts notes
in whole milliseconds, so starts and ends are rounded to them; beats keep their microseconds.
"""

from collections.abc import Iterator
from typing import Final

from consensus.chart import Chart, Note
from game.charts.words import short

FIELD_WIDTH: Final = 512
"""Horizontal positions run from 0 to 512 over the lanes."""
MIDDLE_Y: Final = 192
TAP: Final = 1
HOLD: Final = 128
OVERALL_DIFFICULTY: Final = 8
"""How strictly the game judges; that of most charts."""


def osu_from_chart(chart: Chart, name: str = "", audio: str = "") -> str:
    """The text of an `.osu` file of mode 3.

    Reading it again gives the same notes and keys when all times are whole milliseconds.
    """
    return "\n".join(_lines(chart, name, audio)) + "\n"


def _lines(chart: Chart, name: str, audio: str) -> Iterator[str]:
    title, artist = short(chart.title), short(chart.artist)
    yield "osu file format v14"
    yield from (
        "",
        "[General]",
        f"AudioFilename: {short(audio) or 'audio.mp3'}",
        "AudioLeadIn: 0",
        "Mode: 3",
    )
    yield from ("", "[Metadata]", f"Title:{title}", f"TitleUnicode:{title}")
    yield from (f"Artist:{artist}", f"ArtistUnicode:{artist}", "Creator:popd")
    yield f"Version:{short(name) or f'{chart.keys}K'}"
    yield from ("", "[Difficulty]", "HPDrainRate:8", f"CircleSize:{chart.keys}")
    yield from (f"OverallDifficulty:{OVERALL_DIFFICULTY}", "ApproachRate:5")
    yield from ("SliderMultiplier:1.4", "SliderTickRate:1", "", "[TimingPoints]")
    for point in chart.timing:
        yield f"{_exact_ms(point.time_us)},{_exact_ms(point.beat_us)},4,2,0,100,1,0"
    yield from ("", "[HitObjects]")
    for note in chart.notes:
        yield _object(note, chart.keys)


def _object(note: Note, keys: int) -> str:
    x = (2 * note.lane + 1) * FIELD_WIDTH // (2 * keys)
    start_ms = _rounded_ms(note.start_us)
    end_ms = _rounded_ms(note.start_us + note.duration_us)
    if end_ms > start_ms:
        return f"{x},{MIDDLE_Y},{start_ms},{HOLD},0,{end_ms}:0:0:0:0:"
    return f"{x},{MIDDLE_Y},{start_ms},{TAP},0,0:0:0:0:"


def _rounded_ms(time_us: int) -> int:
    return (time_us + 500) // 1_000


def _exact_ms(time_us: int) -> str:
    whole, rest = divmod(time_us, 1_000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else f"{whole}"
