"""`popctl simulate sweep`: a scenario for every value of some parameters."""

import re
from typing import Any, Final

import click

from popd.cli.exit_codes import ExitCode, give_up
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
from simulations.scenario_document import Fault
from simulations.scenario_toml import Study
from simulations.summaries import duration, summary_of, verdict_of
from simulations.sweep import Axis, axes_of
from simulations.tables import Table, Word, shown

SHOWN: Final = 100
"""Rows on a terminal."""


@click.command()
@click.argument("name", required=False)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="PATH=VALUES",
    help="attack.crew=3,10,30 or law.budget_ppm=1000:9000:5; instead of the file's [sweep].",
)
@seeding
@working
def sweep(
    name: str | None, assignments: tuple[str, ...], seed: int, seeds: int, work: Work
) -> None:
    """Run the scenario NAME (or a file) for every value of its [sweep], or of --set."""
    if (name is None) == (work.resume is None):
        raise click.UsageError("Name a scenario, or a run to --resume.")

    def plan() -> Plan:
        study = study_called(name or "")
        axes = _axes(study, assignments)
        scenarios = {study.scenario.name: study.scenario}
        return Plan("sweep", study.scenario.name, scenarios, tuple(range(seed, seed + seeds)), axes)

    folder, table = in_folder(work, plan)
    cells = [{"at": at, **summary_of(some)} for at, some in by_settings(table, folder.plan.axes)]
    if work.as_json:
        tell_json({"name": folder.plan.name, "folder": str(folder.path), "cells": cells})
        return
    click.echo("\n".join(_lines(folder.plan.axes, cells[:SHOWN])))
    if len(cells) > SHOWN:
        click.echo(f"And {len(cells) - SHOWN:,} more; {folder.cells} has them all.")
    tell_folder(folder, table)


def by_settings(table: Table, axes: tuple[Axis, ...]) -> list[tuple[dict[str, Word], Table]]:
    """The table in parts, one for each combination of values; seeds lie together."""
    paths = [axis.path for axis in axes]
    found: dict[tuple[Word, ...], list[dict[str, Word]]] = {}
    for row in table:
        found.setdefault(tuple(row[path] for path in paths), []).append(row)
    return [
        (dict(zip(paths, values, strict=True)), Table(table.columns, tuple(rows)))
        for values, rows in found.items()
    ]


def _axes(study: Study, assignments: tuple[str, ...]) -> tuple[Axis, ...]:
    if not assignments:
        if not study.axes:
            give_up(
                ExitCode.USAGE,
                f"popctl simulate: {study.scenario.name} has no [sweep]; give --set PATH=VALUES.",
            )
        return study.axes
    table: dict[str, Any] = {}
    for assignment in assignments:
        path, is_there, values = assignment.partition("=")
        if not is_there or path in table:
            give_up(
                ExitCode.USAGE,
                f"popctl simulate: --set {assignment[:60]!r}: expected each PATH=VALUES once.",
            )
        table[path] = values_of(values)
    try:
        return axes_of(table, study.scenario)
    except Fault as fault:
        place = ".".join(str(part) for part in fault.path[1:])
        give_up(ExitCode.USAGE, f"popctl simulate: --set {place}: {fault.sentence}")


def values_of(text: str) -> Any:
    """`1,2,3` as a list, `1:9:5` as five steps from 1 to 9; words stay words."""
    if text.count(":") == 2:
        return dict(zip(("from", "to", "steps"), map(_word, text.split(":")), strict=True))
    return [_word(one) for one in text.split(",")] if text.strip() else []


def _word(text: str) -> float | str:
    text = text.strip()
    if re.fullmatch(r"[+-]?[0-9][0-9_]{0,30}", text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text


def _lines(axes: tuple[Axis, ...], cells: list[dict[str, Any]]) -> list[str]:
    paths = [axis.path for axis in axes]
    rows = []
    for cell in cells:
        verdict = verdict_of(cell["gain_to_honest"])
        rows.append(
            [
                *(shown(cell["at"][path]) for path in paths),
                *((verdict.strategy, number(verdict.gain)) if verdict else ("-", "-")),
                share(cell["honest_loss"]),
                duration(cell["seconds_to_flag"]) if verdict else "-",
            ]
        )
    head = (*paths, "strategy", "gain", "honest loss", "seen after")
    return table_lines(head, rows, words=0)
