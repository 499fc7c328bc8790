"""Tables of who acknowledges whom, in CSV: columns `from` and `to`, `weight`, `time_ms`."""

import csv
import io
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import isfinite, nan
from pathlib import Path
from typing import Final, NoReturn

from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.files import TooLargeError, read_bounded
from popd.cli.quoting import quoted

MAX_TABLE_SIZE: Final = 256 * 1024 * 1024
MAX_ROWS: Final = 5_000_000
MAX_ID_LENGTH: Final = 256
"""Characters; a did:key has 56."""
MAX_TIME_MS: Final = 2**53
PIECE: Final = 1_024
"""Rows taken in at once."""
FROM: Final = "from"
TO: Final = "to"
WEIGHT: Final = "weight"
TIME: Final = "time_ms"
OTHER_MARKS: Final = {";": "semicolons", "\t": "tabs"}
"""What some programs write between cells instead of commas."""


class TableError(Exception):
    """A table that can't be used; the message names the line."""


@dataclass(frozen=True, slots=True)
class Table:
    """Who acknowledges whom, as columns; people are numbered as they come."""

    names: list[str]
    """What everybody is called."""
    source: "array[int]"
    """Who, row by row."""
    target: "array[int]"
    """Whom, row by row."""
    weight: "array[float]"
    """How much, row by row; empty where the table has no such column."""
    time_ms: "array[int]"
    """When, row by row; empty where the table has no such column."""


def table_at(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """A table in a file; ends the program with one line about what is wrong with it."""
    try:
        return table_from(read_bounded(path, MAX_TABLE_SIZE), needed, optional)
    except TooLargeError:
        refuse(path, f"more than {MAX_TABLE_SIZE // 1024**2} MiB; cut the table in pieces")
    except OSError as error:
        refuse(path, f"{error.strerror}")
    except TableError as error:
        refuse(path, str(error))


def table_from(data: bytes, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """A table from its bytes; raises TableError. Columns may come in any order, others are left."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(f"line {line}: not UTF-8; save the table as UTF-8") from None
    rows = _rows(text)
    _, header = next(rows, (0, []))
    columns = _columns(header, needed, optional)
    numbers = _Numbers()
    table = Table([], array("q"), array("q"), array("d"), array("q"))
    while piece := list(islice(rows, PIECE)):
        _check_width(piece, len(header))
        _take(table, numbers, columns, piece)
        if len(table.source) > MAX_ROWS:
            raise TableError(f"more than {MAX_ROWS:,} rows; cut the table in pieces")
    table.names.extend(numbers)
    return table


def newest(table: Table) -> int:
    """The newest time of a table; 0 where it has none."""
    return max(table.time_ms, default=0)


class _Numbers(dict[str, int]):
    """Names and their numbers, in the order in which they came."""

    def __missing__(self, name: str) -> int:
        if not name or len(name) > MAX_ID_LENGTH:
            why = f"is longer than {MAX_ID_LENGTH} characters" if name else "is empty"
            raise ValueError(why)
        return self.setdefault(name, len(self))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """All rows but empty lines, with the lines that they end on."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise TableError(f"line {reader.line_num}: {error}") from None


def _check_width(piece: list[tuple[int, list[str]]], named: int) -> None:
    for line, row in piece:
        if len(row) > named:
            raise TableError(f"line {line}: {len(row)} cells where {named} are named")


def _take(
    table: Table, numbers: _Numbers, columns: dict[str, int], piece: list[tuple[int, list[str]]]
) -> None:
    """Adds some rows to a table, column by column, which is quick."""
    try:
        cells = {name: [row[at] for _, row in piece] for name, at in columns.items()}
        table.source.extend(map(numbers.__getitem__, cells[FROM]))
        table.target.extend(map(numbers.__getitem__, cells[TO]))
        table.weight.extend(_weights(cells.get(WEIGHT, [])))
        table.time_ms.extend(_times(cells.get(TIME, [])))
    except (IndexError, ValueError):
        _blame(columns, piece)


def _blame(columns: dict[str, int], piece: list[tuple[int, list[str]]]) -> NoReturn:
    """Finds the row that can't be used."""
    width = max(columns.values()) + 1
    for line, row in piece:
        if len(row) < width:
            wanted = ", ".join(columns)
            raise TableError(f"line {line}: {len(row)} cells where {wanted} need {width}")
        for name, read in READERS.items():
            try:
                read(row[columns[name]] if name in columns else "0")
            except ValueError as error:
                raise TableError(f"line {line}: {name} {error}") from None
    raise AssertionError("some row can't be used")


def _columns(header: list[str], needed: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    if not header:
        raise TableError(f"is empty; the first line names the columns {', '.join(needed)}")
    names = [cell.strip().casefold() for cell in header]
    for name in (*needed, *optional):
        if names.count(name) > 1:
            raise TableError(f"line 1: two columns are called {name}; keep one")
    missing = [name for name in needed if name not in names]
    if missing:
        raise TableError(
            f"line 1: no column {missing[0]}; the first line names {', '.join(needed)}"
            + "".join(f" and perhaps {name}" for name in optional)
            + "".join(
                f"; cells are separated by commas, not {words}"
                for mark, words in OTHER_MARKS.items()
                if len(header) == 1 and mark in header[0]
            )
        )
    return {name: names.index(name) for name in (*needed, *optional) if name in names}


def _weights(cells: list[str]) -> "array[float]":
    values = array("d", map(float, cells))
    if not all(map(isfinite, values)) or not _is_plain("".join(cells)):
        raise ValueError
    return values


def _times(cells: list[str]) -> "array[int]":
    if all(map(str.isdecimal, cells)) and _is_plain("".join(cells)):
        values = list(map(int, cells))
        if max(values, default=0) <= MAX_TIME_MS:
            return array("q", values)
    return array("q", map(_time, cells))


def _weight(text: str) -> float:
    value = _float(text)
    if not isfinite(value):
        raise ValueError(f"{quoted(text)} is no finite number")
    return value


def _time(text: str) -> int:
    is_short = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_TIME_MS))
    value = int(text) if is_short else _float(text)
    if not 0 <= value <= MAX_TIME_MS:
        raise ValueError(f"{quoted(text)} is no time in milliseconds since 1970")
    return int(value)


def _is_plain(text: str) -> bool:
    """Neither digits of other scripts nor `_` between digits, which Python would take."""
    return text.isascii() and "_" not in text


def _float(text: str) -> float:
    try:
        return float(text) if _is_plain(text) else nan
    except ValueError:
        return nan


READERS: Final[dict[str, Callable[[str], object]]] = {
    FROM: lambda text: _Numbers()[text],
    TO: lambda text: _Numbers()[text],
    WEIGHT: _weight,
    TIME: _time,
}
"""What raises ValueError for a cell that can't be used, with what it is."""


def refuse(path: Path, why: str) -> NoReturn:
    """Ends the program with one line about what is wrong with a table."""
    give_up(ExitCode.REJECTED, f"popctl trust: {path}: {why}.")
