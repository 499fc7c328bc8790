"""`popctl device`: your other devices: pair one, list them, forget one."""

import io
import json
import platform
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from popd.cli.called import command, start_words
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean
from popd.cli.passphrases import chosen_passphrase
from popd.cli.pens import PENS
from popd.cli.processes import running
from popd.cli.wallet_keys import as_json, refusals, secret_file
from popd.config import Home, home_at
from wallet.devices import MAX_NAME, BorrowedPen, read_pen, write_devices
from wallet.keyring import random_keyring
from wallet.keystore import create_keystore, create_practice_keystore
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.pairing import PairingError, PairingLink, from_link
from wallet.places import PEN_NAME, KeyPlace


@click.group()
def device() -> None:
    """Your other devices."""


@device.command()
@home_options
@as_json
def pair(home: str | None, network: str, as_json: bool) -> None:
    """Show a link and QR code by which one more device joins; it is good once."""
    import segno  # here, because `popctl` must answer at once

    with client_of(home, network) as client:
        ticket = client.post("/devices/ticket")
    if as_json:
        click.echo(json.dumps(ticket))
        return
    drawn = io.StringIO()
    segno.make(ticket["link"], error="l", micro=False).terminal(out=drawn, compact=True)
    until = datetime.fromtimestamp(ticket["until_us"] / 1_000_000, UTC).astimezone()
    click.echo(f"\n{drawn.getvalue()}\nOn the other device, before {until:%H:%M}:\n")
    click.echo("  popctl device join\n\nand give it this link:\n")
    click.echo(f"  {ticket['link']}\n")
    _tell_reach(ticket["link"])
    click.echo("It may then play, send and rate as you. Show the link to nobody else.")


@device.command()
@home_options
@click.argument("link", required=False)
@click.option("--name", default="", help="What this device is called by your others.")
@secret_file
@as_json
def join(
    home: str | None,
    network: str,
    link: str | None,
    name: str,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make this a device of the identity whose LINK another one shows.

    The keys stay there; here are only keys of this device. Without LINK it is asked for, so that it
    stands in no list of processes.
    """
    link = click.prompt("The link that the other device shows", type=str) if link is None else link
    try:
        pairing = from_link(link.strip())
    except PairingError as error:
        give_up(ExitCode.USAGE, f"That is no pairing link: {error}. Copy it once more, in full.")
    is_named = click.get_current_context().get_parameter_source("network")
    if pairing.network != network and is_named is not click.core.ParameterSource.DEFAULT:
        give_up(ExitCode.USAGE, f"The link is of the network {pairing.network!r}.")
    folder = home_at(home, pairing.network)
    with refusals():
        _join(folder, pairing, name or platform.node() or "device", passphrase_file)
    if as_json:
        click.echo(json.dumps({"home": str(folder.path), "network": pairing.network}))
        return
    click.echo(f"This device has its place in {folder.path}.")
    start = command(start_words(pairing.network), folder)
    click.echo(f"Start it within five minutes, so that the two meet: `{start}`.")


def _tell_reach(link: str) -> None:
    """Where a node listens on its own machine alone, only a device there finds it."""
    places = [part for part in link.split("&") if part.startswith("at=")]
    if all(place.startswith("at=/ip4/127.") for place in places):
        click.echo("This node is reached on this machine alone. For another machine start it with")
        click.echo("--listen /ip4/0.0.0.0/tcp/4001, and make a new link.\n")


def _join(folder: Home, pairing: PairingLink, name: str, passphrase_file: Path | None) -> None:
    """Keys of this device alone, and whose pen it borrows; the latter first, or it had its own."""
    keys, network = folder.keys, pairing.network
    before, is_damaged = _pen_before(keys)
    if before is None and not is_damaged and keys.keystore.exists():
        give_up(
            ExitCode.REJECTED,
            f"{folder.path} has an identity of its own. Choose another folder with --home.",
        )
    if running(folder) is not None:
        give_up(ExitCode.REJECTED, f"Its node runs. Stop it first: `{command('down', folder)}`.")
    if before is not None and before.identity != pairing.identity:
        give_up(
            ExitCode.REJECTED,
            f"{folder.path} is a device of somebody else. Choose another folder with --home.",
        )
    if before is not None and before.is_forgotten:
        give_up(
            ExitCode.REJECTED,
            f"{folder.path} is a device that was forgotten. Choose another folder with --home.",
        )
    if is_damaged:
        shutil.copy2(keys.pen, keys.pen.with_name(f"{PEN_NAME}.damaged"))
    addresses = pairing.dialled
    visible = "".join(c if c.isprintable() else " " for c in name)[:MAX_NAME]
    pen = BorrowedPen(
        network=network,
        identity=pairing.identity,
        node=pairing.node,
        addresses=addresses,
        name=visible,
        secret=pairing.secret,
    )
    write_devices(keys.pen, pen)
    if not keys.keystore.exists():
        if network == "practice" and passphrase_file is None:
            create_practice_keystore(keys.folder, random_keyring())
        else:
            passphrase = chosen_passphrase(passphrase_file, may_be_none=False)
            create_keystore(keys.keystore, random_keyring(), passphrase)


def _pen_before(keys: KeyPlace) -> tuple[BorrowedPen | None, bool]:
    """Whose pen was borrowed before, and whether the file that said so is damaged."""
    try:
        return read_pen(keys.pen), False
    except KeystoreError as error:
        if error.reason is not KeystoreReason.DAMAGED:
            raise
        return None, True


@device.command(name="list")
@home_options
@as_json
def list_devices(home: str | None, network: str, as_json: bool) -> None:
    """List your devices, and which of them holds the pen."""
    with client_of(home, network) as client:
        found = client.get("/devices")
    if as_json:
        click.echo(json.dumps(found))
        return
    for one in found["devices"]:
        click.echo(_line(one))
    if PENS.get(found["pen"]):
        click.echo(PENS[found["pen"]])
    elif len(found["devices"]) == 1:
        click.echo("No others. Add one: `popctl device pair`.")


@device.command()
@home_options
@click.argument("node")
@as_json
def forget(home: str | None, network: str, node: str, as_json: bool) -> None:
    """Forget the device whose NODE key begins so: it writes nothing more for you."""
    with client_of(home, network) as client:
        devices = client.get("/devices")["devices"]
        found = [d for d in devices if d["node"].startswith(node.lower()) and not d["is_this"]]
        if len(found) != 1:
            give_up(ExitCode.NOT_FOUND, "Not one device begins so. See `popctl device list`.")
        left = client.delete(f"/devices/{found[0]['node']}")
    if as_json:
        click.echo(json.dumps(left))
    else:
        click.echo(f"{_called(found[0])} is forgotten; the others have a new key.")


def _line(one: dict[str, Any]) -> str:
    marks = ["holds the pen"] if one["holds_pen"] else []
    marks += ["this one"] if one["is_this"] else []
    if one["is_connected"]:
        marks += [] if one["is_this"] else ["here now"]
    elif one["seen_ms"]:
        seen = datetime.fromtimestamp(one["seen_ms"] / 1_000, UTC).astimezone()
        marks.append(f"last here {seen:%Y-%m-%d %H:%M}")
    else:
        marks.append("not here")
    return f"{one['node'][:12]}  {_called(one)}  ({', '.join(marks)})"


def _called(one: dict[str, Any]) -> str:
    return clean(one["name"]) or "a device"
