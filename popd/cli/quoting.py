"""What somebody typed, in a sentence about it."""

from typing import Final

MAX_QUOTED: Final = 40
"""Characters; enough to recognize it."""


def quoted(text: str) -> str:
    """In quotes and without anything that moves a cursor; cut where it is long."""
    return repr(text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…")
