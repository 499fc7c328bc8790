"""A statement as CSV, for spreadsheets. Words of others never become formulas there."""

import csv
import io
from datetime import UTC, datetime
from typing import Final

from popd.api.wallet_shapes import History, LineView

COLUMNS: Final = (
    "time_utc",
    "kind",
    "amount_jam",
    "change_jam",
    "held_nominal_jam",
    "worth_to_you_now_jam",
    "song",
    "other",
    "other_id",
    "lot",
    "entry",
    "words",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
UJAM_PER_JAM: Final = 1_000_000


def csv_of(history: History) -> str:
    """The lines as a table with a header, lines ending as RFC 4180 says."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for line in history.lines:
        table.writerow(_row(line))
    return text.getvalue()


def _row(line: LineView) -> tuple[str, ...]:
    name, identity = ("", "") if line.other is None else (line.other.name, line.other.id)
    return (
        _time(line.time_ms),
        line.kind,
        _jam(line.amount_ujam),
        _jam(line.change_ujam),
        _jam(line.held_ujam),
        _jam(line.value_ujam),
        _plain(line.song),
        _plain(name),
        identity,
        line.lot,
        line.entry,
        _plain(line.words),
    )


def _time(time_ms: int) -> str:
    """A moment as ISO 8601; one beyond the calendar in milliseconds since 1970."""
    try:
        return datetime.fromtimestamp(time_ms / 1_000, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return str(time_ms)


def _jam(amount_ujam: int) -> str:
    whole, decimals = divmod(abs(amount_ujam), UJAM_PER_JAM)
    return f"{'-' if amount_ujam < 0 else ''}{whole}.{decimals:06}"


def _plain(text: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{text}" if text.startswith(_FORMULA) else text
