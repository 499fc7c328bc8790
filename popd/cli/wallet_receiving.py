"""`popctl wallet receive`, `decline`, `receives`: what others hand over."""

import json
from typing import Any, Final

import click

from popd.cli.called import command, hint
from popd.cli.client import Client, client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.quoting import quoted

AT_ONCE: Final = 64
"""Transfers that one request receives."""
REASONS: Final = ("unsaid", "not-worth", "unknown-giver", "disputed", "not-meant")
CHOICES: Final = {
    "all": "What people give you is received at once, up to 128 transfers a day.",
    "valued": "What is worth at least 0.001 to you is received at once; the rest waits for you.",
    "asked": "Whatever people give you waits for you: popctl wallet receive.",
}


@click.command()
@home_options
@click.argument("transfers", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Everything that waits.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def receive(
    home: str | None, network: str, transfers: tuple[str, ...], is_all: bool, as_json: bool
) -> None:
    """Receive TRANSFERS by the beginning of their ids; without any, show what waits."""
    with client_of(home, network) as client:
        found = client.get("/wallet/incoming")
        if not transfers and not is_all:
            click.echo(json.dumps(found)) if as_json else _show(found, client)
            return
        waiting = [one["transfer"] for one in found["incoming"]]
        chosen = waiting if is_all else [_chosen(waiting, text) for text in transfers]
        entries: list[str] = []
        for start in range(0, len(chosen), AT_ONCE):
            body = {"transfers": chosen[start : start + AT_ONCE]}
            entries += client.post("/wallet/receive", body)["entries"]
    if as_json:
        click.echo(json.dumps({"entries": entries}))
        return
    what = "1 transfer" if len(entries) == 1 else f"{len(entries):,} transfers"
    click.echo(f"Received {what}." if entries else "Nothing waits for you.")


@click.command()
@home_options
@click.argument("transfer")
@click.option("--reason", type=click.Choice(REASONS), default="unsaid", help="All can read it.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def decline(home: str | None, network: str, transfer: str, reason: str, as_json: bool) -> None:
    """Turn down a TRANSFER to you; its giver has it back."""
    with client_of(home, network) as client:
        waiting = [one["transfer"] for one in client.get("/wallet/incoming")["incoming"]]
        body = {"transfer": _chosen(waiting, transfer), "reason": reason.replace("-", "_")}
        answer = client.post("/decline", body)
    click.echo(json.dumps(answer) if as_json else "Declined. Its giver has it back.")


@click.command()
@home_options
@click.argument("which", type=click.Choice(list(CHOICES)), required=False)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def receives(home: str | None, network: str, which: str | None, as_json: bool) -> None:
    """Say WHICH transfers are received without asking, or show it.

    Shares of what you play and witness, and what comes back, always are.
    """
    with client_of(home, network) as client:
        if which is None:
            answer = client.get("/wallet/receives")
        else:
            answer = client.put("/wallet/receives", {"receives": which})
    if as_json:
        click.echo(json.dumps(answer))
        return
    hint(CHOICES[answer["receives"]])
    if which not in (None, answer["receives"]):
        click.echo("Nobody plays at this node, so nobody can be asked.")


def _show(found: dict[str, Any], client: Client) -> None:
    from popd.cli.wallet_tables import show_incoming  # here, because `popctl` must answer at once

    show_incoming(found)
    if found["incoming"]:
        first = found["incoming"][0]["transfer"][:12]
        click.echo(f"Take one: {command(f'wallet receive {first}', client.home)}, or --all.")
        step = command(f"wallet decline {first} --reason not-worth", client.home)
        click.echo(f"Turn one down: {step}")
    else:
        click.echo("Nothing waits for you.")


def _chosen(waiting: list[str], text: str) -> str:
    """The one transfer that begins so; ends the program where there is none or several."""
    found = [one for one in waiting if text and one.startswith(text.lower())]
    if len(found) == 1:
        return found[0]
    is_whole = len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")
    if is_whole and not found:
        return text.lower()
    count = f"{len(found)} transfers begin" if found else "No transfer to you begins"
    step = "Give more of its digits." if found else "See `popctl wallet receive`."
    give_up(ExitCode.NOT_FOUND, f"{count} with {quoted(text)}. {step}")
