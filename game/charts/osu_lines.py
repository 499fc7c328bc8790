"""The lines of an `.osu` file, by section, each with its number for whoever has to mend it."""

import math
import re
from collections.abc import Mapping
from typing import Final

from game.charts.errors import ChartImportError
from game.charts.lines import Line, check_size

HEADER: Final = re.compile(r"osu file format v\d{1,3}")
SETTINGS: Final = ("General", "Metadata", "Difficulty")
"""Sections of `Key: value` lines."""


def sections_of(data: bytes | str) -> Mapping[str, tuple[Line, ...]]:
    """The lines of each section; raises ChartImportError for what is no `.osu` file."""
    check_size(data)
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    found: dict[str, list[Line]] = {}
    current = header = None
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or line.startswith("//"):
            continue
        if header is None:
            header = HEADER.match(line)
            if header is None:
                raise ChartImportError(number, "an .osu file begins with `osu file format v14`")
        elif line.startswith("[") and line.endswith("]"):
            current = found.setdefault(line[1:-1], [])
        elif current is not None:
            current.append(Line(number, line))
    if header is None:
        raise ChartImportError(0, "the file is empty")
    return {name: tuple(lines) for name, lines in found.items()}


def settings_of(sections: Mapping[str, tuple[Line, ...]]) -> dict[str, Line]:
    """The `Key: value` lines; the last of a key counts."""
    return {
        key.strip(): Line(line.number, value.strip())
        for name in SETTINGS
        for line in sections.get(name, ())
        for key, colon, value in (line.text.partition(":"),)
        if colon
    }


def number_of(line: Line, text: str) -> float:
    """The number that `text`, a part of `line`, is; raises ChartImportError where it is none."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) < 1e15:
        raise ChartImportError(line.number, f"{text[:40]!r} is not a number that can be used")
    return number
