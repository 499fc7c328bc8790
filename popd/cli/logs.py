"""`popctl logs`: what the node wrote down."""

import os
import time
from collections import deque
from pathlib import Path
from typing import Final

import click

from popd.cli.client import home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.config import home_at

POLL_S: Final = 0.2


@click.command()
@home_options
@click.option(
    "--lines",
    default=50,
    show_default=True,
    type=click.IntRange(1),
    help="How many of the last lines.",
)
@click.option("--follow", is_flag=True, help="Go on as lines are added; Ctrl-C ends it.")
def logs(home: str | None, network: str, lines: int, follow: bool) -> None:
    """Show the last lines of the node's log."""
    place = home_at(home, network)
    try:
        file = place.log.open()
    except OSError:
        give_up(ExitCode.NOT_FOUND, f"There is no log in {place.path}: no node ran there yet.")
    with file:
        for line in deque(file, maxlen=lines):
            click.echo(line, nl=False)
    while follow:
        _follow(place.log)


def _follow(path: Path) -> None:
    """Goes on with what is added, until the log turns over to a new file."""
    with path.open() as file:
        file.seek(0, os.SEEK_END)
        while not path.exists() or path.stat().st_ino == os.fstat(file.fileno()).st_ino:
            line = file.readline()
            if line:
                click.echo(line, nl=False)
            else:
                time.sleep(POLL_S)
