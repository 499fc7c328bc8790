"""`popctl wallet`: coins, what they are worth to you, and giving them away."""

import json
from typing import Any

import click

from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up


@click.group()
def wallet() -> None:
    """Your coins and what they are worth to you."""


@wallet.command(name="list")
@home_options
@click.option("--as", "observer", help="Through whose eyes (did or hex); yours by default.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def list_coins(home: str | None, network: str, observer: str | None, as_json: bool) -> None:
    """List your coins with their worth, and why."""
    with client_of(home, network) as client:
        purse = client.get("/purse", **({"as": observer} if observer else {}))
    if as_json:
        click.echo(json.dumps(purse))
        return
    if not purse["coins"]:
        click.echo("Your purse is empty. Play with people nearby: `popctl play`.")
        return
    whose = "you" if observer is None else purse["as"]["name"]
    for coin in purse["coins"]:
        click.echo(_line(coin, whose))
    total, worth = purse["total_ujam"] / 1e6, purse["total_value_ujam"] / 1e6
    click.echo(f"\n{total:.3f} JAM in all, worth {worth:.3f} to {whose}.")


@wallet.command()
@home_options
@click.argument("lot")
@click.option("--amount", type=float, required=True, help="How many JAM.")
@click.option("--to", "recipient", required=True, help="Who (did:key:… or hex).")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def send(
    home: str | None, network: str, lot: str, amount: float, recipient: str, as_json: bool
) -> None:
    """Give part of a LOT to somebody. It leaves at once and can't be taken back."""
    amount_ujam = round(amount * 1_000_000)
    if amount_ujam < 1:
        give_up(ExitCode.USAGE, "The least amount is 0.000001 JAM.")
    body = {"lot": lot, "amount_ujam": amount_ujam, "to": recipient}
    with client_of(home, network) as client:
        answer = client.post("/send", body)
    click.echo(json.dumps(answer) if as_json else f"Sent {amount:.6f} JAM. It is on its way.")


@wallet.command()
@home_options
@click.argument("transfer")
def decline(home: str | None, network: str, transfer: str) -> None:
    """Turn down a TRANSFER to you; its giver may have it back."""
    with client_of(home, network) as client:
        client.post("/decline", {"transfer": transfer})
    click.echo("Declined.")


def _line(coin: dict[str, Any], whose: str) -> str:
    amount, worth = coin["amount_ujam"] / 1e6, coin["value_ujam"] / 1e6
    why = "; ".join(coin["why"])
    return f"{coin['lot'][:16]}  {amount:9.3f} JAM  worth {worth:.3f} to {whose}: {why}"
