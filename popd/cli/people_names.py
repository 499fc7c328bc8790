"""`popctl people`: what you call people, wherever their names are shown."""

import json

import click

from popd.cli.client import client_of, home_options
from popd.cli.nearby_words import clean
from popd.cli.people import chosen_person


@click.group()
def people() -> None:
    """The names that you give people."""


@people.command(name="name")
@home_options
@click.argument("who")
@click.argument("name", required=False)
@click.option("--forget", is_flag=True, help="Take your name for them back.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def name_person(
    home: str | None, network: str, who: str, name: str | None, forget: bool, as_json: bool
) -> None:
    """Call WHO (a name, a key, or its beginning) NAME. Only you see it, and it wins everywhere."""
    if forget == bool(name):
        raise click.UsageError("Give a NAME, or --forget.")
    with client_of(home, network) as client:
        identity = chosen_person(client, who).hex()
        named = client.post(f"/people/{identity}/name", {"name": name or ""})
    if as_json:
        click.echo(json.dumps(named))
    elif forget:
        click.echo(f"They are shown as {clean(named['name'])} again.")
    else:
        click.echo(f"They are {clean(named['name'])} to you.")
