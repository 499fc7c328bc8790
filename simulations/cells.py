"""Cells: every combination of scenario, law, parameters and seed, and what comes of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Final

from simulations.experiment import Outcome, Tell, run_experiment
from simulations.rival_laws import LAWS, SHIPPED, law_named
from simulations.sweep import MAX_CELLS, Axis, Settings, changed, settings_of
from simulations.world.scenario import Scenario

FIXED: Final = ("cell", "scenario", "law", "seed")
FIGURES: Final = (
    "honest_loss",
    "seconds_to_flag",
    "falsely_flagged",
    "break_even_price",
    "digest",
)
BY_STRATEGY: Final = ("gain_to_honest", "raw_gain", "operator_total", "flagged")
MAX_ERROR: Final = 400
"""Letters that are kept of what went wrong in a cell."""

Row = dict[str, str]
"""One row of `cells.csv`; every column has its word, empty for nothing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One experiment of a run."""

    number: int
    """Its place, from 0."""
    scenario: str
    """Which."""
    law: str
    """Which, by its name in `rival_laws`."""
    seed: int
    """Of everything."""
    settings: Settings
    """What is swept, by parameter path."""


@dataclass(frozen=True)
class Plan:
    """All that a run computes."""

    kind: str
    """run, sweep, tournament or compare."""
    name: str
    """What it is called."""
    scenarios: Mapping[str, Scenario]
    """By name."""
    seeds: tuple[int, ...]
    """Each cell is computed with each."""
    axes: tuple[Axis, ...] = ()
    """What is swept."""
    laws: tuple[str, ...] = (SHIPPED,)
    """Names of `rival_laws`."""

    def __post_init__(self) -> None:
        """Raises ValueError where there is nothing to do, or too much."""
        size = len(self.scenarios) * len(self.laws) * len(self.seeds)
        size *= prod(len(axis.values) for axis in self.axes)
        if not 0 < size <= MAX_CELLS:
            raise ValueError(f"{size:,} cells; expected from 1 to {MAX_CELLS:,}")

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of rows: seeds vary fastest."""
        combined = (
            (name, law, seed, settings)
            for name in self.scenarios
            for law in self.laws
            for settings in settings_of(self.axes)
            for seed in self.seeds
        )
        return tuple(
            Cell(number, name, law, seed, settings)
            for number, (name, law, seed, settings) in enumerate(combined)
        )

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """All that may occur, in order of names."""
        named = {group.strategy for one in self.scenarios.values() for group in one.groups}
        for axis in self.axes:
            if axis.path.endswith(".strategy"):
                named |= {str(value) for value in axis.values}
        return tuple(sorted(named))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Of `cells.csv`; `simulations.columns` says what each means."""
        swept = tuple(axis.path for axis in self.axes)
        by_strategy = tuple(f"{what}.{name}" for what in BY_STRATEGY for name in self.strategies)
        return (*FIXED, *swept, "state", "error", *FIGURES, *by_strategy)


def row_of(plan: Plan, cell: Cell, tell: Tell | None = None) -> Row:
    """Computes a cell; what goes wrong in it is kept in its row."""
    row = dict.fromkeys(plan.columns, "")
    row |= {"cell": str(cell.number), "scenario": cell.scenario, "law": cell.law}
    row |= {"seed": str(cell.seed), "state": "done"}
    row |= {path: _word(value) for path, value in cell.settings.items()}
    try:
        row |= _figures(outcome_of(plan, cell, tell))
    except Exception as error:  # noqa: BLE001 - whatever went wrong belongs into the row
        words = " ".join(f"{type(error).__name__}: {error}".split())
        row |= {"state": "failed", "error": words[:MAX_ERROR]}
    return row


def outcome_of(plan: Plan, cell: Cell, tell: Tell | None = None) -> Outcome:
    """What comes of a cell; raises whatever goes wrong in it."""
    scenario = changed(plan.scenarios[cell.scenario], cell.settings)
    law = None if cell.law == SHIPPED else law_named(cell.law, scenario.params)
    return run_experiment(scenario, cell.seed, tell, law)


def _figures(outcome: Outcome) -> Row:
    figures: dict[str, Any] = {name: getattr(outcome, name) for name in FIGURES}
    for what in BY_STRATEGY:
        figures |= {f"{what}.{name}": value for name, value in getattr(outcome, what).items()}
    return {name: _word(value) for name, value in figures.items()}


def _word(value: object) -> str:
    """Exact: what is read back is the same number."""
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value)


assert SHIPPED in LAWS
