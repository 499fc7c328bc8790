"""`popctl status`: what the node is doing, and who is nearby."""

import json
from typing import Any

import click

from popd.cli.called import command, hint
from popd.cli.client import Client, client_of, home_options
from popd.cli.nearby_words import clean
from popd.cli.pens import PENS


@click.command()
@home_options
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def status(home: str | None, network: str, as_json: bool) -> None:
    """Show the node's identity, its neighbours and its ledger."""
    with client_of(home, network) as client:
        about = client.get("/status")
        keys = {} if as_json else client.get("/wallet")
    if as_json:
        click.echo(json.dumps(about))
        return
    click.echo(f"You        {about['identity']['did']}")
    _tell_keys(keys, client)
    if about.get("elsewhere"):
        click.echo(
            "Keys       also run elsewhere, which splits your chain. Stop one of the two, then"
        )
        click.echo(f"           look what is left to do: `{command('doctor', client.home)}`")
    if PENS.get(about["pen"]):
        hint(f"Pen        {PENS[about['pen']]}")
    click.echo(f"Network    {about['network']}")
    click.echo(f"Ledger     {about['entries']} entries, digest {about['digest'][:16]}")
    click.echo(f"Peers      {about['peers']}")
    for neighbour in about["neighbours"]:
        label = " (practice)" if neighbour["practice"] else ""
        click.echo(f"  nearby   {clean(neighbour['name'])}{label}")
    if about["network"] != "practice":
        for address in about["addresses"]:
            click.echo(f"  reach me {address}")
    if not about["neighbours"]:
        is_practice = about["network"] == "practice"
        todo = command("up --practice" if is_practice else "doctor --network main", client.home)
        what = "Start practice neighbours with" if is_practice else "What to do:"
        click.echo(f"  Nobody is nearby. {what} `{todo}`.")


def _tell_keys(keys: dict[str, Any], client: Client) -> None:
    """What keeps the user's keys from writing; nothing where all is well."""
    if keys["locked"]:
        click.echo(f"Keys       locked; `{command('wallet unlock', client.home)}`")
    restoring = keys["restoring"]
    if restoring is not None:
        click.echo(
            f"Keys       restored; {restoring['asked']} of {restoring['needed']} others said how "
            f"far your chain came ({restoring['entries']} entries are here). Nothing is written"
        )
        click.echo(
            f"           before. Without them: `{command('wallet write-on', client.home)}`, if the "
            "chain ended there, or never began."
        )
        if restoring.get("why"):
            click.echo(f"           {restoring['why']} {restoring['next']}")
