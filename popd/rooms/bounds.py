"""What a document from elsewhere may hold, read byte by byte before pycrdt sees any of it.

A document's numbers decide how much memory its reader asks for, and a part that refers to what is
not there waits for it for ever. So only what ours are made of passes: text and yes or no under
names, in known maps, all of it there, or in what it is added to. The bytes are Yjs's update format,
version 1 (github.com/yjs/yjs, src/utils/UpdateEncoder.js; numbers are LEB128).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
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


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of what a document may hold."""

    roots: frozenset[str]
    """The names of its maps."""
    max_bytes: int
    """All of it."""
    max_writers: int
    """Who wrote in it."""
    max_name_bytes: int
    """A name in a map."""
    max_text_bytes: int
    """A text under a name."""


SHEET: Final = Bounds(
    frozenset({ROOT}), MAX_SHEET_SIZE, MAX_WRITERS, MAX_NAME_BYTES, MAX_TEXT_BYTES
)
NOTHING: Final[Mapping[int, int]] = MappingProxyType({})
"""How far the writers of an empty document came."""


class SheetError(ValueError):
    """These bytes are no sheet, or no other document of ours."""


class GapError(SheetError):
    """It builds on what is not here: everything has to be asked for."""


@dataclass(slots=True)
class _Reader:
    data: bytes
    bounds: Bounds = SHEET
    known: Mapping[int, int] = field(default_factory=dict)
    """How far each writer's parts reach in what this is added to."""
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
MAX_NUMBER: Final = 2**31
"""Of a writer's parts."""


def check_document(data: bytes, bounds: Bounds = SHEET, known: Mapping[int, int] = NOTHING) -> None:
    """Raises SheetError unless `data` is a document within its bounds.

    It may build on a document whose writers came as far as `known` says; raises GapError where it
    builds on more than that.
    """
    if len(data) > bounds.max_bytes:
        raise SheetError(f"larger than {bounds.max_bytes} bytes")
    reader = _Reader(data, bounds, known)
    for _ in range(reader.number(bounds.max_writers)):
        _check_writer(reader)
    _check_deletions(reader)
    if reader.at != len(data):
        raise SheetError("there is more after its end")
    for writer, number in reader.lefts:
        if number >= _end(reader, writer):
            raise GapError("it refers to what is not in it")


def writers_in(vector: bytes, bounds: Bounds) -> dict[int, int]:
    """How far each writer came, by a state vector; raises SheetError where it is none."""
    reader = _Reader(vector)
    writers: dict[int, int] = {}
    for _ in range(reader.number(bounds.max_writers)):
        writer = reader.number(MAX_MARK)
        if writer in writers:
            raise SheetError("a writer stands twice")
        writers[writer] = reader.number(MAX_NUMBER)
    if reader.at != len(vector):
        raise SheetError("there is more after its end")
    return writers


def _end(reader: _Reader, writer: int) -> int:
    """How far a writer's parts reach, here and in what this is added to."""
    return max(reader.ends.get(writer, 0), reader.known.get(writer, 0))


def _check_writer(reader: _Reader) -> None:
    parts, writer = reader.number(reader.bounds.max_bytes), reader.number(MAX_MARK)
    if writer in reader.ends:
        raise SheetError("a writer stands twice")
    start = reader.number(MAX_NUMBER)
    if parts == 0:
        raise SheetError("a writer of nothing")
    if start > reader.known.get(writer, 0):
        raise GapError("it does not begin at the beginning")
    reader.ends[writer] = start
    for _ in range(parts):
        reader.ends[writer] += _part_length(reader, writer)
        if reader.ends[writer] > MAX_NUMBER:
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
        left = reader.number(MAX_MARK), reader.number(MAX_NUMBER)
        if left[0] == writer and left[1] >= reader.ends[writer]:
            raise SheetError("a part that follows itself")
        reader.lefts.append(left)
    else:
        if reader.number(1) != 1 or reader.text(MAX_NAME_BYTES) not in reader.bounds.roots:
            raise SheetError("it says something outside of the sheet")
        reader.text(reader.bounds.max_name_bytes)
    if kind == _DELETED:
        return _length(reader)
    count = reader.number(1)
    for _ in range(count):
        _check_value(reader)
    if count != 1:
        raise SheetError("a value that is none")
    return 1


def _length(reader: _Reader) -> int:
    length = reader.number(MAX_NUMBER)
    if length == 0:
        raise SheetError("a part of no length")
    return length


def _check_value(reader: _Reader) -> None:
    kind = reader.byte()
    if kind == _TEXT:
        reader.text(reader.bounds.max_text_bytes)
    elif kind not in (_TRUE, _FALSE):
        raise SheetError("a value that is neither text nor yes or no")


def _check_deletions(reader: _Reader) -> None:
    for _ in range(reader.number(reader.bounds.max_writers)):
        writer = reader.number(MAX_MARK)
        for _ in range(reader.number(reader.bounds.max_bytes)):
            start, length = reader.number(MAX_NUMBER), reader.number(MAX_NUMBER)
            if start + length > _end(reader, writer):
                raise GapError("it deletes what is not in it")
