"""`popctl down`: ends the node of a home and its practice neighbours."""

import click

from popd.cli.client import home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.processes import neighbour_homes, running, stop_all
from popd.config import home_at


@click.command()
@home_options
def down(home: str | None, network: str) -> None:
    """Stop the node and its practice neighbours; nothing is lost."""
    place = home_at(home, network)
    neighbours = neighbour_homes(place)
    was_running = running(place) is not None
    try:
        count = stop_all([place, *neighbours])
    except PermissionError:
        give_up(ExitCode.FAILED, f"The node in {place.path} was started by another user.")
    if not count:
        give_up(ExitCode.NO_DAEMON, f"No node runs in {place.path}.")
    for left in (place, *neighbours):
        if (about := running(left)) is not None:
            give_up(ExitCode.FAILED, f"Process {about.pid} in {left.path} does not end.")
    count -= was_running
    also = f", and {count} practice neighbours" if count else ""
    click.echo(f"Stopped{also}. Your coins and keys are in {place.path}.")
