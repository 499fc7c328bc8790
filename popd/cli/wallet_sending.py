"""`popctl wallet send` and `request`: paying somebody, and asking to be paid."""

import io
import json
from typing import Any, Final

import click

from popd.cli.arguments import jam
from popd.cli.called import hint, placed
from popd.cli.client import Client, client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean
from popd.cli.people import chosen_person
from popd.cli.quoting import quoted
from wallet.amounts import UJAM_PER_JAM, in_jam

SCHEME: Final = "popd:"
PartBody = dict[str, Any]
"""A lot, its path, and how much of it."""


@click.command()
@home_options
@click.argument("amount", type=jam, required=False)
@click.option(
    "--to", "recipient", required=True, help="A name, a key, its beginning, or a popd:pay? link."
)
@click.option("--worth", "is_worth", is_flag=True, help="AMOUNT is what it is worth to them.")
@click.option(
    "--lot", "lots", multiple=True, help="From this lot, as DIGITS or DIGITS=JAM; several times."
)
@click.option("--say-worth", is_flag=True, help="Say what it is worth to you; all can read it.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON; nothing is asked.")
def send(
    home: str | None,
    network: str,
    amount: int | None,
    recipient: str,
    is_worth: bool,
    lots: tuple[str, ...],
    say_worth: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Give AMOUNT JAM to somebody. It leaves at once and can't be taken back.

    Lots are chosen by what they are worth to them; --lot chooses yourself.
    """
    if is_worth and lots:
        raise click.UsageError("--worth chooses the lots by itself: leave out --lot.")
    with client_of(home, network) as client:
        to, asked = _recipient(client, recipient, as_json)
        _check_asked(asked, amount, is_worth)
        amount_ujam = asked if amount is None else amount
        if amount_ujam is None:
            raise click.UsageError(placed("How many JAM? popctl wallet send AMOUNT --to …"))
        body: dict[str, Any] = {"to": to}
        if lots:
            body["lots"] = parts_of(client.get("/purse")["coins"], lots, amount_ujam)
        else:
            body["worth_ujam" if is_worth else "amount_ujam"] = amount_ujam
        payment = client.post("/wallet/preview", body)
        if not as_json:
            _preview(payment, is_asked=not yes)
        answer = client.post("/wallet/pay", _payment(payment, to, say_worth))
    if as_json:
        click.echo(json.dumps({**answer, "payment": payment}))
        return
    count, name = len(answer["entries"]), clean(payment["to"]["name"])
    sent = f"{payment['amount_ujam'] / UJAM_PER_JAM:.6f} JAM"
    hint(
        f"Sent {sent} to {name} in {count} transfer{'s' * (count != 1)}. They receive or decline "
        "it; `popctl wallet receive` shows what became of it."
    )


def _recipient(client: Client, text: str, as_json: bool) -> tuple[str, int | None]:
    """Who is meant, and how much a link asks for; a link's note is shown."""
    if not text.startswith(SCHEME):
        return chosen_person(client, text).hex(), None
    asked = client.post("/wallet/read-request", {"link": text})
    note = clean(asked["note"])
    if note and not as_json:
        click.echo(f"They write: {note}")
    return asked["to"]["id"], asked["amount_ujam"]


def _check_asked(asked: int | None, amount: int | None, is_worth: bool) -> None:
    """Raises UsageError where a link asks for one thing, and the user says another."""
    if asked is None:
        return
    if is_worth:
        raise click.UsageError("The link asks for an amount, not for a worth: leave out --worth.")
    if amount not in (None, asked):
        raise click.UsageError(
            f"The link asks for {in_jam(asked)} JAM, and you say {in_jam(amount)}. Leave AMOUNT "
            "out to give what is asked for, or name the person in place of the link."
        )


def _preview(payment: dict[str, Any], *, is_asked: bool) -> None:
    from popd.cli.wallet_tables import show_payment  # here, because `popctl` must answer at once

    show_payment(payment)
    if is_asked:
        click.echo("It leaves your purse at once and can't be taken back.")
        click.confirm("Send?", abort=True)


def _payment(payment: dict[str, Any], to: str, say_worth: bool) -> dict[str, Any]:
    parts = [
        {key: part[key] for key in ("lot", "path", "amount_ujam")} for part in payment["parts"]
    ]
    return {"to": to, "parts": parts, "says_worth": say_worth}


def parts_of(
    coins: list[dict[str, Any]], lots: tuple[str, ...], amount_ujam: int
) -> list[PartBody]:
    """The parts that the user named, in their order, up to an amount; ends the program where they
    don't make it, or no lot or several begin so."""
    parts: list[PartBody] = []
    missing = amount_ujam
    for text in lots:
        digits, equals, much = text.partition("=")
        wanted = min(missing, jam(much)) if equals else missing
        for coin in _matching(coins, digits):
            took = min(wanted, coin["amount_ujam"])
            if took:
                parts.append({"lot": coin["lot"], "path": coin["path"], "amount_ujam": took})
            wanted, missing = wanted - took, missing - took
    if missing:
        have = (amount_ujam - missing) / UJAM_PER_JAM
        sentence = f"These lots make {have:.6f} of {amount_ujam / UJAM_PER_JAM:.6f} JAM."
        give_up(ExitCode.REJECTED, f"{sentence} Name more with --lot, or leave --lot out.")
    return parts


def _matching(coins: list[dict[str, Any]], digits: str) -> list[dict[str, Any]]:
    """The parts of the one lot that begins so, the largest first."""
    found = [coin for coin in coins if digits and coin["lot"].startswith(digits.lower())]
    lots = {coin["lot"] for coin in found}
    if len(lots) != 1:
        count = f"{len(lots)} lots in your purse begin" if lots else "No lot in your purse begins"
        step = "Give more of its digits." if lots else "See `popctl wallet list`."
        give_up(ExitCode.NOT_FOUND, f"{count} with {quoted(digits)}. {step}")
    return sorted(found, key=lambda coin: (-coin["amount_ujam"], coin["path"]))


@click.command()
@home_options
@click.argument("amount", type=jam)
@click.option("--note", default="", help="What for; at most 80 characters.")
@click.option("--no-qr", is_flag=True, help="The link alone.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def request(
    home: str | None, network: str, amount: int, note: str, no_qr: bool, as_json: bool
) -> None:
    """Ask for AMOUNT JAM: a link, and a QR code to be scanned."""
    with client_of(home, network) as client:
        found = client.post("/wallet/request", {"amount_ujam": amount, "note": note})
    if as_json:
        click.echo(json.dumps(found))
        return
    if not no_qr:
        click.echo(_drawn(found["link"]))
    click.echo(found["link"])
    click.echo(f"Whoever has it pays with: popctl wallet send --to '{found['link']}'")


def _drawn(link: str) -> str:
    import segno  # here, because `popctl` must answer at once

    drawn = io.StringIO()
    segno.make(link, error="m", micro=False).terminal(out=drawn, compact=True)
    return drawn.getvalue()
