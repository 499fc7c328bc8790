"""`popctl play`: opens the game, or lets a bot play, plainly labelled as one."""

import json
import secrets
from typing import Any, Final

import click

from popd.cli.browser import open_page
from popd.cli.called import command, placed
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.processes import running
from popd.config import home_at

SONG_S: Final = 600.0
"""Longer than any song of ours and its last coin."""
ROOM_S: Final = SONG_S + 1_800.0
"""And half an hour until somebody counts in."""

STOPPED: Final = "Stopped. Windows that were sealed stay, and are judged: popctl nearby why."


@click.command()
@home_options
@click.option("--bot", help="Let this strategy play: human_like, exact or gaussian.")
@click.option("--song", default="first_light", show_default=True)
@click.option("--keys", default=4, show_default=True, help="How many lanes.")
@click.option("--level", default="easy", show_default=True, help="easy, medium or hard.")
@click.option("--seed", type=int, help="Chance of the bot; drawn when left out.")
@click.option("--room", is_flag=True, help="With the others of your room (with --bot).")
@click.option("--stop", is_flag=True, help="Stop what is played, by a bot or a page.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON (with --bot).")
def play(
    home: str | None,
    network: str,
    bot: str | None,
    song: str,
    keys: int,
    level: str,
    seed: int | None,
    room: bool,
    stop: bool,
    as_json: bool,
) -> None:
    """Open the game in your browser; with --bot, watch a labelled bot play it until Ctrl-C."""
    if stop:
        _stop(home, network, as_json=as_json)
        return
    if bot is None and room:
        give_up(ExitCode.USAGE, "--room is for bots. Open the game and choose Play together.")
    if bot is None:
        place = home_at(home, network)
        about = running(place)
        if about is None:
            start = command("up --practice", place)
            give_up(ExitCode.NO_DAEMON, f"No node runs. Start one with `{start}`.")
        if not about.page:
            down = command("down", place)
            give_up(
                ExitCode.FAILED,
                f"The node does not say where its page is. Stop it with `{down}`, then start it.",
            )
        click.echo(about.page)
        open_page(about.page)
        return
    if not as_json:
        what = "its part in your room" if room else f"{song} on {keys} keys, {level}"
        click.echo(f"Asking your node to let {bot} play {what}, in real time …")
    with client_of(home, network, ROOM_S if room else SONG_S) as client:
        chance = secrets.randbelow(1 << 31) if seed is None else seed
        body: dict[str, Any] = {"bot": bot, "seed": chance, "room": room}
        if not room:
            body |= {"song": song, "keys": keys, "level": level}
        try:
            answer = client.post("/autoplay", body)
        except KeyboardInterrupt:
            give_up(ExitCode.FAILED, STOPPED)
    if as_json:
        click.echo(json.dumps(answer))
        return
    for window in answer["windows"]:
        click.echo(_line(window))
    if any(window["state"] == "minted" for window in answer["windows"]):
        look = command("value list", home_at(home, network))
        click.echo(f"Your witnesses share a fifth of it. What yours are worth to you: `{look}`.")


def _stop(home: str | None, network: str, *, as_json: bool) -> None:
    with client_of(home, network) as client:
        answer = client.post("/stop-playing")
    click.echo(json.dumps(answer) if as_json else placed(STOPPED))


def _line(window: dict[str, Any]) -> str:
    where = f"window {window['window'] + 1}"
    if window["state"] == "minted":
        return f"{where}: {window['minted_ujam'] / 1e6:.3f} JAM"
    return f"{where}: nothing minted. {window['why']} {window['next']}"
