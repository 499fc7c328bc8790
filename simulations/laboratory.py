"""The laboratory for notebooks and scripts: worlds in, tables and pictures out.

    from simulations import laboratory as lab
    found = lab.sweep("ring", {"attack.crew": [3, 10, 30]}, seeds=range(3), workers=lab.Workers(2))
    found

A scenario is named as on the command line, by a name or a path; a `Scenario` does as well. Whatever
asks for too much, or for what there is not, raises ValueError or LookupError with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from simulations.cells import Plan
from simulations.experiment import Outcome, Tell, run_experiment
from simulations.findings import Finding, answer, paying_findings, settings_found
from simulations.plots import Picture
from simulations.rival_laws import LAWS, SHIPPED, law_named
from simulations.run_folder import open_run
from simulations.run_pictures import pictures_of
from simulations.running import ALONE, Workers, run_cells
from simulations.scenario_document import Fault
from simulations.scenario_files import scenario_files, study_named
from simulations.sweep import Axis, Value, axes_of
from simulations.tables import Table
from simulations.tournament import resized
from simulations.world.scenario import Group, Scenario

__all__ = [
    "Found",
    "Group",
    "Scenario",
    "Workers",
    "compare",
    "kept",
    "run",
    "scenario",
    "scenarios",
    "sweep",
    "tournament",
]

Named = str | Scenario
"""A scenario, or its name or path."""
Values = Sequence[Value] | Mapping[str, float]
"""Values of a parameter: a list, or from, to and steps."""
ONCE = (1,)


@dataclass(frozen=True, slots=True)
class Found:
    """What cells came to; a notebook shows it whole."""

    plan: Plan
    """What was computed."""
    table: Table
    """A row for each cell."""

    @property
    def answer(self) -> str:
        """In a sentence."""
        return answer(settings_found(self.table))

    @property
    def pictures(self) -> list[Picture]:
        """The most telling first."""
        return pictures_of(self.plan, self.table)

    @property
    def paying(self) -> list[Finding]:
        """Where an attack gains more than a townsperson, the worst first."""
        return paying_findings(settings_found(self.table))

    def _repr_html_(self) -> str:
        shown = "".join(picture.svg for picture in self.pictures)
        return f"<p>{escape(self.answer)}</p>{shown}{self.table._repr_html_()}"


def scenarios() -> list[str]:
    """Names of the shipped scenarios."""
    return [path.stem for path in scenario_files()]


def scenario(named: Named) -> Scenario:
    """A scenario by its name or path."""
    return named if isinstance(named, Scenario) else study_named(named).scenario


def run(named: Named, seed: int = 1, law: str = SHIPPED, tell: Tell | None = None) -> Outcome:
    """What comes of a scenario with one seed; `law` is one of `rival_laws`."""
    world = scenario(named)
    other = None if law == SHIPPED else law_named(_known([law])[0], world.params)
    return run_experiment(world, seed, tell, other)


def sweep(
    named: Named,
    values: Mapping[str, Values] | None = None,
    seeds: Iterable[int] = ONCE,
    workers: Workers = ALONE,
    tell: Tell | None = None,
) -> Found:
    """A row for every value and seed; the values of the scenario's file if none are given."""
    world = scenario(named)
    axes = _axes(values, world) if values is not None else ()
    if values is None and isinstance(named, str):
        axes = study_named(named).axes
    plan = Plan("sweep", world.name, {world.name: world}, tuple(seeds), axes)
    return Found(plan, run_cells(plan, workers, tell))


def compare(
    named: Named,
    laws: Iterable[str] = tuple(LAWS),
    seeds: Iterable[int] = ONCE,
    workers: Workers = ALONE,
    tell: Tell | None = None,
) -> Found:
    """A row for every law and seed."""
    world = scenario(named)
    plan = Plan("compare", world.name, {world.name: world}, tuple(seeds), laws=_known(tuple(laws)))
    return Found(plan, run_cells(plan, workers, tell))


def tournament(
    named: Iterable[Named],
    size: tuple[int, int, int] = (500, 30, 60),
    seeds: Iterable[int] = ONCE,
    workers: Workers = ALONE,
    tell: Tell | None = None,
) -> Found:
    """A row for every scenario and seed; `size` is honest people, attackers, and days of all."""
    worlds = [resized(scenario(one), *size) for one in named]
    by_name = {world.name: world for world in worlds}
    plan = Plan("tournament", "tournament", by_name, tuple(seeds))
    return Found(plan, run_cells(plan, workers, tell))


def kept(path: str) -> Found:
    """What is in a run's folder; raises RunError."""
    folder = open_run(Path(path))
    return Found(folder.plan, folder.table())


def _axes(values: Mapping[str, Values], world: Scenario) -> tuple[Axis, ...]:
    plain: dict[str, Any] = {
        path: dict(some) if isinstance(some, Mapping) else list(some)
        for path, some in values.items()
    }
    try:
        return axes_of(plain, world)
    except Fault as fault:
        place = ".".join(map(str, fault.path[1:]))
        raise ValueError(f"{place}: {fault.sentence}") from None


def _known(laws: Sequence[str]) -> tuple[str, ...]:
    if unknown := set(laws) - LAWS.keys():
        raise LookupError(f"there is no law {min(unknown)!r}; there are {', '.join(LAWS)}")
    return tuple(laws)
