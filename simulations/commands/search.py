"""`popctl simulate search`: an attacker who adapts until an attack pays, or the budget is spent."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import click

from popd.cli.called import command
from popd.cli.exit_codes import ExitCode, give_up
from simulations.commands.shared import MAX_JOBS, SEED, study_called, tell_json
from simulations.commands.wording import number, table_lines
from simulations.run_folder import NAME
from simulations.scenario_toml import Study, study_to_toml
from simulations.search import PARENTS, Attack, Tell, attacked, search
from simulations.strategies import HONEST
from simulations.world.scenario import Scenario

SHOWN = 5


@click.command("search")
@click.argument("name", default="honest")
@click.option(
    "--budget",
    type=click.IntRange(PARENTS, 10_000),
    default=48,
    show_default=True,
    help="Attacks that are tried.",
)
@click.option("--seed", type=SEED, default=1, show_default=True, help="The same, the same found.")
@click.option(
    "--jobs", type=click.IntRange(1, MAX_JOBS), default=1, show_default=True, help="Processes."
)
@click.option("--keep", metavar="NEW", help="Write the best attack as a scenario, NEW.toml.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of tables.")
def search_attacks(
    name: str, budget: int, seed: int, jobs: int, keep: str | None, as_json: bool
) -> None:
    """Let an attacker evolve among the honest people of the scenario NAME.

    Gains are net of what bots and rented keys cost; above 1 an attack pays.
    """
    world = honest_part(study_called(name).scenario)
    path = None if keep is None else _fresh(keep)
    try:
        with _progress(budget, as_json) as tell:
            attacks = search(world, budget, seed, jobs, tell)
    except KeyboardInterrupt:
        give_up(ExitCode.FAILED, "popctl simulate: stopped; nothing was kept.")
    best = sorted(attacks, key=lambda attack: -attack.gain)
    if path is not None:
        _keep(path, world, best[0])
    if as_json:
        tell_json({"name": world.name, "seed": seed, "attacks": [asdict(one) for one in best]})
        return
    click.echo("\n".join(_lines(best[:SHOWN])))
    pays = "pays" if best[0].gain > 1 else "does not pay"
    click.echo(f"Of {len(attacks)} attacks the best {pays}: {best[0].gain:.2f} of a townsperson's.")
    if path is not None:
        click.echo(f"{path} has it: {command(f'simulate run {path}')}")


def honest_part(scenario: Scenario) -> Scenario:
    """The world without anybody who attacks."""
    groups = tuple(group for group in scenario.groups if group.strategy in HONEST)
    return replace(scenario, groups=groups)


def _fresh(keep: str) -> Path:
    path = Path(keep if keep.endswith(".toml") else f"{keep}.toml")
    if not re.fullmatch(NAME, path.stem) or path.exists():
        give_up(ExitCode.USAGE, f"popctl simulate: {str(path)[:60]!r} is taken, or is no name.")
    return path


def _keep(path: Path, world: Scenario, best: Attack) -> None:
    found = replace(
        attacked(world, best.genes),
        title=f"The best attack of a search: {best.gain:.2f} of a townsperson's income",
        about="Gains here leave out what its bots and rented keys cost.",
    )
    try:
        path.write_text(study_to_toml(Study(found)))
    except OSError as error:
        give_up(ExitCode.FAILED, f"popctl simulate: {path}: {error.strerror}.")


def _lines(best: list[Attack]) -> list[str]:
    """Attacks as columns, what they chose as rows."""
    rows = [["gain", *(number(one.gain) for one in best)]]
    rows += [[gene, *(f"{one.genes[gene]:,.3g}" for one in best)] for gene in best[0].genes]
    return table_lines(("", *(f"no. {place}" for place in range(1, len(best) + 1))), rows)


@contextmanager
def _progress(budget: int, is_quiet: bool) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    hidden = is_quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        task = bars.add_task("searching", total=budget)

        def tell(tried: int, total: int, gain: float) -> None:
            words = f"{tried} attacks tried, the best gains {gain:.2f}"
            bars.update(task, description=words, completed=tried, total=total)

        yield tell
