"""`popctl store`: what the node keeps of whom and why, and whom to keep in any case."""

import json
from typing import Any, Final

import click

from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean

UNITS: Final = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))
TIER_NAMES: Final = {
    "own_and_path": "yours",
    "trusted": "trusted",
    "named": "named",
    "strangers": "strangers",
}


@click.group()
def store() -> None:
    """What the node keeps of whom, and why."""


@store.command()
@home_options
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def status(home: str | None, network: str, as_json: bool) -> None:
    """Show what is kept and why, what did not fit, and what to do then."""
    with client_of(home, network) as client:
        state = client.get("/store")
    if as_json:
        click.echo(json.dumps(state))
        return
    click.echo("\n".join(_told(state)))


@store.command()
@home_options
@click.argument("person")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def pin(home: str | None, network: str, person: str, as_json: bool) -> None:
    """Keep everything of PERSON (a did:key or 64 hexadecimal digits), whoever else finds room."""
    with client_of(home, network) as client:
        answer = client.post("/store/pins", {"person": person})
    _tell_pins(answer, as_json)


@store.command()
@home_options
@click.argument("person")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def unpin(home: str | None, network: str, person: str, as_json: bool) -> None:
    """Treat PERSON (a did:key or 64 hexadecimal digits) as anybody else again."""
    if "/" in person or not person.isprintable():
        give_up(ExitCode.USAGE, "A person is a did:key or 64 hexadecimal digits.")
    with client_of(home, network) as client:
        answer = client.delete(f"/store/pins/{person}")
    _tell_pins(answer, as_json)


def _tell_pins(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer))
        return
    pinned = answer["pinned"]
    click.echo("Everything is kept of:" if pinned else "Nobody is pinned.")
    for person in pinned:
        click.echo(f"  {clean(person['name'])}  {person['id']}")


def _told(state: dict[str, Any]) -> list[str]:
    blobs, file = state["blobs"], state["file"]
    data = f"{blobs['count']}, {size(blobs['bytes'])} of {size(blobs['bound_bytes'])}"
    return [
        f"Entries    {size(state['kept_bytes'])} of {size(state['store_bytes'])}",
        *(_tier_line(tier) for tier in state["tiers"]),
        f"Charts and evidence   {data}",
        f"File on disk          {size(file['bytes'])}, {size(file['free_bytes'])} of it free",
        *(f"Pinned     {clean(person['name'])}  {person['id']}" for person in state["pinned"]),
        *_strangers_told(state),
    ]


def _tier_line(tier: dict[str, Any]) -> str:
    used = f"{tier['used_ppm'] / 10_000:.1f} % of {size(tier['bound_bytes'])}"
    people = f"{tier['authors']} people, " if tier["tier"] != "named" else ""
    name = TIER_NAMES.get(tier["tier"], tier["tier"])
    count = f"{people}{tier['entries']} entries, {size(tier['bytes'])} ({used})"
    return f"  {name:<10} {count}\n             {tier['why']}"


def _strangers_told(state: dict[str, Any]) -> list[str]:
    if state["roomy"] and not state["declined"]:
        return ["There is room: everybody is kept whole."]
    evicted = state["evicted_entries"]
    return [
        "Strangers, by who brought them first:",
        *(_brought(one, one["peer"][:16], state["peer_bound_bytes"]) for one in state["peers"]),
        *(_brought(one, "all of", state["subnet_bound_bytes"]) for one in state["subnets"]),
        *([f"Let go since the start: {evicted} entries."] if evicted else []),
        *(
            f"Not kept whole now: {one['authors']} people. {one['why']}"
            for one in state["declined"]
        ),
        *(f"Next: {step}" for step in state["next"]),
    ]


def _brought(one: dict[str, Any], who: str, bound: int) -> str:
    place = one["subnet"] or "somewhere"
    share = f"{one['authors']} people, {size(one['bytes'])} of {size(bound)}"
    return f"  {who or 'before the start':<17} {place:<20} {share}"


def size(count: int) -> str:
    """A number of bytes as people say it."""
    for unit, name in UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"
