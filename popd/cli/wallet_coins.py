"""`popctl wallet list|reconcile`: what you hold, and a chain that forked."""

import json
from typing import Any

import click

from consensus.identifiers import IdentityId
from popd.cli.arguments import person
from popd.cli.called import command, hint
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.quoting import quoted
from wallet.amounts import UJAM_PER_JAM


@click.command(name="list")
@home_options
@click.option(
    "--as", "observer", type=person, help="Through whose eyes (did or hex); yours by default."
)
@click.option("--why", "is_explained", is_flag=True, help="Say why each is worth that.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def list_coins(
    home: str | None, network: str, observer: IdentityId | None, is_explained: bool, as_json: bool
) -> None:
    """List your coins with their worth, by how they came to you."""
    with client_of(home, network) as client:
        purse = client.get("/purse", **({"as": observer.hex()} if observer else {}))
        stakes = [] if as_json else client.get("/disputes")["stakes"]
        waiting = 0 if as_json else client.get("/wallet/incoming")["waiting"]
    if as_json:
        click.echo(json.dumps(purse))
        return
    _tell_coins(purse, observer, is_explained)
    _tell_stakes(stakes)
    if waiting:
        what = "transfer waits" if waiting == 1 else "transfers wait"
        click.echo(f"{waiting:,} {what} for you: {command('wallet receive')}")


def _tell_coins(purse: dict[str, Any], observer: IdentityId | None, is_explained: bool) -> None:
    from popd.cli.wallet_tables import show_coins  # here, because `popctl` must answer at once

    if not purse["coins"]:
        hint("Your purse is empty. Play with people nearby: `popctl play`.")
        return
    whose = "you" if observer is None else purse["as"]["name"]
    show_coins(purse, whose, is_explained)
    total, worth = purse["total_ujam"] / UJAM_PER_JAM, purse["total_value_ujam"] / UJAM_PER_JAM
    click.echo(
        f"Worth {worth:.3f} to {whose} in all. Nominally {total:.3f} JAM, which is nobody's view."
    )


def _tell_stakes(stakes: list[dict[str, Any]]) -> None:
    """Staked coins are not in the purse, and not lost; those that burnt are."""
    staked_ujam = sum(one["amount_ujam"] for one in stakes if one["state"] != "burnt")
    if staked_ujam:
        amount = f"{staked_ujam / UJAM_PER_JAM:.3f} JAM"
        click.echo(f"at stake: {amount} ({command('dispute list')})")


def chosen_lot(coins: list[dict[str, Any]], prefix: str) -> str:
    """The one lot of a purse that begins so; ends the program where there is none or several."""
    lots = {coin["lot"] for coin in coins if prefix and coin["lot"].startswith(prefix.lower())}
    if not lots:
        sentence = f"No lot in your purse begins with {quoted(prefix)}."
        give_up(ExitCode.NOT_FOUND, f"{sentence} See `{command('wallet list')}`.")
    if len(lots) > 1:
        sentence = f"{len(lots)} lots in your purse begin with {quoted(prefix)}."
        give_up(ExitCode.NOT_FOUND, f"{sentence} Give more of its digits.")
    return str(lots.pop())


@click.command()
@home_options
def reconcile(home: str | None, network: str) -> None:
    """Name both branches of your forked chain, and go on with the longer one."""
    with client_of(home, network) as client:
        client.post("/reconcile")
    click.echo("Your chain names both branches now, and goes on.")
