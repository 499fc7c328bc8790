"""`popctl device`: your other devices: pair one, list them, forget one."""

import io
import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from popd.cli.called import command, hint, start_words
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.joining import join_as_device
from popd.cli.nearby_words import clean
from popd.cli.pens import PENS
from popd.cli.wallet_keys import as_json, refusals, secret_file
from popd.config import home_at
from wallet.links import LinkError
from wallet.pairing import from_link


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
@click.option("--start/--no-start", "is_started", default=True, help="Start its node at once.")
@secret_file
@as_json
def join(
    home: str | None,
    network: str,
    link: str | None,
    name: str,
    is_started: bool,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make this a device of the identity whose LINK another one shows.

    The keys stay there; here are only keys of this device. Without LINK it is asked for, so that it
    stands in no list of processes. Its node is started, and says whether it was taken in.
    """
    link = click.prompt("The link that the other device shows", type=str) if link is None else link
    try:
        pairing = from_link(link.strip())
    except LinkError as error:
        give_up(ExitCode.USAGE, f"That is no pairing link: {error}. Copy it once more, in full.")
    is_named = click.get_current_context().get_parameter_source("network")
    if pairing.network != network and is_named is not click.core.ParameterSource.DEFAULT:
        give_up(ExitCode.USAGE, f"The link is of the network {pairing.network!r}.")
    folder = home_at(home, pairing.network)
    with refusals():
        pen = join_as_device(
            folder, pairing, name or platform.node() or "device", passphrase_file, is_started
        )
    if as_json:
        place = {"home": str(folder.path), "network": pairing.network}
        click.echo(json.dumps({**place, "pen": pen}))
        return
    click.echo(f"This device has its place in {folder.path}.")
    start = command(start_words(pairing.network), folder)
    if not is_started:
        click.echo(f"It is not taken in yet: start it within five minutes of the link, `{start}`.")
        return
    more = ", and neighbours who witness you" if pairing.network == "practice" else ""
    click.echo(f"It is taken in, and its node runs. Its page{more}: `{start}`.")


def _tell_reach(link: str) -> None:
    """Where a node listens on its own machine alone, only a device there finds it."""
    places = [part for part in link.split("&") if part.startswith("at=")]
    if all(place.startswith("at=/ip4/127.") for place in places):
        click.echo("This node is reached on this machine alone. For another machine start it with")
        click.echo("--listen /ip4/0.0.0.0/tcp/4001, and make a new link.\n")


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
        hint(PENS[found["pen"]])
    elif len(found["devices"]) == 1:
        hint("No others. Add one: `popctl device pair`.")


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
