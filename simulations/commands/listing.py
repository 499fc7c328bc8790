"""`popctl simulate list`: which scenarios there are, and which strategies."""

from pathlib import Path
from typing import Any

import click

from popd.cli.exit_codes import ExitCode, give_up
from simulations.commands.shared import FOLDER, tell_json
from simulations.commands.wording import table_lines
from simulations.scenario_files import attackers_of, scenario_files, study_at
from simulations.scenario_toml import ScenarioError, Study
from simulations.strategies import all_strategies


@click.command("list")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--strategies", is_flag=True, help="What people in scenarios may do, instead.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
def list_scenarios(folder: Path | None, strategies: bool, as_json: bool) -> None:
    """The scenarios that are shipped, or those of a FOLDER of yours."""
    if strategies:
        _tell_strategies(as_json)
        return
    if folder is not None and not folder.is_dir():
        give_up(ExitCode.NOT_FOUND, f"popctl simulate: there is no folder {str(folder)!r}.")
    try:
        studies = [study_at(path) for path in scenario_files(folder)]
    except ScenarioError as error:
        give_up(ExitCode.REJECTED, f"popctl simulate: {error}")
    except OSError as error:
        give_up(ExitCode.NOT_FOUND, f"popctl simulate: {error.filename}: {error.strerror}.")
    if as_json:
        tell_json([_record(study) for study in studies])
        return
    rows = [
        [study.scenario.name, ", ".join(attackers_of(study)) or "-", study.scenario.title]
        for study in studies
    ]
    click.echo("\n".join(table_lines(("name", "attackers", "title"), rows, words=3)))


def _tell_strategies(as_json: bool) -> None:
    found = all_strategies().values()
    if as_json:
        tell_json(
            [
                {"name": s.name, "attack": not s.is_honest, "about": s.about, "source": s.source}
                for s in found
            ]
        )
        return
    for is_honest in (False, True):
        click.echo("Honest people" if is_honest else "Attacks")
        rows = [[f"  {s.name}", s.about.splitlines()[0]] for s in found if s.is_honest == is_honest]
        click.echo("\n".join(f"{name:<18}{about}" for name, about in rows))


def _record(study: Study) -> dict[str, Any]:
    scenario = study.scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "about": scenario.about.strip(),
        "strategies": list(dict.fromkeys(group.strategy for group in scenario.groups)),
        "attackers": attackers_of(study),
        "days": scenario.days,
        "people": sum(group.count for group in scenario.groups),
        "sweep": [axis.path for axis in study.axes],
    }
