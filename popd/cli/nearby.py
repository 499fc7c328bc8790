"""`popctl nearby`: who performs, watching them, and your word on what you were drawn for."""

import json
import time
from typing import Any, Final

import click

from popd.cli.called import command
from popd.cli.client import Client, client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_seen import OPEN
from popd.cli.nearby_words import (
    REPORTS,
    attested_lines,
    clean,
    duty_lines,
    performance_lines,
    state_words,
    unminted_lines,
)

MIN_DIGITS: Final = 6
"""A block is named by at least so many of its digits."""
LOOK_S: Final = 0.25
"""How often it is looked whether a word is signed."""
SIGNED_S: Final = 60.0
"""A word that is not signed by then waits for something else."""


as_json_option = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")


@click.group()
def nearby() -> None:
    """Who performs nearby, and your word on what you were drawn for."""


@nearby.command(name="list")
@home_options
@as_json_option
def list_nearby(home: str | None, network: str, as_json: bool) -> None:
    """List who performs now, and the blocks that you were drawn for."""
    with client_of(home, network) as client:
        state = client.get("/nearby")
        if as_json:
            click.echo(json.dumps(state))
            return
        here = client.home
    if not state["performances"]:
        click.echo("Nobody performs nearby right now. Whoever begins shows up here.")
    for performance in state["performances"]:
        click.echo("\n".join(performance_lines(performance, state["now_us"])))
    waiting = [duty for duty in state["duties"] if duty["state"] in OPEN]
    for duty in waiting:
        click.echo("\n".join(duty_lines(duty, state["now_us"] // 1_000)))
    if waiting:
        click.echo(f"Say it: {command('nearby accept|reject|pass BLOCK', here)}")
    elif not state["attended"]:
        step = command("nearby watch --judge", here)
        click.echo(f"To be asked before your node answers by itself: {step}, or open the page.")


@nearby.command()
@home_options
@click.argument("who", default="")
@click.option("--judge", is_flag=True, help="You are there: blocks wait 60 s for your word.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each message.")
def watch(home: str | None, network: str, who: str, judge: bool, as_json: bool) -> None:
    """Watch somebody play: WHO is the beginning of a name or a session; may be left out.

    With --judge it stays for whoever performs next, until Ctrl-C.
    """
    from popd.cli.nearby_watch import watch_performance

    with client_of(home, network) as client:
        performances = client.get("/nearby")["performances"]
        if judge and not (who and performances):
            chosen = performances[0] if performances else None
        else:
            chosen = chosen_performance(performances, who)
        watch_performance(client, chosen, is_judging=judge, as_json=as_json)


@nearby.command()
@home_options
@click.argument("block")
def accept(home: str | None, network: str, block: str) -> None:
    """Say that you believe a BLOCK; waits until it is signed, Ctrl-C takes it back."""
    _judge(home, network, block, "accept")


@nearby.command()
@home_options
@click.argument("block")
def reject(home: str | None, network: str, block: str) -> None:
    """Say that you do not believe a BLOCK; waits until it is signed, Ctrl-C takes it back."""
    _judge(home, network, block, "reject")


@nearby.command(name="pass")
@home_options
@click.argument("block")
def pass_over(home: str | None, network: str, block: str) -> None:
    """Say that you cannot judge a BLOCK: no word is given, and it costs nothing."""
    _judge(home, network, block, "cannot_judge")


@nearby.command()
@home_options
@click.argument("block")
def undo(home: str | None, network: str, block: str) -> None:
    """Take back what you said of a BLOCK, as long as it is not signed."""
    with client_of(home, network) as client:
        duty = chosen_block(client.get("/nearby")["duties"], block, client)
        client.post("/nearby/undo", {"block": duty["block"]})
    click.echo("Taken back. Your node waits for your word again.")


@nearby.command()
@home_options
@click.argument("block")
@click.option("--reason", required=True, type=click.Choice(list(REPORTS)), help="What is wrong.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def report(home: str | None, network: str, block: str, reason: str, yes: bool) -> None:
    """Report a BLOCK that you judged. Everybody will see it, and it can't be taken back."""
    with client_of(home, network) as client:
        state = client.get("/nearby")
        found = chosen_block([*state["duties"], *state["attested"]], block, client)
        if not yes:
            name = clean((found["performer"] or {"name": "somebody"})["name"])
            click.echo(f"Everybody will see: you reported a play of {name}: {REPORTS[reason]}.")
            click.confirm("Report it?", abort=True)
        client.post("/report", {"block": found["block"], "reason": reason})
    click.echo("Reported. Alone it changes nothing; three reports that somebody trusts do.")


@nearby.command()
@home_options
@click.argument("block")
def appeal(home: str | None, network: str, block: str) -> None:
    """Ask those drawn for a BLOCK of your own for a human look."""
    with client_of(home, network) as client:
        found = chosen_block(client.get("/unminted")["blocks"], block, client, "why")
        answer = client.post("/nearby/appeal", {"block": found["block"]})
    click.echo(f"{answer['why']} {answer['next']}")


@nearby.command()
@home_options
@click.argument("block", default="")
@as_json_option
def why(home: str | None, network: str, block: str, as_json: bool) -> None:
    """Why nothing was minted: of BLOCK, or of every window of yours that did not mint."""
    with client_of(home, network) as client:
        blocks = client.get("/unminted")["blocks"]
        if block:
            blocks = [chosen_block(blocks, block, client, "why")]
    if as_json:
        click.echo(json.dumps({"blocks": blocks}))
        return
    if not blocks:
        click.echo("Every window of yours that could mint has minted.")
    for one in blocks:
        click.echo("\n".join(unminted_lines(one)))


@nearby.command()
@home_options
@as_json_option
def log(home: str | None, network: str, as_json: bool) -> None:
    """What you, or your node by itself, said of others' plays, and why."""
    with client_of(home, network) as client:
        words = client.get("/nearby")["attested"]
    if as_json:
        click.echo(json.dumps({"attested": words}))
        return
    if not words:
        click.echo("Nothing yet. Your node is drawn when somebody nearby performs.")
    for word in words:
        click.echo("\n".join(attested_lines(word)))


def chosen_performance(performances: list[dict[str, Any]], who: str) -> dict[str, Any]:
    """The one whose performer or session begins so; ends the program where that is not one."""
    wanted = who.casefold()
    found = [
        one
        for one in performances
        if one["performer"]["name"].casefold().startswith(wanted)
        or (wanted and one["session"].startswith(wanted))
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{clean(one['performer']['name'])!r}" for one in performances)
    if not performances:
        give_up(ExitCode.NOT_FOUND, "Nobody performs nearby right now. Try again when they do.")
    if not found:
        give_up(ExitCode.NOT_FOUND, f"Nobody who performs begins with {who!r}. On are {names}.")
    give_up(ExitCode.NOT_FOUND, f"Several perform: {names}. Name one of them.")


def chosen_block(
    blocks: list[dict[str, Any]], digits: str, client: Client, words: str = "list"
) -> dict[str, Any]:
    """The one block that begins so; ends the program where there is none or several."""
    prefix = digits.lower()
    if len(prefix) < MIN_DIGITS or prefix.strip("0123456789abcdef"):
        raise click.BadParameter(f"{digits!r}: give at least {MIN_DIGITS} of its hex digits.")
    found = {one["block"]: one for one in reversed(blocks) if one["block"].startswith(prefix)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        give_up(ExitCode.NOT_FOUND, f"{len(found)} blocks begin with {digits!r}. Give more digits.")
    step = command(f"nearby {words}", client.home)
    give_up(ExitCode.NOT_FOUND, f"No such block begins with {digits!r}. See `{step}`.")


def _judge(home: str | None, network: str, block: str, choice: str) -> None:
    with client_of(home, network) as client:
        duty = chosen_block(client.get("/nearby")["duties"], block, client)
        duty = client.post("/nearby/judge", {"block": duty["block"], "choice": choice})
        click.echo(f"{state_words(duty, time.time() * 1_000)} Ctrl-C takes it back.")
        try:
            duty = _settled(client, duty)
        except KeyboardInterrupt:
            client.post("/nearby/undo", {"block": duty["block"]})
            click.echo("Taken back. Your node waits for your word again.")
            return
    click.echo(state_words(duty, time.time() * 1_000))


def _settled(client: Client, duty: dict[str, Any]) -> dict[str, Any]:
    """The duty once it is signed, passed or lost, or after a minute."""
    deadline = time.monotonic() + SIGNED_S
    while duty["state"] in OPEN and time.monotonic() < deadline:
        time.sleep(LOOK_S)
        duties = client.get("/nearby")["duties"]
        duty = next((one for one in duties if one["block"] == duty["block"]), duty)
    return duty
