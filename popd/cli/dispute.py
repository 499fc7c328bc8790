"""`popctl dispute`: stakes, reports, parting from people and making up, and the map of phases."""

import json
from typing import Any, Final

import click

from consensus.identifiers import IdentityId, to_did
from popd.cli.called import command
from popd.cli.client import client_of, home_options
from popd.cli.dispute_map import map_lines
from popd.cli.dispute_told import listed, matching, previewed, shown
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.wallet import UJAM_PER_JAM, chosen_lot, jam, person

REPORT_REASONS: Final = ("not_played_live", "copied", "false_witness", "stolen", "other")
DIVERGE_REASONS: Final = ("unfair_play", "false_witness", "moved_twice", "stolen", "other")
AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")


@click.group()
def dispute() -> None:
    """Stakes, reports, parting from people, and what forks mean to you."""


@dispute.command(name="list")
@home_options
@AS_JSON
def list_disputes(home: str | None, network: str, as_json: bool) -> None:
    """List everything that is disputed around you."""
    with client_of(home, network) as client:
        found = client.get("/disputes")
    if as_json:
        click.echo(json.dumps(found))
        return
    lines = listed(found)
    click.echo("\n".join(lines) if lines else "Nothing around you is disputed.")


@dispute.command()
@home_options
@click.argument("beginning")
@AS_JSON
def show(home: str | None, network: str, beginning: str, as_json: bool) -> None:
    """Show one dispute in full: the stake, block, person or lot whose id begins so."""
    with client_of(home, network) as client:
        found = matching(client.get("/disputes"), beginning)
    if not found:
        give_up(
            ExitCode.NOT_FOUND,
            f"Nothing disputed begins with {beginning!r}. See `{command('dispute list')}`.",
        )
    if as_json:
        click.echo(json.dumps([{"kind": kind, **one} for kind, one in found]))
        return
    click.echo("\n\n".join("\n".join(shown(kind, one)) for kind, one in found))


@dispute.command()
@home_options
@click.argument("lot")
@click.option("--amount", "amount_ujam", type=jam, required=True, help="How many JAM.")
@AS_JSON
def stake(home: str | None, network: str, lot: str, amount_ujam: int, as_json: bool) -> None:
    """Put part of a LOT at stake: locked for a while, burnt if your chain moves a lot twice."""
    with client_of(home, network) as client:
        whole = chosen_lot(client.get("/purse")["coins"], lot)
        answer = client.post("/stake", {"lot": whole, "amount_ujam": amount_ujam})
    amount = f"{amount_ujam / UJAM_PER_JAM:.6f} JAM"
    _tell(answer, as_json, f"{amount} are at stake as {answer['entry'][:16]}….")


@dispute.command()
@home_options
@click.argument("beginning")
@AS_JSON
def unstake(home: str | None, network: str, beginning: str, as_json: bool) -> None:
    """Take the stake back whose id begins so."""
    with client_of(home, network) as client:
        stakes = [one["stake"] for one in client.get("/disputes")["stakes"]]
        found = [one for one in stakes if beginning and one.startswith(beginning.lower())]
        if len(found) != 1:
            give_up(
                ExitCode.NOT_FOUND,
                f"{len(found)} stakes of yours begin with {beginning!r}. "
                f"See `{command('dispute list')}`.",
            )
        answer = client.post("/unstake", {"stake": found[0]})
    _tell(answer, as_json, "Your stake comes back into your purse.")


@dispute.command()
@home_options
@click.argument("block")
@click.option("--reason", type=click.Choice(REPORT_REASONS), required=True, help="What is wrong.")
@AS_JSON
def report(home: str | None, network: str, block: str, reason: str, as_json: bool) -> None:
    """Say that a BLOCK (its id, 64 hex digits) is not what it seems. It moves no coin."""
    with client_of(home, network) as client:
        answer = client.post("/report", {"block": block, "reason": reason})
    _tell(answer, as_json, "Reported: its coins are worth nothing to you.")


@dispute.command()
@home_options
@click.argument("who", type=person)
@click.option("--reason", type=click.Choice(DIVERGE_REASONS), required=True, help="Why.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@AS_JSON
def diverge(
    home: str | None, network: str, who: IdentityId, reason: str, yes: bool, as_json: bool
) -> None:
    """Part from WHO (did:key:… or hex); says first what follows, and asks once."""
    with client_of(home, network) as client:
        if not (yes or as_json):
            preview = client.get("/disputes/preview", diverge=who.hex())
            click.echo("\n".join(previewed(preview)))
            click.confirm("Diverge?", abort=True)
        answer = client.post("/diverge", {"person": who.hex(), "reason": reason})
    back = command(f"dispute reconcile {to_did(who)}")
    _tell(answer, as_json, f"You have diverged. Take it back with `{back}`.")


@dispute.command()
@home_options
@click.argument("who", type=person)
@AS_JSON
def reconcile(home: str | None, network: str, who: IdentityId, as_json: bool) -> None:
    """Take the divergence from WHO back."""
    with client_of(home, network) as client:
        answer = client.post("/reconcile-with", {"person": who.hex()})
    _tell(answer, as_json, "You are together again, as far as you are concerned.")


@dispute.command(name="map")
@home_options
@AS_JSON
def show_map(home: str | None, network: str, as_json: bool) -> None:
    """Draw who belongs together, and who has parted from whom."""
    with client_of(home, network) as client:
        found = client.get("/disputes/map")
    click.echo(json.dumps(found) if as_json else "\n".join(map_lines(found)))


def _tell(answer: dict[str, Any], as_json: bool, words: str) -> None:
    click.echo(json.dumps(answer) if as_json else words)
