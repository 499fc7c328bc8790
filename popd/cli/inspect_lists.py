"""Lists in CSV: of plays to inspect (columns `replay` and `chart`), of onsets (`time_ms`)."""

import csv
import io
import math
from pathlib import Path
from typing import Final, NamedTuple

from consensus.chart import MAX_CHART_US
from popd.cli.inspect_plays import UnreadableError, read_file

COLUMNS: Final = ("replay", "chart")
MAX_ROWS: Final = 100_000


ONSETS_COLUMN: Final = "time_ms"
MAX_ONSETS: Final = 1_000_000
LATEST_MS: Final = MAX_CHART_US / 1_000
"""Either way: no play is longer."""


class Row(NamedTuple):
    """One play to inspect."""

    replay: str
    """The play's file, as the list names it."""
    chart: str
    """The chart's file, as the list names it."""


def rows_from(path: Path) -> tuple[Row, ...]:
    """The rows of a list, in order; empty lines are none.

    Raises UnreadableError where there is no such list, a column is missing, or it is too long.
    """
    rows = [Row(*cells) for cells in _cells(path, COLUMNS)]
    if len(rows) > MAX_ROWS:
        raise UnreadableError(f"{path}: more than {MAX_ROWS:,} rows; cut the list in pieces")
    return tuple(rows)


def onsets_from(path: Path) -> tuple[int, ...]:
    """The times of a list of onsets, in microseconds, in the order of the list.

    Raises UnreadableError where there is no such list, or it holds what is no time.
    """
    onsets: list[int] = []
    for number, (text,) in enumerate(_cells(path, (ONSETS_COLUMN,)), 1):
        time_ms = _number(text)
        if not abs(time_ms) <= LATEST_MS:
            shown = text[:20].encode("ascii", "replace").decode()
            raise UnreadableError(
                f"{path}: onset {number}, {shown!r}, is no time in ms within two hours"
            )
        onsets.append(round(time_ms * 1_000))
    if len(onsets) > MAX_ONSETS:
        raise UnreadableError(f"{path}: more than {MAX_ONSETS:,} onsets")
    return tuple(onsets)


def located(name: str, folder: Path) -> Path:
    """Where a file of the list is: from the list's folder on, else from the current one."""
    beside = folder / name
    try:
        return beside if beside.exists() or not Path(name).exists() else Path(name)
    except (OSError, ValueError):
        return beside


def _cells(path: Path, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The cells of the named columns, row by row; "" where a row is too short."""
    try:
        lines = csv.reader(io.StringIO(read_file(path).decode("utf-8-sig"), newline=""))
        heads = [head.strip().lower() for head in next(lines, [])]
        missing = [name for name in columns if name not in heads]
        if missing:
            raise UnreadableError(
                f"{path}: no column {' and no column '.join(missing)}; "
                f"the first line must name the columns, {' and '.join(columns)} among them"
            )
        places = [heads.index(name) for name in columns]
        return [
            tuple(cells[place].strip() if place < len(cells) else "" for place in places)
            for cells in lines
            if any(cells)
        ]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path}: not a list in CSV: {error}") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
