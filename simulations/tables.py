"""Tables of cells, as notebooks and reports read them: rows with numbers in them."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from io import StringIO

Word = float | str | None
WORDS = frozenset({"scenario", "law", "state", "error", "digest"})
"""Columns that hold no numbers."""
MAX_SHOWN = 200
"""Rows that a notebook shows."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a run."""

    columns: tuple[str, ...]
    """Their names; `simulations.columns` says what they mean."""
    rows: tuple[dict[str, Word], ...]
    """One a cell: numbers, words, or None."""

    def __len__(self) -> int:
        """How many cells there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Word]]:
        """Row by row."""
        return iter(self.rows)

    def where(self, keep: Callable[[dict[str, Word]], bool]) -> "Table":
        """Only rows of which that holds."""
        return Table(self.columns, tuple(row for row in self.rows if keep(row)))

    def having(self, **wanted: Word) -> "Table":
        """Only rows that have these words or numbers; columns with dots need `where`."""
        return self.where(lambda row: all(row[name] == word for name, word in wanted.items()))

    def column(self, name: str) -> list[Word]:
        """One column, from top to bottom; raises KeyError."""
        return [row[name] for row in self.rows]

    def numbers(self, name: str) -> list[float]:
        """The numbers of a column, without what is missing."""
        return [word for word in self.column(name) if isinstance(word, float)]

    def mean(self, name: str) -> float | None:
        """Their mean; None where there are none."""
        numbers = self.numbers(name)
        return sum(numbers) / len(numbers) if numbers else None

    @property
    def done(self) -> "Table":
        """Without failed cells."""
        return self.where(lambda row: row["state"] == "done")

    @property
    def swept(self) -> tuple[str, ...]:
        """Parameter paths: they stand between the seed and the state."""
        return self.columns[self.columns.index("seed") + 1 : self.columns.index("state")]

    def strategies(self) -> list[str]:
        """All that have a gain."""
        return [name.partition(".")[2] for name in self.columns if name.startswith("gain_to_")]

    def _repr_html_(self) -> str:
        """As notebooks show it."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(shown(row[name]))}</td>' for name in self.columns)}</tr>"
            for row in self.rows[:MAX_SHOWN]
        )
        return f"<table><tr>{head}</tr>{rows}</table>"


def table_of(text: str) -> Table:
    """A table from the text of `cells.csv`."""
    lines = csv.reader(StringIO(text))
    columns = tuple(next(lines, []))
    rows = (dict(zip(columns, map(_word, columns, line), strict=True)) for line in lines)
    return Table(columns, tuple(rows))


def lines_of_csv(rows: Iterable[Iterable[str]]) -> str:
    """Rows as they stand in `cells.csv`: one line each, whatever is in them."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def shown(word: Word) -> str:
    """In a few letters."""
    if word is None:
        return ""
    if isinstance(word, str):
        return word
    return f"{word:,.0f}" if word == int(word) else f"{word:,.4g}"


def _word(column: str, word: str) -> Word:
    if not word:
        return None
    if column in WORDS or column.endswith(".strategy"):
        return word
    return float(word)
