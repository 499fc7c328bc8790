"""`popctl room`: playing together, each with a part, from one moment on."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

import click

from consensus.chart import MAX_KEYS
from popd.cli.called import hint
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean

MAX_CHARACTERS: Final = {"song": 64, "level": 32}
"""Of names that the node looks up."""
NO_CHART: Final = "--chart is a chart's id: 64 digits, 0 to 9 and a to f."

Command = Callable[..., None]


@click.group()
def room() -> None:
    """Play together: open a room, join one, take a part."""


def _options(function: Command) -> Command:
    as_json = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
    decorated: Command = home_options(as_json(function))
    return decorated


def _part_options(function: Command) -> Command:
    for option in (
        click.option("--chart", help="A chart by its id; or a song of ours:"),
        click.option("--song", default="first_light", show_default=True),
        click.option("--keys", default=4, show_default=True, help="How many lanes."),
        click.option("--level", default="easy", show_default=True, help="easy, medium or hard."),
    ):
        function = option(function)
    return function


@room.command("list")
@_options
def list_rooms(home: str | None, network: str, as_json: bool) -> None:
    """List the rooms that neighbours opened."""
    with client_of(home, network) as client:
        rooms = client.get("/rooms")
    if as_json:
        click.echo(json.dumps({"rooms": rooms["nearby"]}))
        return
    for found in rooms["nearby"]:
        state = "playing" if found["playing"] else "gathering"
        people = f"{found['members']} in, {state}"
        title, host = clean(found["title"]), clean(found["host"]["name"])
        click.echo(f"{found['id']}  {title}  with {host}, {people}")
    if not rooms["nearby"]:
        hint("No room is open nearby. Open one with `popctl room open`.")


@room.command()
@_options
def show(home: str | None, network: str, as_json: bool) -> None:
    """Show the room that you are in."""
    with client_of(home, network) as client:
        rooms = client.get("/rooms")
    _tell(rooms, as_json)
    if rooms["own"] is None:
        give_up(ExitCode.NOT_FOUND, "You are in no room. Look at `popctl room list`.")


@room.command("open")
@_options
@_part_options
def open_room(home: str | None, network: str, as_json: bool, **part: Any) -> None:
    """Open a room, with your own part."""
    _post(home, network, as_json, "/rooms", _part(part))


@room.command()
@_options
@click.argument("which", required=False)
def join(home: str | None, network: str, as_json: bool, which: str | None) -> None:
    """Join a room by its id, its first digits, or without: the only one there is."""
    with client_of(home, network) as client:
        nearby = client.get("/rooms")["nearby"]
        found = [one["id"] for one in nearby if one["id"].startswith(which or "")]
        if len(found) != 1:
            why = "No such room is open nearby." if not found else f"{len(found)} rooms are open."
            give_up(ExitCode.NOT_FOUND, f"{why} Choose one of `popctl room list`.")
        rooms = client.post("/rooms/join", {"room": found[0]})
    _tell(rooms, as_json)


@room.command()
@_options
@_part_options
def part(home: str | None, network: str, as_json: bool, **wanted: Any) -> None:
    """Take a part."""
    _post(home, network, as_json, "/rooms/part", _part(wanted))


@room.command()
@_options
@click.option("--not", "is_not", is_flag=True, help="Not ready after all.")
def ready(home: str | None, network: str, as_json: bool, is_not: bool) -> None:
    """Say that you are ready."""
    _post(home, network, as_json, "/rooms/ready", {"ready": not is_not})


@room.command()
@_options
def start(home: str | None, network: str, as_json: bool) -> None:
    """Count in all who are ready; whoever opened the room can."""
    _post(home, network, as_json, "/rooms/start", {})


@room.command()
@_options
def leave(home: str | None, network: str, as_json: bool) -> None:
    """Leave; the room of whoever opened it is over then."""
    _post(home, network, as_json, "/rooms/leave", {})


def _part(options: dict[str, Any]) -> dict[str, Any]:
    """The part that is meant; ends the program with a sentence where it can be none."""
    chart, keys = options["chart"], options["keys"]
    if chart is not None:
        if not re.fullmatch("[0-9a-f]{64}", chart):
            give_up(ExitCode.USAGE, f"{NO_CHART} See `popctl room show --json`, or take a --song.")
        return {"chart": chart}
    if not 1 <= keys <= MAX_KEYS:
        give_up(ExitCode.USAGE, f"No chart has {keys} lanes. Choose --keys from 1 to {MAX_KEYS}.")
    for name, most in MAX_CHARACTERS.items():
        if len(options[name]) > most:
            give_up(
                ExitCode.USAGE, f"--{name} has at most {most} characters. Choose a shorter one."
            )
    return {name: options[name] for name in ("song", "keys", "level")}


def _post(home: str | None, network: str, as_json: bool, path: str, body: Any) -> None:
    with client_of(home, network) as client:
        rooms = client.post(path, body)
    _tell(rooms, as_json)


def _tell(rooms: dict[str, Any], as_json: bool) -> None:
    own = rooms["own"]
    if as_json:
        click.echo(json.dumps(own))
    elif own is not None:
        click.echo("\n".join(told(own)))
    else:
        click.echo("You are in no room.")


def told(own: dict[str, Any]) -> list[str]:
    """The own room in lines."""
    lines = [f"{own['title']}, with {own['host']['name']}: {own['state']}   {own['id']}"]
    if own["uncertainty_us"] is not None and not own["is_host"]:
        lines.append(f"You begin together within ±{own['uncertainty_us'] / 1_000:.1f} ms.")
    for member in own["members"]:
        marks = [name for name in ("ready", "playing") if member[name]]
        if not member["here"]:
            marks = ["left"]
        elif not member["connected"]:
            marks.append("not connected to you")
        part = member["label"] or "no part yet"
        clock = _clock(member)
        lines.append(f"  {member['person']['name']:<20} {part:<24} {', '.join(marks)}{clock}")
    return [*lines, own["advice"] or f"{_people(own['witnesses'])} could witness you."]


def _people(count: int) -> str:
    return "1 person nearby" if count == 1 else f"{count} people nearby"


def _clock(member: dict[str, Any]) -> str:
    if member["is_me"] or member["offset_us"] is None:
        return ""
    ahead, doubt = member["offset_us"] / 1_000, member["uncertainty_us"] / 1_000
    return f"   clock {ahead:+.1f} ms, ±{doubt:.1f}"
