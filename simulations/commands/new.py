"""`popctl simulate new`: a scenario of one's own."""

import re
from pathlib import Path
from typing import Final

import click

from popd.cli.called import command
from popd.cli.exit_codes import ExitCode, give_up
from simulations.commands.shared import study_called
from simulations.run_folder import NAME
from simulations.scenario_files import SHIPPED
from simulations.scenario_toml import study_to_toml

HEAD: Final = """\
# A scenario. docs/laboratory.md says what each key means and what it may be;
# `popctl simulate list --strategies` shows what people can do.

"""


@click.command()
@click.argument("name")
@click.option(
    "--from",
    "source",
    default="ring",
    show_default=True,
    metavar="SCENARIO",
    help="The scenario to start from, by name or path.",
)
def new(name: str, source: str) -> None:
    """Write NAME.toml here, to be changed and run."""
    path = Path(name if name.endswith(".toml") else f"{name}.toml")
    if not re.fullmatch(NAME, path.stem):
        give_up(
            ExitCode.USAGE,
            f"popctl simulate: {path.stem[:60]!r} is no name: use letters, digits, '.', '-', '_'.",
        )
    study = study_called(source)
    shipped = SHIPPED / f"{source}.toml"
    # As it was written, where somebody wrote it well.
    text = shipped.read_text() if shipped.is_file() else study_to_toml(study)
    try:
        with path.open("x") as file:
            file.write(HEAD + text)
    except FileExistsError:
        give_up(ExitCode.USAGE, f"popctl simulate: {path} is there already; choose another name.")
    except OSError as error:
        give_up(ExitCode.FAILED, f"popctl simulate: {path}: {error.strerror}.")
    click.echo(f"{path}: change it, then {command(f'simulate run {path} --seed 1')}")
