"""`popctl down`: ends the node of a home and its practice neighbours."""

import click

from popd.cli.client import home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.processes import neighbour_homes, stop
from popd.config import home_at


@click.command()
@home_options
def down(home: str | None, network: str) -> None:
    """Stop the node and its practice neighbours; nothing is lost."""
    place = home_at(home, network)
    neighbours = sum(stop(neighbour) for neighbour in neighbour_homes(place))
    was_running = stop(place)
    if not was_running and not neighbours:
        give_up(ExitCode.NO_DAEMON, f"No node runs in {place.path}.")
    also = f", and {neighbours} practice neighbours" if neighbours else ""
    click.echo(f"Stopped{also}. Your coins and keys are in {place.path}.")
