"""`python -m popd`: runs a daemon in the foreground. People use `popctl up`."""

import sys

import click

from popd.config import ConfigError, home_at, load_settings
from popd.storage.sqlite_file import StorageError
from popd.wiring.home_lock import HomeInUseError
from popd.wiring.run import run_daemon
from wallet.keystore_errors import KeystoreError

FAILED = 1
LOCKED = 4


@click.command()
@click.option("--home", help="Folder of this daemon.")
@click.option("--network", type=click.Choice(["main", "practice"]), envvar="POPNODE_NETWORK")
@click.option("--name", help="What to be called by others.")
@click.option("--listen", multiple=True, help="Multiaddress to listen on.")
@click.option("--dial", multiple=True, help="Multiaddress of a peer to stay connected to.")
@click.option("--api-port", type=int, help="Loopback port of the page; 0 takes a free one.")
@click.option("--automated", "is_automated", is_flag=True, default=None, help="No person plays.")
@click.option(
    "--receives",
    type=click.Choice(["all", "valued", "asked"]),
    help="Transfers that are received without asking.",
)
@click.option("--passphrase-file", help="File with the passphrase of the keys.")
def main(home: str | None, passphrase_file: str | None, **flags: object) -> None:
    """Runs a daemon in the foreground."""
    network = str(flags["network"] or "practice")
    place = home_at(home, network)
    given = {name: value for name, value in flags.items() if value not in (None, ())}
    try:
        run_daemon(place, load_settings(place, given), passphrase_file)
    except ConfigError as error:
        raise click.UsageError(str(error)) from error
    except KeystoreError as error:
        click.echo(str(error), err=True)
        sys.exit(LOCKED)
    except (HomeInUseError, StorageError) as error:
        click.echo(str(error), err=True)
        sys.exit(FAILED)
    except OSError as error:
        click.echo(f"{error.filename or place.path}: {error.strerror or error}.", err=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
