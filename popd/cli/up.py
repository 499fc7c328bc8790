"""`popctl up`: starts a node; with --practice also neighbours to play with."""

import getpass
import os
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from popd.cli.browser import open_page
from popd.cli.client import home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.processes import (
    NotReadyError,
    Plan,
    launch,
    plan_practice,
    running,
    start,
    wait_ready,
)
from popd.config import Home, home_at

NEIGHBOURS: Final = 4


@click.command()
@home_options
@click.option("--practice", is_flag=True, help="Also start four neighbours who witness you.")
@click.option("--name", default="", help="What to be called by others.")
@click.option("--open/--no-open", "is_opened", default=False, help="Open the page in a browser.")
@click.option("--foreground", is_flag=True, help="Stay in the terminal; Ctrl-C ends the node.")
@click.option("--listen", multiple=True, help="Multiaddress to listen on.")
@click.option("--dial", multiple=True, help="Multiaddress of a peer to stay connected to.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="For network main.")
def up(
    home: str | None,
    network: str,
    practice: bool,
    name: str,
    is_opened: bool,
    foreground: bool,
    listen: tuple[str, ...],
    dial: tuple[str, ...],
    passphrase_file: Path | None,
) -> None:
    """Start a node, and print the address of its page."""
    place = home_at(home, network)
    about = running(place)
    if about is not None:
        _show(about, is_opened, f"A node runs already in {place.path}.")
        return
    if practice and network != "practice":
        give_up(ExitCode.USAGE, "Practice neighbours live on the network `practice` only.")
    arguments = ["--network", network, "--name", name]
    for option, values in (("--listen", listen), ("--dial", dial)):
        for value in values:
            arguments += [option, value]
    if passphrase_file is not None:
        arguments += ["--passphrase-file", str(passphrase_file)]
    try:
        if foreground:
            _run_here(place, arguments)
        if practice:
            _show(_start_practice(place, name or "You"), is_opened, "")
        else:
            _show(_start(place, network, arguments, passphrase_file), is_opened, "")
    except NotReadyError as error:
        code = ExitCode(error.code) if error.code in set(map(int, ExitCode)) else ExitCode.FAILED
        give_up(code, f"{error} See `popctl logs --home {place.path}`.")


def _run_here(place: Home, arguments: list[str]) -> NoReturn:
    """Becomes the daemon, so that a signal to this process is a signal to the daemon."""
    command = [sys.executable, "-m", "popd", "--home", str(place.path), *arguments]
    os.execv(sys.executable, command)


def _start(
    place: Home, network: str, arguments: list[str], passphrase_file: Path | None
) -> dict[str, Any]:
    """One node alone; on `main` its passphrase is asked for here and handed on in a pipe."""
    if network == "practice" or passphrase_file is not None:
        return wait_ready(place, launch(place, arguments))
    passphrase = getpass.getpass("Passphrase of your keys: ")
    if not place.keystore.exists() and getpass.getpass("Once more: ") != passphrase:
        give_up(ExitCode.LOCKED, "The two differ. Nothing was made; try again.")
    process = launch(place, arguments, passphrase)
    return wait_ready(place, process)


def _start_practice(place: Home, name: str) -> dict[str, Any]:
    """A node and its neighbours, all connected to each other."""
    click.echo("Starting your node and four practice neighbours …")
    own = plan_practice(place.path, name, is_automated=False)
    plans = [own, *(_neighbour(place, number) for number in range(1, NEIGHBOURS + 1))]
    processes = [
        start(plan, [other.address for other in plans[:position]])
        for position, plan in enumerate(plans)
    ]
    abouts = [
        wait_ready(plan.home, process) for plan, process in zip(plans, processes, strict=True)
    ]
    return abouts[0]


def _neighbour(place: Home, number: int) -> Plan:
    path = place.neighbours / str(number)
    return plan_practice(path, f"Practice neighbour {number}", is_automated=True)


def _show(about: dict[str, Any], is_opened: bool, first: str) -> None:
    if first:
        click.echo(first)
    click.echo(f"\nYour page:  {about['page']}\n")
    click.echo("Stop everything with `popctl down`.")
    if is_opened:
        open_page(about["page"])
