"""`popctl concert`: gather a crowd, let it in, and see what it makes of the music."""

import json
from typing import Any, Final

import click

from popd.cli.arguments import FULL_SCORE, NumberCommand, score
from popd.cli.browser import open_page
from popd.cli.called import command
from popd.cli.client import Client, client_of, home_options
from popd.cli.concert_told import tell_concert, tell_door
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean
from popd.cli.people import chosen_person
from popd.cli.quoting import quoted

PPM: Final = 1_000_000
PHASES: Final = {"lock": "locked", "reveal": "revealed", "close": "closed", "open": "open"}

as_json = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
which_one = click.argument("which", required=False)


@click.group()
def concert() -> None:
    """Concerts: gather a crowd, let it in, rate, and see the coins that it makes."""


@concert.command("list")
@home_options
@as_json
def list_concerts(home: str | None, network: str, as_json: bool) -> None:
    """List the concerts that the node knows."""
    with client_of(home, network) as client:
        found = client.get("/concerts")
    if as_json:
        click.echo(json.dumps(found))
        return
    for one in found["concerts"]:
        whose = "yours" if one["is_mine"] else f"with {one['gatherer']['name']}"
        click.echo(f"{one['id'][:8]}  {one['phase']:<9} {clean(one['name'])}, {clean(whose)}")
    if not found["concerts"]:
        begin = command("concert start NAME", client.home)
        click.echo(f"None is on. Start one: `{begin}`.")


@concert.command()
@home_options
@click.argument("name")
@click.option("--tag", "tags", multiple=True, help="What kind of music; several times.")
@click.option("--expected", default=0, type=click.IntRange(0, 100_000), help="How many come.")
@click.option(
    "--share",
    "shares",
    multiple=True,
    metavar="WHO=PERCENT",
    help="Who shares with you, by name or key; the rest is yours. Several times.",
)
@as_json
def start(
    home: str | None,
    network: str,
    name: str,
    tags: tuple[str, ...],
    expected: int,
    shares: tuple[str, ...],
    as_json: bool,
) -> None:
    """Announce a concert; every song that you begin from now on belongs to it."""
    with client_of(home, network) as client:
        body: dict[str, Any] = {"name": name, "tags": list(tags), "expected": expected}
        if shares:
            body["performers"] = _performers(client, shares)
        made = client.post("/concerts", body)
    _tell(made, as_json)
    if not as_json:
        door, opening = (command(f"concert {word}", client.home) for word in ("door", "open"))
        click.echo(f"\nLet people in with `{door}`, play, then open the rating with `{opening}`.")


def _performers(client: Client, shares: tuple[str, ...]) -> list[dict[str, Any]]:
    """Everybody with their part, the user with what is left."""
    status = client.get("/status")
    left, found = PPM, []
    for share in shares:
        who, _, percent = share.rpartition("=")
        try:
            part = round(float(percent) * 10_000)
        except (ValueError, OverflowError):
            part = 0
        if not who or not 0 < part < left:
            give_up(ExitCode.USAGE, f"{quoted(share)} is no share; write NAME=PERCENT.")
        found.append({"id": chosen_person(client, who).hex(), "share_ppm": part})
        left -= part
    return [{"id": status["identity"]["id"], "share_ppm": left}, *found]


@concert.command()
@home_options
@which_one
@as_json
def show(home: str | None, network: str, which: str | None, as_json: bool) -> None:
    """Show a concert: by its name, its first digits, or the only one there is."""
    with client_of(home, network) as client:
        found = _meant(client, which)
    _tell(found, as_json)


@concert.command()
@home_options
@which_one
@as_json
def join(home: str | None, network: str, which: str | None, as_json: bool) -> None:
    """Open a concert's page, to watch, tap along and rate."""
    from popd.cli.processes import running  # here, because `popctl` must answer at once

    with client_of(home, network) as client:
        found = _meant(client, which)
        about = running(client.home)
    page = "" if about is None else about.page.replace("#", "#concert/" + found["id"] + "&", 1)
    if as_json:
        click.echo(json.dumps({**found, "page": page}))
        return
    if not open_page(page):
        click.echo(f"Open it in a browser:  {page}")
    tell_concert(found)


