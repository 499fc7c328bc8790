"""Lists of plays to inspect: a CSV file with the columns `replay` and `chart`."""

import csv
import io
from pathlib import Path
from typing import Final, NamedTuple

from popd.cli.inspect_plays import UnreadableError, read_file

COLUMNS: Final = ("replay", "chart")
MAX_ROWS: Final = 100_000


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
    try:
        lines = csv.reader(io.StringIO(read_file(path).decode("utf-8-sig"), newline=""))
        places = _places(path, next(lines, []))
        rows = [_row(cells, places) for cells in lines if any(cells)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path}: not a list in CSV: {error}") from None
    if len(rows) > MAX_ROWS:
        raise UnreadableError(f"{path}: more than {MAX_ROWS:,} rows; cut the list in pieces")
    return tuple(rows)


def located(name: str, folder: Path) -> Path:
    """Where a file of the list is: from the list's folder on, else from the current one."""
    beside = folder / name
    try:
        return beside if beside.exists() or not Path(name).exists() else Path(name)
    except (OSError, ValueError):
        return beside


def _places(path: Path, heads: list[str]) -> tuple[int, ...]:
    names = [head.strip().lower() for head in heads]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UnreadableError(
            f"{path}: no column {' and no column '.join(missing)}; "
            "the first line must name the columns replay and chart"
        )
    return tuple(names.index(name) for name in COLUMNS)


def _row(cells: list[str], places: tuple[int, ...]) -> Row:
    return Row(*(cells[place].strip() if place < len(cells) else "" for place in places))
