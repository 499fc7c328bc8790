"""`popctl simulate run`: one scenario, with one seed or several."""

import sys
from typing import Any

import click

from popd.cli.exit_codes import ExitCode
from simulations.cells import Plan
from simulations.commands.shared import (
    Work,
    in_folder,
    in_memory,
    planned,
    seeding,
    study_called,
    tell_folder,
    tell_json,
    working,
)
from simulations.commands.wording import tell_summary
from simulations.summaries import summary_of
from simulations.tables import Table


@click.command()
@click.argument("name", required=False)
@seeding
@working
def run(name: str | None, seed: int, seeds: int, work: Work) -> None:
    """Run the scenario NAME (or a file), and see what its attackers gain.

    Gains are relative to a townsperson's: above 1 an attack pays. Nothing is kept without --out.
    """
    if (name is None) == (work.resume is None):
        raise click.UsageError("Name a scenario, or a run to --resume.")

    def plan() -> Plan:
        scenario = study_called(name or "").scenario
        return Plan(
            "run", scenario.name, {scenario.name: scenario}, tuple(range(seed, seed + seeds))
        )

    if work.out is None and work.resume is None:
        asked = planned(plan)
        _tell(asked, in_memory(work, asked), work)
        return
    folder, table = in_folder(work, plan)
    _tell(folder.plan, table, work)
    if not work.as_json:
        tell_folder(folder, table)


def _tell(plan: Plan, table: Table, work: Work) -> None:
    summary = summary_of(table)
    errors = [row["error"] for row in table if row["state"] == "failed"]
    if work.as_json:
        tell_json(run_record(plan, summary, errors))
    else:
        scenario = plan.scenarios[plan.name]
        people = sum(group.count for group in scenario.groups)
        seeds = f"seed{'s'[: len(plan.seeds) > 1]} {', '.join(map(str, plan.seeds))}"
        click.echo(f"{plan.name}: {scenario.title}")
        click.echo(f"{people:,} people, {scenario.days} days, {seeds}")
        tell_summary(summary)
    if len(errors) == len(table):
        click.echo(f"popctl simulate: it failed: {errors[0]}", err=True)
        sys.exit(ExitCode.FAILED)


def run_record(plan: Plan, summary: dict[str, Any], errors: list[Any]) -> dict[str, Any]:
    """What `--json` says."""
    return {
        "name": plan.name,
        "kind": plan.kind,
        "seeds": list(plan.seeds),
        **summary,
        "errors": errors,
    }
