"""`popctl up`: starts a node; with --practice also neighbours to play with."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import click
from click.core import ParameterSource

from popd.cli.browser import open_page
from popd.cli.called import command
from popd.cli.client import home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.joining import tell_meeting
from popd.cli.keeping import Value, keep_settings
from popd.cli.lan import ANY, let_phones_in
from popd.cli.passphrases import chosen_passphrase, known_passphrase
from popd.cli.ports import listened
from popd.cli.processes import (
    NotReadyError,
    Running,
    launch,
    plan_practice,
    running,
    start,
    wait_ready,
)
from popd.config import HERE_ONLY, ConfigError, Home, home_at, load_settings
from wallet.keystore_errors import KeystoreError
from wallet.os_keyring import remembered_passphrase

NEIGHBOURS: Final = 4
_DEFAULT: Final = ParameterSource.DEFAULT


@click.command()
@home_options
@click.option("--practice", is_flag=True, help="Also start four neighbours who witness you.")
@click.option("--name", help="What to be called by others; kept.")
@click.option("--open/--no-open", "is_opened", default=False, help="Open the page in a browser.")
@click.option("--foreground", is_flag=True, help="Stay in the terminal; Ctrl-C ends the node.")
@click.option("--listen", multiple=True, help="Multiaddress to listen on; kept.")
@click.option("--dial", multiple=True, help="Multiaddress of a peer to stay connected to; kept.")
@click.option(
    "--lan",
    is_flag=False,
    flag_value=ANY,
    metavar="[ADDRESS]",
    help="Let a phone in the same network play; shows a QR code.",
)
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="For network main.")
def up(
    home: str | None,
    network: str,
    practice: bool,
    name: str | None,
    is_opened: bool,
    foreground: bool,
    listen: tuple[str, ...],
    dial: tuple[str, ...],
    lan: str | None,
    passphrase_file: Path | None,
) -> None:
    """Start a node, and print the address of its page."""
    place = home_at(home, network)
    if practice and network != "practice":
        give_up(ExitCode.USAGE, "Practice neighbours live on the network `practice` only.")
    is_named = click.get_current_context().get_parameter_source("network") is not _DEFAULT
    if lan is not None and foreground:
        give_up(ExitCode.USAGE, "The QR code of --lan needs the terminal: leave out --foreground.")
    flags = {"network": network if is_named or practice else None, "name": name}
    try:
        _check_folder(place)
        settings = load_settings(place, {**flags, "listen": listen or None, "dial": dial or None})
        _keep(place, name, listen, dial)
        about = running(place)
        if about is not None and not (practice and about.network == "practice"):
            _show(about, place, is_opened, f"A node runs already in {place.path}.", lan)
            return
        more = [f"--dial={value}" for value in settings.dial]
        if passphrase_file is not None:
            more.append(f"--passphrase-file={passphrase_file}")
        arguments = ["--network", settings.network, "--name", settings.name, *more]
        if about is None and (foreground or not practice):
            arguments += [f"--listen={one}" for one in listened(place, settings.listens_on)]
        if foreground and about is None:
            _run_here(place, arguments)
        if practice:
            more += [f"--listen={value}" for value in settings.listen]
            about = _start_practice(place, settings.name, more, passphrase_file)
        else:
            about = _start(place, settings.network, arguments, passphrase_file)
        if place.keys.pen.exists():
            tell_meeting(place, settings.network)
        _show(about, place, is_opened, "", lan)
    except NotReadyError as error:
        code = ExitCode(error.code) if error.code in set(map(int, ExitCode)) else ExitCode.FAILED
        give_up(code, f"{error} See `{command('logs', place)}`.")
    except ConfigError as error:
        give_up(ExitCode.USAGE, f"{str(error)[0].upper()}{str(error)[1:]}.")
    except KeystoreError as error:
        give_up(ExitCode.LOCKED, str(error))
    except OSError as error:
        give_up(ExitCode.FAILED, f"{error.filename or place.path}: {error.strerror or error}.")


def _keep(place: Home, name: str | None, listen: tuple[str, ...], dial: tuple[str, ...]) -> None:
    """What was chosen now counts at the next start as well; it is said where it is kept."""
    chosen: dict[str, Value] = {"listen": list(listen), "dial": list(dial)}
    chosen = {setting: value for setting, value in chosen.items() if value}
    if name is not None:
        chosen["name"] = name
    if kept := keep_settings(place, chosen):
        what = " and ".join(sorted(kept))
        click.echo(
            f"Kept for later starts: {what}, in {place.config}. Change it there, or give it anew."
        )


def _check_folder(place: Home) -> None:
    """Makes the folder; ends the program with a sentence where nothing can be kept in it."""
    elsewhere = "Choose another folder with --home."
    try:
        place.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        give_up(ExitCode.FAILED, f"{place.path} is not a folder. {elsewhere}")
    except OSError as error:
        give_up(ExitCode.FAILED, f"{place.path} can't be made: {error.strerror}. {elsewhere}")
    if not os.access(place.path, os.R_OK | os.W_OK | os.X_OK):
        give_up(ExitCode.FAILED, f"You may not write in {place.path}. {elsewhere}")


def _run_here(place: Home, arguments: list[str]) -> NoReturn:
    """Becomes the daemon, so that a signal to this process is a signal to the daemon."""
    line = [sys.executable, "-m", "popd", "--home", str(place.path), *arguments]
    os.execv(sys.executable, line)


def _start(
    place: Home, network: str, arguments: list[str], passphrase_file: Path | None
) -> Running:
    """One node alone; on `main` its passphrase is asked for here and handed on in a pipe."""
    if passphrase_file is not None:
        return wait_ready(place, launch(place, arguments))
    return wait_ready(place, launch(place, arguments, _passphrase(place, network)))


def _passphrase(place: Home, network: str) -> str | None:
    """What opens the keys, from the system's keyring or typed; None where nobody chose one."""
    keys = place.keys
    if keys.keystore.exists():
        if keys.passphrase.exists():
            return None
        return remembered_passphrase(keys.keystore) or known_passphrase(None)
    return None if network == "practice" else chosen_passphrase(None, may_be_none=False)


