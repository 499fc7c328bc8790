"""What a document from elsewhere may hold, read byte by byte before pycrdt sees any of it.

A document's numbers decide how much memory its reader asks for, and a part that refers to what is
not there waits for it for ever. So only what sheets are made of passes: text and yes or no under
names, in one map, all of it there. The bytes are Yjs's update format, version 1
(github.com/yjs/yjs, src/utils/UpdateEncoder.js; numbers are LEB128).
"""

from dataclasses import dataclass, field
from typing import Final

from popd.node.sheets import MAX_SHEET_SIZE

ROOT: Final = "sheet"
"""The one map of a sheet."""
MAX_WRITERS: Final = 64
"""A member writes with a new mark each time it joins."""
MAX_NAME_BYTES: Final = 96
MAX_TEXT_BYTES: Final = 256

_GONE, _DELETED, _VALUES = 0, 1, 8
_HAS_NAME, _HAS_LEFT, _HAS_RIGHT, _KIND = 0x20, 0x80, 0x40, 0x1F
_TEXT, _TRUE, _FALSE = 119, 120, 121


class SheetError(ValueError):
    """These bytes are no sheet."""


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0
    ends: dict[int, int] = field(default_factory=dict)
    """How far each writer's parts reach."""
    lefts: list[tuple[int, int]] = field(default_factory=list)
    """The parts that others refer to: writer and number."""

    def byte(self) -> int:
        """The next byte."""
        if self.at >= len(self.data):
            raise SheetError("it ends in the middle")
        self.at += 1
        return self.data[self.at - 1]

    def number(self, high: int) -> int:
        """The next number, at most `high`."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if value > high or shift > 63:
                raise SheetError(f"a number above {high}")
            if byte < 0x80:
                return value

    def text(self, high: int) -> str:
        """The next text, of at most `high` bytes."""
        size = self.number(high)
        piece = self.data[self.at : self.at + size]
        if len(piece) != size:
            raise SheetError("it ends in the middle")
        self.at += size
        try:
            return piece.decode()
        except UnicodeDecodeError:
            raise SheetError("text that is none") from None


MAX_MARK: Final = 2**53 - 1
"""Marks of writers are integers that a float holds."""
MAX_PARTS: Final = MAX_SHEET_SIZE


def check_document(data: bytes) -> None:
    """Raises SheetError unless `data` is a document that a sheet can be, whole and small."""
    if len(data) > MAX_SHEET_SIZE:
        raise SheetError(f"larger than {MAX_SHEET_SIZE} bytes")
    reader = _Reader(data)
    for _ in range(reader.number(MAX_WRITERS)):
        _check_writer(reader)
    _check_deletions(reader)
    if reader.at != len(data):
        raise SheetError("there is more after its end")
    for writer, number in reader.lefts:
        if number >= reader.ends.get(writer, 0):
            raise SheetError("it refers to what is not in it")


def _check_writer(reader: _Reader) -> None:
    parts, writer = reader.number(MAX_PARTS), reader.number(MAX_MARK)
    if writer in reader.ends:
        raise SheetError("a writer stands twice")
    if reader.number(0) != 0 or parts == 0:
        raise SheetError("it does not begin at the beginning")
    reader.ends[writer] = 0
    for _ in range(parts):
        reader.ends[writer] += _part_length(reader, writer)
        if reader.ends[writer] > 2**31:
            raise SheetError("too long")


def _part_length(reader: _Reader, writer: int) -> int:
    """Reads one part; returns how many numbers of its writer it takes up."""
    head = reader.byte()
    kind = head & _KIND
    if head == _GONE:
        return _length(reader)
    if head & _HAS_RIGHT or not head & _HAS_NAME or kind not in (_DELETED, _VALUES):
        raise SheetError("a part of an unknown kind")
    if head & _HAS_LEFT:
        left = reader.number(MAX_MARK), reader.number(2**31)
        if left[0] == writer and left[1] >= reader.ends[writer]:
            raise SheetError("a part that follows itself")
        reader.lefts.append(left)
    else:
        if reader.number(1) != 1 or reader.text(len(ROOT)) != ROOT:
            raise SheetError("it says something outside of the sheet")
        reader.text(MAX_NAME_BYTES)
    if kind == _DELETED:
        return _length(reader)
    count = reader.number(1)
    for _ in range(count):
        _check_value(reader)
    if count != 1:
        raise SheetError("a value that is none")
    return 1


def _length(reader: _Reader) -> int:
    length = reader.number(2**31)
    if length == 0:
        raise SheetError("a part of no length")
    return length


def _check_value(reader: _Reader) -> None:
    kind = reader.byte()
    if kind == _TEXT:
        reader.text(MAX_TEXT_BYTES)
    elif kind not in (_TRUE, _FALSE):
        raise SheetError("a value that is neither text nor yes or no")


def _check_deletions(reader: _Reader) -> None:
    for _ in range(reader.number(MAX_WRITERS)):
        writer = reader.number(MAX_MARK)
        for _ in range(reader.number(MAX_PARTS)):
            start, length = reader.number(2**31), reader.number(2**31)
            if start + length > reader.ends.get(writer, 0):
                raise SheetError("it deletes what is not in it")
