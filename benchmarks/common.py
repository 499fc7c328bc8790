"""What all benchmarks share: a row, and how rows are printed."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One figure and the claim that it is held against."""

    name: str
    """What was measured."""
    value: float
    """The figure."""
    goal: float | None
    """What is claimed; None when the figure only informs."""
    unit: str
    """The unit of value and goal."""
    holds: bool
    """Whether the claim holds."""


def at_least(name: str, value: float, goal: float, unit: str) -> Row:
    """A figure that must not fall below its goal."""
    return Row(name, round(value, 4), goal, unit, value >= goal)


def at_most(name: str, value: float, goal: float, unit: str) -> Row:
    """A figure that must not rise above its goal."""
    return Row(name, round(value, 4), goal, unit, value <= goal)


def below(name: str, value: float, goal: float, unit: str) -> Row:
    """A figure that must stay below its goal."""
    return Row(name, round(value, 4), goal, unit, value < goal)


def informs(name: str, value: float, unit: str) -> Row:
    """A figure without a claim."""
    return Row(name, round(value, 4), None, unit, holds=True)


def median_of(rounds: int, measure: Callable[[], float]) -> float:
    """The median of several measurements."""
    return median(measure() for _ in range(rounds))


def run(description: str, measure: Callable[[], Iterable[Row]]) -> None:
    """Measures and prints: a table for people, or with `--json` one line a row.

    Exits with 1 when a claim doesn't hold.
    """
    _print(measure(), as_json=_parser(description).parse_args().json)


def run_parts(description: str, parts: Mapping[str, Callable[[], Iterable[Row]]]) -> None:
    """The same for a benchmark in parts, of which `--only` runs some."""
    parser = _parser(description)
    parser.add_argument("--only", help=f"some of {','.join(parts)}, with commas between")
    given = parser.parse_args()
    chosen = given.only.split(",") if given.only else list(parts)
    unknown = [name for name in chosen if name not in parts]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}, only {', '.join(parts)}")
    _print((row for name in chosen for row in parts[name]()), as_json=given.json)


def progress(words: str) -> None:
    """Tells the person who waits what is being done; not part of the figures."""
    print(words, file=sys.stderr, flush=True)


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="one line of JSON a figure")
    return parser


def _print(rows: Iterable[Row], *, as_json: bool) -> None:
    all_hold = True
    for row in rows:
        print(json.dumps(asdict(row)) if as_json else _line(row), flush=True)
        all_hold &= row.holds
    sys.exit(0 if all_hold else 1)


def _line(row: Row) -> str:
    claim = "" if row.goal is None else f"  goal {row.goal:g}, {'holds' if row.holds else 'FAILS'}"
    return f"{row.name:<28} {row.value:>12g} {row.unit:<6}{claim}"
