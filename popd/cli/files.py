"""Reads what a user names, up to a bound: a name may stand for a device without an end."""

from pathlib import Path
from typing import Final

MAX_FILE_SIZE: Final = 16 * 1024 * 1024
"""No replay and no chart comes near it."""


class TooLargeError(Exception):
    """The file is larger than anything that would be of use; the message says so."""


def read_bounded(path: Path) -> bytes:
    """The bytes of a file; raises TooLargeError past the bound, and OSError."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE_SIZE + 1)
    if len(data) > MAX_FILE_SIZE:
        bound = f"{MAX_FILE_SIZE // 1024 // 1024} MiB"
        raise TooLargeError(f"{path}: more than {bound}; no replay or chart is that large")
    return data
