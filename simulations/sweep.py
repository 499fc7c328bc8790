"""Sweeps: which parameters take which values, and every cell that follows."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

from simulations.scenario_bounds import GROUP, LAW, OPTIONS, SCENARIO, Bound
from simulations.scenario_document import Document, Fault, Path, document_of, nearest, scenario_of
from simulations.world.scenario import Scenario

Value = float | str
Settings = Mapping[str, Value]
"""Values by parameter path, such as `attack.crew`."""

MAX_CELLS: Final = 10_000
MAX_AXES: Final = 8
STEPS: Final = frozenset({"from", "to", "steps"})


@dataclass(frozen=True, slots=True)
class Axis:
    """One parameter, and what it takes."""

    path: str
    """Where it stands, such as `law.budget_ppm` or `attack.with.suspected`."""
    values: tuple[Value, ...]
    """Numbers, or names of strategies."""


def axes_of(table: Document, scenario: Scenario) -> tuple[Axis, ...]:
    """The axes of a `sweep` table; raises Fault. Every cell is looked at."""
    axes = tuple(Axis(path, _values(path, value)) for path, value in _leaves(table, ()))
    check_axes(axes, scenario)
    return axes


def check_axes(axes: Sequence[Axis], scenario: Scenario) -> None:
    """Raises Fault where a cell is no scenario, or where there are too many."""
    if len(axes) > MAX_AXES or prod(len(axis.values) for axis in axes) > MAX_CELLS:
        raise Fault(
            ("sweep",), f"expected at most {MAX_AXES} parameters and {MAX_CELLS:,} cells in all"
        )
    for settings in settings_of(axes):
        changed(scenario, settings)


def settings_of(axes: Sequence[Axis]) -> Iterator[dict[str, Value]]:
    """Every cell, the last axis fastest; one empty cell where nothing is swept."""
    for values in product(*(axis.values for axis in axes)):
        yield {axis.path: value for axis, value in zip(axes, values, strict=True)}


def changed(scenario: Scenario, settings: Settings) -> Scenario:
    """The same world with some parameters changed; raises Fault where that is none."""
    if not settings:
        return scenario
    document: dict[str, Any] = deepcopy(document_of(scenario))
    last = ""
    try:
        for last, value in settings.items():
            bound_of(last, scenario)
            _put(document, last, value)
        return scenario_of(document, scenario.name)
    except Fault as fault:
        raise Fault(("sweep", _guilty(fault.path, settings) or last), fault.sentence) from None


def bound_of(path: str, scenario: Scenario) -> Bound | None:
    """What the parameter may be; None for a strategy. Raises Fault for what is no parameter."""
    parts = path.split(".")
    groups = [group.name for group in scenario.groups]
    tables: dict[tuple[str, ...], Mapping[str, Bound]] = {
        (): SCENARIO,
        ("law",): LAW,
    }
    tables |= {(name,): GROUP for name in groups} | {(name, "with"): OPTIONS for name in groups}
    if len(parts) == 2 and parts[0] in groups and parts[1] == "strategy":
        return None
    known = tables.get(tuple(parts[:-1]), {})
    if parts[-1] not in known:
        every = [".".join((*head, name)) for head, table in tables.items() for name in table]
        more = nearest(path, every) or "; expected such as 'days', 'law.budget_ppm'" + "".join(
            f", '{name}.count'" for name in groups[-1:]
        )
        raise Fault(("sweep", path), f"there is no parameter {path[:60]!r}{more}")
    return known[parts[-1]]


def _put(document: dict[str, Any], path: str, value: Value) -> None:
    parts = path.split(".")
    if parts[0] in document["groups"]:
        parts.insert(0, "groups")
    table = document
    for part in parts[:-1]:
        table = table.setdefault(part, {})
    table[parts[-1]] = value


def _guilty(path: Path, settings: Settings) -> str:
    """Which of the parameters a fault is about."""
    parts = [str(part) for part in path if part != "groups"]
    return next((one for one in settings if one.split(".") == parts), "")


def _leaves(table: Document, above: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """Paths may be written in quotes or as nested tables."""
    for key, value in table.items():
        if isinstance(value, dict) and not value.keys() & STEPS:
            if not value or len(above) > 3:
                raise Fault(("sweep", *above, key), "expected values")
            yield from _leaves(value, (*above, key))
        else:
            yield ".".join((*above, key)), value


def _values(path: str, value: object) -> tuple[Value, ...]:
    place: Path = ("sweep", path)
    if isinstance(value, dict):
        return _steps(value, place)
    if not isinstance(value, list):
        raise Fault(place, "expected a list of values, or {from = 1, to = 9, steps = 5}")
    if not value:
        raise Fault(place, "this sweep is empty; expected at least one value")
    if len(value) > MAX_CELLS:
        raise Fault(place, f"expected at most {MAX_CELLS:,} values")
    for one in value:
        if isinstance(one, bool) or not isinstance(one, int | float | str):
            raise Fault(place, "expected numbers, or names of strategies")
    if len(set(value)) < len(value):
        raise Fault(place, "a value is there twice; expected each once")
    return tuple(value)


def _steps(table: Mapping[str, object], place: Path) -> tuple[Value, ...]:
    low, high, steps = (table.get(key) for key in ("from", "to", "steps"))
    numbers = [one for one in (low, high) if isinstance(one, int | float)]
    if set(table) != STEPS or len(numbers) != 2 or any(isinstance(n, bool) for n in numbers):
        raise Fault(place, "expected {from = NUMBER, to = NUMBER, steps = COUNT}")
    if isinstance(steps, bool) or not isinstance(steps, int) or not 2 <= steps <= MAX_CELLS:
        raise Fault(place, f"steps: expected a whole number from 2 to {MAX_CELLS:,}")
    if not all(abs(number) <= 10**15 for number in numbers) or numbers[0] == numbers[1]:
        raise Fault(place, "from, to: expected two different numbers up to 10^15")
    first, last = numbers
    values = [first + (last - first) * step / (steps - 1) for step in range(steps)]
    return tuple(int(value) if value == int(value) else value for value in values)
