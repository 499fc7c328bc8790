"""What all files of charts have in common: a bound, an encoding, and lines that have numbers."""

from typing import Final, NamedTuple

from game.charts.errors import ChartImportError

MAX_FILE_SIZE: Final = 16 * 1024 * 1024
"""Bytes; the largest charts that people play have about four million."""


class Line(NamedTuple):
    """A line that says something."""

    number: int
    """Where it stands, from 1; 0 for what is missing."""
    text: str
    """Without blanks at its ends."""


def check_size(data: bytes | str) -> None:
    """Raises ChartImportError for more than any chart has."""
    if len(data) > MAX_FILE_SIZE:
        raise ChartImportError(0, f"more than {MAX_FILE_SIZE} bytes: that is no chart")


def decoded(data: bytes, encodings: tuple[str, ...]) -> str:
    """The text in the first of the encodings that it can be in; else in the last, with gaps."""
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(encodings[-1], "replace")