def _start_practice(
    place: Home, name: str, more: Sequence[str], passphrase_file: Path | None
) -> Running:
    """A node and its neighbours, as far as they don't run yet, all connected to each other."""
    homes = [place, *(Home(place.neighbours / str(i)) for i in range(1, NEIGHBOURS + 1))]
    names = [name, *(f"Practice neighbour {i}" for i in range(1, NEIGHBOURS + 1))]
    abouts = [running(home) for home in homes]
    known = [_here(where) for about in abouts if about is not None for where in about.addresses]
    missing = [i for i, about in enumerate(abouts) if about is None]
    click.echo(_beginning(0 in missing, len(missing) - (0 in missing)))
    own = None
    if 0 in missing:
        is_given = passphrase_file is not None
        own = known_passphrase(passphrase_file) if is_given else _passphrase(place, "practice")
    ports = list[int]()
    for i in missing:
        ports.append(_port(homes[i], ports))
    plans = [
        plan_practice(
            homes[i].path,
            names[i],
            port,
            is_automated=i > 0,
            passphrase=None if i else own,
        )
        for i, port in zip(missing, ports, strict=True)
    ]
    processes = []
    try:
        for plan in plans:
            processes.append(start(plan, known, more if plan.home == place else ()))
            known.append(plan.address)
        for plan, process in zip(plans, processes, strict=True):
            wait_ready(plan.home, process)
    except (NotReadyError, OSError):
        for process in processes:
            process.terminate()
        raise
    about = running(place)
    if about is None:
        raise NotReadyError(f"The node in {place.path} ended.", ExitCode.FAILED)
    return about


def _port(home: Home, taken: Sequence[int]) -> int:
    """Where a practice node listens on this machine: where it did last, if it can."""
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    (address,) = listened(home, HERE_ONLY, taken)
    return int(address.rpartition("/")[2])


def _here(address: str) -> str:
    """How a neighbour on this machine reaches an address that stands for all of its own."""
    return address.replace("/ip4/0.0.0.0/", "/ip4/127.0.0.1/").replace("/ip6/::/", "/ip6/::1/")


def _beginning(is_own_missing: bool, neighbours: int) -> str:
    if not neighbours:
        return "Starting your node …" if is_own_missing else "All four neighbours run already."
    some = f"{'four' if neighbours == NEIGHBOURS else neighbours} practice neighbours"
    if is_own_missing:
        return f"Starting your node and {some} …"
    return f"Your node runs already. Starting {some} …"


def _show(about: Running, place: Home, is_opened: bool, first: str, lan: str | None) -> None:
    stopping = f"`{command('down', place)}`"
    if first:
        click.echo(first)
    if not about.page:
        give_up(
            ExitCode.FAILED,
            f"Process {about.pid} does not say where its page is: it is still starting, or "
            f"{place.running} was removed. Stop it with {stopping}, then start it again.",
        )
    is_shown = is_opened and open_page(about.page)
    asks = is_opened and not is_shown
    click.echo(f"\n{'Open this address in a browser' if asks else 'Your page'}:  {about.page}\n")
    if lan is not None:
        let_phones_in(place, lan)
    click.echo(f"Stop everything with {stopping}.")