@concert.command()
@home_options
@which_one
@click.option("--address", default="", help="An IPv4 address of this machine.")
@click.option("--shut", is_flag=True, help="Let nobody in any more.")
@as_json
def door(
    home: str | None, network: str, which: str | None, address: str, shut: bool, as_json: bool
) -> None:
    """Let people of the same network in as guests; shows a QR code and a short one."""
    with client_of(home, network) as client:
        found = _meant(client, which)
        path = f"/concerts/{found['id']}/door"
        seen = client.delete(path) if shut else client.post(path, {"address": address})
    if as_json:
        click.echo(json.dumps(seen))
    else:
        tell_door(seen["door"])


@concert.command(cls=NumberCommand)
@home_options
@click.argument("score", type=score)
@click.option("--at", "which", help="Which concert: name or first digits.")
@click.option("--of", "performer", help="Which performer, by name; otherwise all of them.")
@click.option("--feel", "feelings", multiple=True, help="What it felt like; several times.")
@click.option("--comment", default="", help="At most 280 characters.")
@as_json
def rate(
    home: str | None,
    network: str,
    score: float,
    which: str | None,
    performer: str | None,
    feelings: tuple[str, ...],
    comment: str,
    as_json: bool,
) -> None:
    """Give a concert a SCORE from 0 to 10; it stays sealed on your node until the reveal."""
    with client_of(home, network) as client:
        found = _meant(client, which)
        body = {
            "score_ppm": round(score / FULL_SCORE * PPM),
            "performer": "" if performer is None else _performer(found, performer),
            "tags": list(feelings),
            "comment": comment,
        }
        seen = client.post(f"/concerts/{found['id']}/opinion", body)
    _tell(seen, as_json)


def _performer(found: dict[str, Any], name: str) -> str:
    named = [one["id"] for one in found["performers"] if one["name"].casefold() == name.casefold()]
    if len(named) != 1:
        who = ", ".join(clean(one["name"]) for one in found["performers"])
        give_up(ExitCode.NOT_FOUND, f"{quoted(name)} doesn't perform there; {who} do.")
    return str(named[0])


def _phase_command(name: str, words: str) -> click.Command:
    @click.command(name, help=words)
    @home_options
    @which_one
    @as_json
    def go_on(home: str | None, network: str, which: str | None, as_json: bool) -> None:
        with client_of(home, network) as client:
            found = _meant(client, which, is_mine=True)
            seen = client.post(f"/concerts/{found['id']}/phase", {"phase": PHASES[name]})
        _tell(seen, as_json)

    return go_on


concert.add_command(_phase_command("open", "Let everybody rate your concert."))
concert.add_command(_phase_command("lock", "Lock the ratings: nobody changes theirs any more."))
concert.add_command(_phase_command("reveal", "Show all ratings at once, and gather them."))
concert.add_command(_phase_command("close", "Make coins of what has been gathered, now."))


def _meant(client: Client, which: str | None, *, is_mine: bool = False) -> dict[str, Any]:
    """The concert that is meant; ends the program where that isn't clear."""
    known = client.get("/concerts")["concerts"]
    if which is not None:
        known = [one for one in known if _is_called(one, which.casefold())]
    concerts = [one for one in known if one["is_mine"] or not is_mine]
    if known and not concerts:
        who = ", ".join(sorted({clean(one["gatherer"]["name"]) for one in known}))
        give_up(ExitCode.REJECTED, f"Only who gathers a concert goes on with it: {who}.")
    if which is None and len(concerts) > 1:
        concerts = [one for one in concerts if one["phase"] != "closed"] or concerts[:1]
    if len(concerts) != 1:
        why = "There is no such concert." if not concerts else f"{len(concerts)} are on."
        give_up(ExitCode.NOT_FOUND, f"{why} See `{command('concert list', client.home)}`.")
    found: dict[str, Any] = concerts[0]
    return found


def _is_called(one: dict[str, Any], wanted: str) -> bool:
    return one["name"].casefold() == wanted or bool(one["id"].startswith(wanted))


def _tell(seen: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(seen))
    else:
        tell_concert(seen)
