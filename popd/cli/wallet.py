"""`popctl wallet`: coins, what they are worth to you, and giving them away."""

import json
from decimal import Decimal
from typing import Any, Final

import click

from consensus.identifiers import IdentityId, from_did, to_did
from consensus.signing import is_public_key
from popd.cli.called import command
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.quoting import quoted
from popd.cli.wallet_keys import KEY_COMMANDS

UJAM_PER_JAM: Final = 1_000_000
MAX_AMOUNT_UJAM: Final = 2**63 - 1
"""What the ledger can write down."""


def jam(text: str) -> int:
    """An amount that people write in JAM, in uJAM; raises BadParameter."""
    try:
        amount_ujam = Decimal(text) * UJAM_PER_JAM
    except ArithmeticError:
        raise click.BadParameter(f"{quoted(text)} is no number.") from None
    if not amount_ujam.is_finite() or not 1 <= amount_ujam <= MAX_AMOUNT_UJAM:
        raise click.BadParameter(f"{text} is not between 0.000001 and what anybody has.")
    if amount_ujam != int(amount_ujam):
        raise click.BadParameter(f"{text} is finer than 0.000001, the least amount.")
    return int(amount_ujam)


def person(text: str) -> IdentityId:
    """An identity, as did:key or in hex; raises BadParameter where nobody can have its key."""
    try:
        key = from_did(text) if text.startswith("did:") else bytes.fromhex(text)
    except ValueError:
        key = b""
    if not is_public_key(key):
        raise click.BadParameter(
            f"{quoted(text)} is nobody's key; give a did:key:… or 64 hex digits."
        )
    return IdentityId(key)


@click.group()
def wallet() -> None:
    """Your coins and what they are worth to you."""


@wallet.command(name="list")
@home_options
@click.option(
    "--as", "observer", type=person, help="Through whose eyes (did or hex); yours by default."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def list_coins(home: str | None, network: str, observer: IdentityId | None, as_json: bool) -> None:
    """List your coins with their worth, and why."""
    with client_of(home, network) as client:
        purse = client.get("/purse", **({"as": observer.hex()} if observer else {}))
        stakes = [] if as_json else client.get("/disputes")["stakes"]
    if as_json:
        click.echo(json.dumps(purse))
        return
    _tell_coins(purse, observer)
    _tell_stakes(stakes)


def _tell_coins(purse: dict[str, Any], observer: IdentityId | None) -> None:
    if not purse["coins"]:
        click.echo("Your purse is empty. Play with people nearby: `popctl play`.")
        return
    whose = "you" if observer is None else purse["as"]["name"]
    for coin in purse["coins"]:
        click.echo(_line(coin, whose))
    total, worth = purse["total_ujam"] / 1e6, purse["total_value_ujam"] / 1e6
    click.echo(f"\n{total:.3f} JAM in all, worth {worth:.3f} to {whose}.")


def _tell_stakes(stakes: list[dict[str, Any]]) -> None:
    """Staked coins are not in the purse, and not lost; those that burnt are."""
    staked_ujam = sum(one["amount_ujam"] for one in stakes if one["state"] != "burnt")
    if staked_ujam:
        amount = f"{staked_ujam / UJAM_PER_JAM:.3f} JAM"
        click.echo(f"at stake: {amount} ({command('dispute list')})")


@wallet.command()
@home_options
@click.argument("lot")
@click.option("--amount", "amount_ujam", type=jam, required=True, help="How many JAM.")
@click.option("--to", "recipient", type=person, required=True, help="Who (did:key:… or hex).")
@click.option("--say-worth", is_flag=True, help="Say what it is worth to you; all can read it.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON; nothing is asked.")
def send(
    home: str | None,
    network: str,
    lot: str,
    amount_ujam: int,
    recipient: IdentityId,
    say_worth: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Give part of a LOT to somebody. It leaves at once and can't be taken back.

    The first digits of a lot are enough where no other of yours begins with them.
    """
    amount = f"{amount_ujam / UJAM_PER_JAM:.6f} JAM"
    with client_of(home, network) as client:
        whole = chosen_lot(client.get("/purse")["coins"], lot)
        if not (yes or as_json):
            click.echo(f"{amount} of lot {whole[:16]}… leave your purse at once,")
            click.echo(f"to {to_did(recipient)}. This can't be taken back.")
            click.confirm("Send?", abort=True)
        body: dict[str, Any] = {"lot": whole, "amount_ujam": amount_ujam, "to": recipient.hex()}
        if say_worth:
            body["says_worth"] = True
        answer = client.post("/send", body)
    click.echo(json.dumps(answer) if as_json else f"Sent {amount}. It is on its way.")


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


@wallet.command()
@home_options
def reconcile(home: str | None, network: str) -> None:
    """Name both branches of your forked chain, and go on with the longer one."""
    with client_of(home, network) as client:
        client.post("/reconcile")
    click.echo("Your chain names both branches now, and goes on.")


for _one in KEY_COMMANDS:
    wallet.add_command(_one)
