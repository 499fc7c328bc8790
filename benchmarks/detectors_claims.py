"""What is claimed of the detectors, and every rate as a figure."""

from collections.abc import Iterable, Iterator
from typing import Final

from benchmarks.common import Row, at_least, at_most, informs
from benchmarks.detectors_rates import CONDITIONS, LONGEST, SHIPPED, Cell
from simulations.detection.dataset import HUMAN

CLAIMS: Final = (
    ("alone", "exact", 0.995),
    ("alone", "gaussian", 0.995),
    ("alone", "uniform", 0.995),
    ("alone", "ar1", 0.95),
    ("alone", "one_over_f", 0.95),
    ("alone", "fitted", 0.60),
    ("riffs", "fitted", 0.95),
    ("known", "copy", 0.99),
    ("known", "copy_rate", 0.99),
    ("known", "copy_mirror", 0.99),
    ("alone", "resampled", 0.90),
    ("known", "timewarp", 0.95),
    ("known", "splice", 0.80),
)
"""At the longest windows and 1 % false alarms; all others inform."""
MOST_FLAGGED: Final = 0.01
"""Share of people's windows over the shipped threshold, at any length."""


def claimed_rows(cells: Iterable[Cell]) -> Iterator[Row]:
    """A row for each claim; a claim that no window was there for fails."""
    held = {(cell.condition, cell.attack, cell.notes, cell.at): cell for cell in cells}
    for condition, attack, goal in CLAIMS:
        cell = held.get((condition, attack, LONGEST, "1 %"))
        value = 0.0 if cell is None else cell.rate.value
        yield at_least(f"{condition}_{attack}_{LONGEST}_1pct", value, goal, "share")
    for cell in held.values():
        if cell.attack == HUMAN and cell.at == SHIPPED and cell.condition != "riffs":
            name = f"people_flagged_{cell.condition}_{cell.notes}"
            yield at_most(name, cell.rate.value, MOST_FLAGGED, "share")


def informing_rows(kind: str, cells: Iterable[Cell]) -> Iterator[Row]:
    """All rates with the ends of their intervals."""
    for cell in cells:
        group = kind if cell.condition in CONDITIONS else f"{kind}_simpler"
        at = cell.at.replace(" %", "pct")
        who = "people" if cell.attack == HUMAN else cell.attack
        name = f"{group}_{cell.condition}_{who}_{cell.notes}_{at}".replace(" ", "_")
        yield informs(name, cell.rate.value, "share")
        yield informs(f"{name}_low", cell.rate.low, "share")
        yield informs(f"{name}_high", cell.rate.high, "share")


def only_informing(rows: Iterable[Row]) -> Iterator[Row]:
    """The same figures without claims: too few people for any."""
    return (informs(row.name, row.value, row.unit) for row in rows)
