"""Reads what a user names, up to a bound: a name may stand for a device without an end."""

from pathlib import Path
from typing import Final

MAX_FILE_SIZE: Final = 16 * 1024 * 1024
"""No replay and no chart comes near it."""


class TooLargeError(Exception):
    """The file is larger than anything that would be of use; the message says so."""


def read_bounded(path: Path, max_size: int = MAX_FILE_SIZE) -> bytes:
    """The bytes of a file; raises TooLargeError past the bound, and OSError."""
    with path.open("rb") as file:
        data = file.read(max_size + 1)
    if len(data) > max_size:
        bound = f"{max_size // 1024 // 1024} MiB"
        raise TooLargeError(f"{path}: more than {bound}; no replay or chart is that large")
    return data
