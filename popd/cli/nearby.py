"""`popctl nearby`: who performs, watching them, and your word on what you were drawn for."""

import json
import sys
import time
from typing import Any, Final

import click

from popd.cli.called import command
from popd.cli.client import Client, client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_seen import OPEN
from popd.cli.nearby_words import (
    REPORTED,
    REPORTS,
    attested_lines,
    clean,
    duty_lines,
    performance_lines,
    report_preview,
    state_words,
    unminted_lines,
)
from popd.cli.quoting import quoted

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
@as_json_option
def accept(home: str | None, network: str, block: str, as_json: bool) -> None:
    """Say that you believe a BLOCK; waits until it is signed, Ctrl-C takes it back."""
    _judge(home, network, block, "accept", as_json=as_json)


@nearby.command()
@home_options
@click.argument("block")
@as_json_option
def reject(home: str | None, network: str, block: str, as_json: bool) -> None:
    """Say that you do not believe a BLOCK; waits until it is signed, Ctrl-C takes it back."""
    _judge(home, network, block, "reject", as_json=as_json)


@nearby.command(name="pass")
@home_options
@click.argument("block")
@as_json_option
def pass_over(home: str | None, network: str, block: str, as_json: bool) -> None:
    """Say that you cannot judge a BLOCK: no word is given, and it costs nothing."""
    _judge(home, network, block, "cannot_judge", as_json=as_json)


@nearby.command()
@home_options
@click.argument("block")
@as_json_option
def undo(home: str | None, network: str, block: str, as_json: bool) -> None:
    """Take back what you said of a BLOCK, as long as it is not signed."""
    with client_of(home, network) as client:
        duty = chosen_block(client.get("/nearby")["duties"], block, client)
        _take_back(client, duty["block"], as_json=as_json)


@nearby.command()
@home_options
@click.argument("block")
@click.option("--reason", required=True, type=click.Choice(list(REPORTS)), help="What is wrong.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@as_json_option
def report(
    home: str | None, network: str, block: str, reason: str, yes: bool, as_json: bool
) -> None:
    """Report a BLOCK that you judged. Everybody will see it, and it can't be taken back."""
    with client_of(home, network) as client:
        state = client.get("/nearby")
        found = chosen_block([*state["duties"], *state["attested"]], block, client)
        if not (yes or as_json):
            click.echo(report_preview(found["performer"], reason))
            click.confirm("Report it?", abort=True)
        answer = client.post("/report", {"block": found["block"], "reason": reason})
    click.echo(json.dumps(answer) if as_json else REPORTED)


@nearby.command()
@home_options
@click.argument("block")
@as_json_option
def appeal(home: str | None, network: str, block: str, as_json: bool) -> None:
    """Ask those drawn for a BLOCK of your own for a human look; exits 6 if nobody is there."""
    with client_of(home, network) as client:
        found = chosen_block(client.get("/unminted")["blocks"], block, client, "why")
        answer = client.post("/nearby/appeal", {"block": found["block"]})
    words = f"{answer['why']} {answer['next']}"
    click.echo(json.dumps(answer) if as_json else words, err=not (answer["asked"] or as_json))
    if not answer["asked"]:
        sys.exit(ExitCode.REJECTED)


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
        click.echo("Nothing to explain: no window of yours was sealed that did not mint.")
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
        give_up(
            ExitCode.NOT_FOUND, f"Nobody who performs begins with {quoted(who)}. On are {names}."
        )
    give_up(ExitCode.NOT_FOUND, f"Several perform: {names}. Name one of them.")


def chosen_block(
    blocks: list[dict[str, Any]], digits: str, client: Client, words: str = "list"
) -> dict[str, Any]:
    """The one block that begins so; ends the program where there is none or several."""
    prefix = digits.lower()
    if len(prefix) < MIN_DIGITS or prefix.strip("0123456789abcdef"):
        raise click.BadParameter(f"{quoted(digits)}: give at least {MIN_DIGITS} of its hex digits.")
    found = {one["block"]: one for one in reversed(blocks) if one["block"].startswith(prefix)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        give_up(
            ExitCode.NOT_FOUND,
            f"{len(found)} blocks begin with {quoted(digits)}. Give more digits.",
        )
    step = command(f"nearby {words}", client.home)
    give_up(ExitCode.NOT_FOUND, f"No such block begins with {quoted(digits)}. See `{step}`.")


def _judge(home: str | None, network: str, block: str, choice: str, *, as_json: bool) -> None:
    with client_of(home, network) as client:
        duty = chosen_block(client.get("/nearby")["duties"], block, client)
        try:
            duty = client.post("/nearby/judge", {"block": duty["block"], "choice": choice})
            if not as_json:
                click.echo(f"{state_words(duty, time.time() * 1_000)} Ctrl-C takes it back.")
            duty = _settled(client, duty, choice)
        except KeyboardInterrupt:
            _take_back(client, duty["block"], as_json=as_json)
            return
    if as_json:
        click.echo(json.dumps(duty))
    words = state_words(duty, time.time() * 1_000)
    if duty["choice"] != choice:
        give_up(ExitCode.REJECTED, f"Another word was given of it meanwhile. {words}")
    if duty["state"] == "lost":
        give_up(ExitCode.REJECTED, words)
    if not as_json:
        click.echo(words)


def _take_back(client: Client, block: str, *, as_json: bool) -> None:
    duty = client.post("/nearby/undo", {"block": block})
    back = "Taken back. Your node waits for your word again."
    click.echo(json.dumps(duty) if as_json else back)


def _settled(client: Client, duty: dict[str, Any], choice: str) -> dict[str, Any]:
    """The duty once it is signed, passed or lost, another word is given, or after a minute."""
    deadline = time.monotonic() + SIGNED_S
    while duty["state"] in OPEN and duty["choice"] == choice and time.monotonic() < deadline:
        time.sleep(LOOK_S)
        duties = client.get("/nearby")["duties"]
        duty = next((one for one in duties if one["block"] == duty["block"]), duty)
    return duty
