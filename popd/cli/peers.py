"""`popctl peers`: who is connected, over which ways, who is kept out and why."""

import json
import time
from typing import Any, Final

import click

from popd.cli.called import command
from popd.cli.client import client_of, home_options
from popd.cli.nearby_words import clean

PEER_ID_SHOWN: Final = 8
"""Last characters of a peer id; the first ones are alike for all."""


@click.command()
@home_options
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def peers(home: str | None, network: str, as_json: bool) -> None:
    """Show who is connected, over which ways, who is kept out and why."""
    with client_of(home, network) as client:
        about = client.get("/peers")
        if as_json:
            click.echo(json.dumps(about))
            return
        _tell_peers(about["peers"])
        if not about["peers"]:
            click.echo(f"What to do: {command('doctor', client.home)}")
    _tell_banned(about["banned"])
    _tell_unreached(about["unreached"])


def _tell_peers(found: list[dict[str, Any]]) -> None:
    click.echo(f"{len(found)} connected" if found else "Nobody is connected.")
    for peer in found:
        label = " (practice)" if peer["practice"] else ""
        name = f"{clean(peer['name'])}{label}"
        click.echo(f"\n  {name}   …{peer['node'][-PEER_ID_SHOWN:]}, {_for(peer)}")
        for path in peer["paths"]:
            click.echo(f"    {_path(path)}")
        if not peer["paths"]:
            click.echo("    no way at the moment; it may come back")
        amounts = f"{_size(peer['bytes_in'])} in, {_size(peer['bytes_out'])} out"
        if peer["waiting_bytes"]:
            amounts += f", {_size(peer['waiting_bytes'])} under way"
        click.echo(f"    {amounts}")
        if peer["points"] or peer["incidents"]:
            click.echo(f"    held against it: {peer['points']} of 100 points")
            for incident in peer["incidents"][-3:]:
                click.echo(f"      {_clock(incident['time_ms'])}  {incident['what']}")


def _tell_banned(found: list[dict[str, Any]]) -> None:
    if found:
        click.echo("\nKept out")
    for ban in found:
        times = f", {ban['times']} times by now" if ban["times"] > 1 else ""
        until = f"until {_clock(ban['until_ms'])}{times}"
        click.echo(f"  …{ban['node'][-PEER_ID_SHOWN:]}  {until}: {ban['why']}")


def _tell_unreached(found: list[dict[str, Any]]) -> None:
    if found:
        click.echo("\nNot reached")
    for address in found:
        times = "once" if address["attempts"] == 1 else f"{address['attempts']} times"
        click.echo(f"  {address['address']}  tried {times}: {address['error']}")


def _path(path: dict[str, Any]) -> str:
    way = {"tcp": "direct", "ws": "WebSocket", "relay": "through a relay"}.get(
        path["transport"], path["transport"]
    )
    trip = "not measured" if path["round_trip_ms"] is None else f"{path['round_trip_ms']:.1f} ms"
    lost = f", {path['loss_ppm'] / 10_000:.0f} % lost" if path["loss_ppm"] >= 10_000 else ""
    arrow = "to" if path["outbound"] else "from"
    return f"{path['state']:<8}{way} {arrow} {path['address']}, {trip}{lost}"


def _for(peer: dict[str, Any]) -> str:
    minutes = int(time.time() - peer["since_ms"] / 1_000) // 60
    if minutes < 1:
        return "since just now"
    return f"for {minutes} min" if minutes < 120 else f"for {minutes // 60} h"


def _clock(time_ms: int) -> str:
    return time.strftime("%H:%M", time.localtime(time_ms / 1_000))


def _size(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
