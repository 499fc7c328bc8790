"""`popctl value`: why a coin is worth what it is worth, and what counts for you."""

import json
from typing import Any, Final

import click

from popd.cli.called import hint
from popd.cli.client import Client, client_of, home_options
from popd.cli.nearby_words import clean
from popd.cli.people import chosen_person
from popd.cli.quoting import quoted
from popd.cli.value_policy import policy
from wallet.amounts import UJAM_PER_JAM

MIN_DIGITS: Final = 4
"""Fewer digits of a lot could mean anything."""
MAX_DIGITS: Final = 64


def lot_digits(context: click.Context, parameter: click.Parameter, text: str) -> str:
    """The beginning of a lot's id; raises BadParameter where it is something else."""
    digits = text.lower()
    is_hex = all(one in "0123456789abcdef" for one in digits)
    if not is_hex or not MIN_DIGITS <= len(digits) <= MAX_DIGITS:
        raise click.BadParameter(
            f"{quoted(text)} is no lot; give {MIN_DIGITS} to {MAX_DIGITS} of its hex digits."
        )
    return digits


@click.group()
def value() -> None:
    """What coins are worth, and why."""


value.add_command(policy)


@value.command()
@home_options
@click.argument("lot", callback=lot_digits)
@click.option("--as", "who", help="Through whose eyes: a key, its beginning, or a name.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def explain(home: str | None, network: str, lot: str, who: str | None, as_json: bool) -> None:
    """Explain what LOT is worth to you or to somebody, in parts that add up.

    LOT is its id or the beginning of it, as `popctl value list` shows them.
    """
    with client_of(home, network) as client:
        query = {} if who is None else {"as": chosen_person(client, who).hex()}
        coin = client.get(f"/value/coins/{lot}", **query)
    if as_json:
        click.echo(json.dumps(coin))
        return
    seen = next(one for one in coin["values"] if one["observer"]["id"] == coin["observer"])
    whose = "you" if seen["is_me"] else clean(seen["observer"]["name"])
    click.echo("\n".join(_explained(coin, seen, whose)))


@value.command(name="list")
@home_options
@click.option("--as", "who", help="Through whose eyes: a key, its beginning, or a name.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def list_values(home: str | None, network: str, who: str | None, as_json: bool) -> None:
    """List your coins by what they are worth, the most valuable first."""
    with client_of(home, network) as client:
        trouble = client.get("/value/policy")["trouble"]
        purse = _purse(client, who)
    if trouble:
        click.echo(trouble, err=True)
    if as_json:
        click.echo(json.dumps(purse))
        return
    if not purse["coins"]:
        hint("Your purse is empty. Play with people nearby: `popctl play`.")
        return
    whose = "you" if who is None else clean(purse["as"]["name"])
    for coin in sorted(purse["coins"], key=lambda one: -one["value_ujam"]):
        amount, worth = coin["amount_ujam"] / UJAM_PER_JAM, coin["value_ujam"] / UJAM_PER_JAM
        click.echo(f"{coin['lot'][:16]}  {amount:9.3f} JAM  worth {worth:9.3f} to {whose}")
    total = purse["total_value_ujam"] / UJAM_PER_JAM
    hint(f"\nWorth {total:.3f} to {whose} in all. Why: `popctl value explain LOT`.")


def _purse(client: Client, who: str | None) -> dict[str, Any]:
    query = {} if who is None else {"as": chosen_person(client, who).hex()}
    purse: dict[str, Any] = client.get("/purse", **query)
    return purse


def _explained(coin: dict[str, Any], seen: dict[str, Any], whose: str) -> list[str]:
    amount = coin["amount_ujam"] / UJAM_PER_JAM
    worth = seen["value_ujam"] / UJAM_PER_JAM
    return [
        f"{coin['lot'][:16]}  {clean(coin['song'])}",
        f"{amount:.6f} JAM, worth {worth:.6f} to {whose} by “{clean(seen['policy'])}”:",
        *(f"  {line}" for line in seen["why"]),
        "Its way:",
        *(f"  {_step(step)}" for step in coin["steps"]),
    ]


def _step(step: dict[str, Any]) -> str:
    name = "you" if step["is_me"] else clean(step["person"]["name"])
    said = f"{name}: 1 JAM of it there is worth {step['worth_ppm'] / 1e6:.3f} to you"
    if step["valuation_ujam"] is None or not step["given_ujam"]:
        return said
    given, stated = step["given_ujam"] / UJAM_PER_JAM, step["valuation_ujam"] / UJAM_PER_JAM
    return f"{said}; its giver said that {given:.3f} JAM were worth {stated:.3f} to them"
