"""Words that strangers wrote, made fit to be shown and kept."""

from unicodedata import category

from consensus.chart import MAX_TITLE_BYTES


def short(text: str) -> str:
    """Text on one line within the bound of a title, cut between letters."""
    start = text[: 2 * MAX_TITLE_BYTES]
    line = "".join(" " if category(letter) in ("Cc", "Zl", "Zp") else letter for letter in start)
    return line.strip().encode("utf-8", "replace")[:MAX_TITLE_BYTES].decode("utf-8", "ignore")
