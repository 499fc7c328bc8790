"""The part of YAML that Quaver writes: settings, and lists of small records.

A line is `Key: value`, or an entry of a list that begins with `- `. What is nested deeper, such as
the sounds of a note, is passed over. Anything else that YAML can say is refused with its line.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from consensus.chart import MAX_NOTES, MAX_TIMING_POINTS
from game.charts.errors import ChartImportError
from game.charts.lines import Line, check_size

LISTS: Final = {"TimingPoints": MAX_TIMING_POINTS, "HitObjects": MAX_NOTES}
"""The lists that matter, and how long they may be."""
NULLS: Final = ("~", "null", "Null", "NULL")
ESCAPES: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")

Record = dict[str, Line]


@dataclass(slots=True)
class QuaverFile:
    """What a file says at its outermost level, and in its lists."""

    settings: Record = field(default_factory=dict)
    """Values by key."""
    lists: dict[str, list[Record]] = field(default_factory=dict)
    """Records by the name of their list."""


@dataclass(slots=True)
class _Reader:
    """How far a file is read."""

    file: QuaverFile = field(default_factory=QuaverFile)
    section: str = ""
    """The outermost key that was last seen."""
    entry_indent: int = -1
    """Where the entries of the section's list begin; -1 before the first."""
    key_indent: int = -1
    """Where the keys of an entry begin."""

    def read(self, number: int, indent: int, text: str) -> None:
        entries = self.file.lists.get(self.section)
        if entries is None or (indent == 0 and not _is_entry(text)):
            if indent == 0 and not _is_entry(text):
                self._begin(number, text)
        elif _is_entry(text) and (self.entry_indent < 0 or indent == self.entry_indent):
            self._add_entry(entries, number, indent, text)
        elif entries and indent == self.key_indent:
            _set(entries[-1], number, text)
        elif not entries or indent < self.key_indent:
            raise ChartImportError(number, f"{text[:40]!r} is no part of {self.section}")

    def _begin(self, number: int, text: str) -> None:
        self.section, value = _set(self.file.settings, number, text)
        self.entry_indent = self.key_indent = -1
        if self.section in LISTS:
            if value not in ("", "[]", *NULLS):
                raise ChartImportError(number, f"{self.section} is not a list")
            self.file.lists[self.section] = []

    def _add_entry(self, entries: list[Record], number: int, indent: int, text: str) -> None:
        rest = text[1:].lstrip()
        self.entry_indent = indent
        self.key_indent = indent + len(text) - len(rest)
        record: Record = {}
        if rest not in ("", "{}"):
            _set(record, number, rest)
        entries.append(record)
        if len(entries) > LISTS[self.section]:
            message = f"more than {LISTS[self.section]} entries in {self.section}"
            raise ChartImportError(number, message)


def quaver_file(data: bytes) -> QuaverFile:
    """The settings and records of a `.qua` file; raises ChartImportError with the line."""
    check_size(data)
    reader = _Reader()
    lines = re.split(r"\r\n|\n|\r", data.decode("utf-8", "replace").removeprefix("\ufeff"))
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("#") and line.rstrip() not in ("---", "..."):
            reader.read(number, len(line) - len(line.lstrip()), text)
    return reader.file


def _is_entry(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _set(record: Record, number: int, text: str) -> tuple[str, str]:
    key, colon, value = text.partition(":")
    if not colon or (value and not value[0].isspace()):
        raise ChartImportError(number, f"{text[:40]!r} is not `Key: value`")
    record[key.strip()] = Line(number, _scalar(value.strip()))
    return key.strip(), value.strip()


def _scalar(value: str) -> str:
    """The text that a value stands for, without its quotes."""
    if value in NULLS:
        return ""
    if value.startswith("'"):
        return value[1:].removesuffix("'").replace("''", "'")
    if value.startswith('"'):
        return ESCAPE.sub(_unescaped, value[1:].removesuffix('"'))
    return value.partition(" #")[0].rstrip()


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else ESCAPES.get(match[3], match[3])
