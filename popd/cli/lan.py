"""Lets a phone in the same network play: opens the node's second door, and shows a QR code."""

import io
from datetime import UTC, datetime
from typing import Final

import click

from popd.cli.client import Client
from popd.config import Home

ANY: Final = "any"
"""Stands for the address that others in the network reach."""


def let_phones_in(place: Home, address: str) -> None:
    """Opens the door and prints a code for one phone; ends the program where that can't be."""
    import segno  # here, because `popctl` must answer at once

    with Client(place) as client:
        client.post("/lan", {"address": "" if address == ANY else address})
        ticket = client.post("/tickets")
    drawn = io.StringIO()
    segno.make(ticket["address"], error="m", micro=False).terminal(out=drawn, compact=True)
    until = datetime.fromtimestamp(ticket["until_us"] / 1_000_000, UTC).astimezone()
    click.echo(
        f"\nScan this with a phone in the same network, before {until:%H:%M}; it is good once:\n"
    )
    click.echo(drawn.getvalue())
    click.echo(f"or open there:  {ticket['address']}\n")
    click.echo("It may play as you and see what you play. It can't spend. More codes: Settings.\n")
