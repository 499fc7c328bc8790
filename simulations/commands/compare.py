"""`popctl simulate compare`: the same world under the law as it is, and under rivals."""

from typing import Any

import click

from simulations.cells import Plan
from simulations.commands.shared import (
    Work,
    in_folder,
    seeding,
    study_called,
    tell_folder,
    tell_json,
    working,
)
from simulations.commands.wording import number, share, table_lines
from simulations.rival_laws import LAWS, SHIPPED
from simulations.strategies import HONEST
from simulations.summaries import duration, summary_of
from simulations.tables import Table


@click.command()
@click.argument("name", required=False)
@click.option(
    "--law",
    "laws",
    type=click.Choice([name for name in LAWS if name != SHIPPED]),
    multiple=True,
    help="A rival; again for others, all if none is given.",
)
@seeding
@working
def compare(name: str | None, laws: tuple[str, ...], seed: int, seeds: int, work: Work) -> None:
    """Run the scenario NAME (or a file) under the law as it is, and under rival laws.

    Says what every strategy gains under each, honest ones too: a law may ruin those.
    """
    if (name is None) == (work.resume is None):
        raise click.UsageError("Name a scenario, or a run to --resume.")

    def plan() -> Plan:
        scenario = study_called(name or "").scenario
        named = (SHIPPED, *dict.fromkeys(laws)) if laws else tuple(LAWS)
        seen = tuple(range(seed, seed + seeds))
        return Plan("compare", scenario.name, {scenario.name: scenario}, seen, laws=named)

    folder, table = in_folder(work, plan)
    found = by_law(table)
    if work.as_json:
        tell_json({"name": folder.plan.name, "folder": str(folder.path), "laws": found})
        return
    click.echo("\n".join(_lines(found)))
    click.echo("\n".join(f"{law}: {LAWS[law].title}." for law in folder.plan.laws))
    tell_folder(folder, table)


def by_law(table: Table) -> dict[str, dict[str, Any]]:
    """A summary for each law."""
    names = [str(name) for name in dict.fromkeys(table.column("law"))]
    return {name: summary_of(table.having(law=name)) for name in names}


def _lines(found: dict[str, dict[str, Any]]) -> list[str]:
    strategies = sorted({name for one in found.values() for name in one["gain_to_honest"]})
    attacks = [name for name in strategies if name not in HONEST]
    rows = [
        [
            law,
            *(number(one["gain_to_honest"].get(name)) for name in strategies),
            *(number(one["raw_gain"].get(name)) for name in attacks),
            share(one["honest_loss"]),
            duration(one["seconds_to_flag"]) if one["flagged"] else "-",
        ]
        for law, one in found.items()
    ]
    faces = [f"{name} at face" for name in attacks]
    return table_lines(("law", *strategies, *faces, "honest loss", "seen after"), rows)
