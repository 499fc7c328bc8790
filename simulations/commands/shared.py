"""What commands of the laboratory share: options, refusals, progress, and the run itself."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shlex import quote
from typing import Any, Final

import click

from popd.cli.called import command
from popd.cli.exit_codes import ExitCode, give_up
from simulations.cells import Plan
from simulations.experiment import Tell
from simulations.run_folder import MAX_SEED, RunError, RunFolder, open_run, start_run
from simulations.running import Workers, carry_on, run_cells
from simulations.scenario_files import UnknownScenarioError, study_named
from simulations.scenario_toml import ScenarioError, Study
from simulations.sweep import MAX_CELLS
from simulations.tables import Table

MAX_JOBS: Final = 256
FOLDER: Final = click.Path(file_okay=False, path_type=Path)
SEED: Final = click.IntRange(0, MAX_SEED - MAX_CELLS - 1)


@dataclass(frozen=True, slots=True)
class Work:
    """How a run is to be done."""

    workers: Workers
    """By whom."""
    out: Path | None
    """Its folder; None for one that is made up."""
    resume: Path | None
    """A run that goes on instead."""
    as_json: bool
    """Whether one line of JSON comes of it."""


def working(kind: Callable[..., None]) -> Callable[..., None]:
    """Adds the options of whatever runs; the command gets them as `work`."""

    def with_work(**given: Any) -> None:
        workers = Workers(given.pop("jobs"), given.pop("dask"))
        work = Work(workers, given.pop("out"), given.pop("resume"), given.pop("as_json"))
        kind(work=work, **given)

    with_work.__doc__ = kind.__doc__
    with_work.__name__ = kind.__name__
    # An option that is decorated last is listed first.
    for option in (
        click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of tables."),
        click.option("--resume", type=FOLDER, help="Go on with the run in this folder."),
        click.option("--out", type=FOLDER, help="A new folder for it; made up if not given."),
        click.option("--dask", default="", metavar="ADDRESS", help="A Dask scheduler to run on."),
        click.option(
            "--jobs",
            type=click.IntRange(1, MAX_JOBS),
            default=1,
            show_default=True,
            help="Processes.",
        ),
    ):
        with_work = option(with_work)
    return with_work


def seeding(kind: Callable[..., None]) -> Callable[..., None]:
    """Adds --seed and --seeds."""
    kind = click.option(
        "--seeds",
        type=click.IntRange(1, 1_000),
        default=1,
        show_default=True,
        help="How many seeds, from that one on.",
    )(kind)
    return click.option(
        "--seed", type=SEED, default=1, show_default=True, help="The same seed, the same outcome."
    )(kind)


def study_called(name: str) -> Study:
    """A scenario by name or path; ends the program with a sentence where it is none."""
    try:
        return study_named(name)
    except UnknownScenarioError as error:
        known = command("simulate list")
        give_up(ExitCode.NOT_FOUND, f"popctl simulate: {error}. `{known}` shows what there is.")
    except ScenarioError as error:
        give_up(ExitCode.REJECTED, f"popctl simulate: {error}")
    except OSError as error:
        give_up(ExitCode.NOT_FOUND, f"popctl simulate: {name}: {error.strerror}.")


def planned(make: Callable[[], Plan]) -> Plan:
    """A plan; ends the program with a sentence where it asks for too much."""
    try:
        return make()
    except ValueError as error:
        give_up(ExitCode.USAGE, f"popctl simulate: {error}")


def in_folder(work: Work, make: Callable[[], Plan]) -> tuple[RunFolder, Table]:
    """Runs a plan in a folder, or goes on with one that is there."""
    try:
        if work.resume is not None:
            folder = open_run(work.resume)
        else:
            plan = planned(make)
            folder = start_run(work.out or _unused(plan), plan, datetime.now(UTC).isoformat())
        return folder, _carried_on(folder, work)
    except RunError as error:
        give_up(ExitCode.FAILED, f"popctl simulate: {error}")
    except OSError as error:
        place = error.filename or work.out or work.resume
        give_up(ExitCode.FAILED, f"popctl simulate: {place}: {error.strerror}.")


def in_memory(work: Work, plan: Plan) -> Table:
    """Runs a plan, and keeps nothing of it."""
    try:
        with progress(plan, work.as_json) as tell:
            return run_cells(plan, work.workers, tell)
    except KeyboardInterrupt:
        give_up(ExitCode.FAILED, "popctl simulate: stopped; nothing was kept. --out keeps a run.")
    except RunError as error:
        give_up(ExitCode.FAILED, f"popctl simulate: {error}")


def tell_folder(folder: RunFolder, table: Table) -> None:
    """Where everything is, and what is next."""
    failed = len(table) - len(table.done)
    if failed:
        click.echo(f"{failed} of {len(table)} cells failed; {folder.cells} says why.")
    report = command(f"simulate report {quote(str(folder.path))}")
    click.echo(f"Kept in {folder.path}. Pictures and words: {report}")


def tell_json(record: object) -> None:
    """One line."""
    click.echo(json.dumps(record, allow_nan=False))


@contextmanager
def progress(plan: Plan, is_quiet: bool) -> Iterator[Tell]:
    """A bar with the time left on a terminal's stderr, for who waits; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    hidden = is_quiet or not console.is_terminal
    words = f"{plan.kind} {plan.name}, {len(plan.cells)} cell{'s'[: len(plan.cells) > 1]}"
    with Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        task = bars.add_task(words, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _carried_on(folder: RunFolder, work: Work) -> Table:
    try:
        with progress(folder.plan, work.as_json) as tell:
            return carry_on(folder, work.workers, tell)
    except KeyboardInterrupt:
        again = command(f"simulate {folder.plan.kind} --resume {quote(str(folder.path))}")
        done, total = folder.done(), len(folder.plan.cells)
        sys.stdout.flush()
        give_up(ExitCode.FAILED, f"Stopped with {done} of {total} cells through. Go on: {again}")


def _unused(plan: Plan) -> Path:
    """A folder below `runs` that is not there yet."""
    first = Path("runs") / f"{plan.kind}-{plan.name}"
    others = (first.with_name(f"{first.name}-{number}") for number in count(2))
    return first if not first.exists() else next(path for path in others if not path.exists())
