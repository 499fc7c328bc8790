"""`popctl simulate tournament`: every attack at one size, side by side."""

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
from simulations.scenario_document import Fault, document_of, scenario_of
from simulations.scenario_files import attackers_of, scenario_files
from simulations.summaries import duration, summary_of, verdict_of
from simulations.tables import Table
from simulations.tournament import resized
from simulations.world.scenario import MAX_DAYS, MAX_PEOPLE, Scenario


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--people", type=click.IntRange(10, MAX_PEOPLE), default=500, show_default=True, help="Honest."
)
@click.option(
    "--attackers", type=click.IntRange(1, MAX_PEOPLE), default=30, show_default=True, help="Others."
)
@click.option(
    "--days", type=click.IntRange(6, MAX_DAYS), default=60, show_default=True, help="Of each."
)
@seeding
@working
def tournament(
    names: tuple[str, ...],
    people: int,
    attackers: int,
    days: int,
    seed: int,
    seeds: int,
    work: Work,
) -> None:
    """Run every scenario that has attackers, or those NAMES, at one size, and rank them."""

    def plan() -> Plan:
        studies = [study_called(name) for name in names or [p.stem for p in scenario_files()]]
        peaceful = [study.scenario.name for study in studies if not attackers_of(study)]
        if names and peaceful:
            give_up(ExitCode.USAGE, f"popctl simulate: nobody attacks in {peaceful[0]}.")
        names_given = [study.scenario.name for study in studies]
        if len(set(names_given)) < len(names_given):
            give_up(ExitCode.USAGE, "popctl simulate: two of these scenarios have the same name.")
        scenarios = {
            study.scenario.name: _checked(resized(study.scenario, people, attackers, days))
            for study in studies
            if study.scenario.name not in peaceful
        }
        return Plan("tournament", "tournament", scenarios, tuple(range(seed, seed + seeds)))

    folder, table = in_folder(work, plan)
    ranked = ranking(table)
    if work.as_json:
        tell_json({"folder": str(folder.path), "ranking": ranked})
        return
    click.echo("\n".join(_lines(ranked)))
    tell_folder(folder, table)


def ranking(table: Table) -> list[dict[str, object]]:
    """Scenarios with their summaries, the attack that gains most first; failed ones last."""
    found = []
    for name in dict.fromkeys(table.column("scenario")):
        part = table.having(scenario=name)
        found.append({"scenario": name, **summary_of(part)})
    return sorted(found, key=lambda one: -_gain(one))


def _gain(summary: dict[str, object]) -> float:
    gains = summary["gain_to_honest"]
    assert isinstance(gains, dict)
    verdict = verdict_of(gains)
    return -1.0 if verdict is None else verdict.gain


def _checked(scenario: Scenario) -> Scenario:
    """As a file would be: sizes may not fit."""
    try:
        return scenario_of(document_of(scenario), scenario.name)
    except Fault as fault:
        give_up(ExitCode.USAGE, f"popctl simulate: {scenario.name}: {fault.sentence}")


def _lines(ranked: list[dict[str, object]]) -> list[str]:
    rows = []
    for one in ranked:
        gains = one["gain_to_honest"]
        assert isinstance(gains, dict)
        verdict = verdict_of(gains)
        if verdict is None:
            rows.append([str(one["scenario"]), "failed", *"-----"])
            continue
        raw, operator = one["raw_gain"], one["operator_total"]
        assert isinstance(raw, dict)
        assert isinstance(operator, dict)
        loss, seen = one["honest_loss"], one["seconds_to_flag"]
        assert isinstance(loss, float)
        assert seen is None or isinstance(seen, float)
        rows.append(
            [
                str(one["scenario"]),
                verdict.strategy,
                number(verdict.gain),
                number(raw.get(verdict.strategy)),
                number(operator.get(verdict.strategy)),
                share(loss),
                duration(seen),
            ]
        )
    head = ("scenario", "strategy", "gain", "at face", "operator", "honest loss", "seen after")
    return table_lines(head, rows, words=2)
