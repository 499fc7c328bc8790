"""`popctl dispute`: stakes, reports, parting from people and making up, and the map of phases."""

import json
import re
from typing import Any, Final

import click

from consensus.identifiers import to_did
from popd.cli.arguments import jam
from popd.cli.called import command
from popd.cli.client import Client, client_of, home_options
from popd.cli.dispute_map import map_lines
from popd.cli.dispute_told import listed, matching, previewed, shown
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby import chosen_block
from popd.cli.nearby_words import REPORTED, REPORTS, report_preview
from popd.cli.people import chosen_person
from popd.cli.quoting import quoted
from popd.cli.wallet_coins import chosen_lot
from wallet.amounts import UJAM_PER_JAM

BLOCK_ID: Final = re.compile("[0-9a-fA-F]{64}")
DIVERGE_REASONS: Final = ("unfair_play", "false_witness", "moved_twice", "stolen", "other")
AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")


def _not_empty(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value:
        raise click.BadParameter("give the first digits of its id.")
    return value


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
            f"Nothing disputed begins with {quoted(beginning)}. See `{command('dispute list')}`.",
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
@click.argument("beginning", callback=_not_empty)
@AS_JSON
def unstake(home: str | None, network: str, beginning: str, as_json: bool) -> None:
    """Take the stake back whose id begins so."""
    with client_of(home, network) as client:
        stakes = [one["stake"] for one in client.get("/disputes")["stakes"]]
        found = [one for one in stakes if one.startswith(beginning.lower())]
        step = f"See `{command('dispute list', client.home)}`."
        if not found:
            why = f"You have nothing at stake whose id begins with {quoted(beginning)}."
            give_up(ExitCode.NOT_FOUND, f"{why} {step}")
        if len(found) > 1:
            why = f"{len(found)} stakes of yours begin with {quoted(beginning)}."
            give_up(ExitCode.NOT_FOUND, f"{why} Give more digits. {step}")
        answer = client.post("/unstake", {"stake": found[0]})
    _tell(answer, as_json, "Your stake comes back into your purse.")


@dispute.command()
@home_options
@click.argument("block")
@click.option("--reason", type=click.Choice(list(REPORTS)), required=True, help="What is wrong.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@AS_JSON
def report(
    home: str | None, network: str, block: str, reason: str, yes: bool, as_json: bool
) -> None:
    """Say that a BLOCK is not what it seems; says first what follows, and asks once.

    The first digits are enough for a block that was reported before, or that you were drawn for.
    """
    with client_of(home, network) as client:
        found = _block_meant(client, block)
        if not (yes or as_json):
            click.echo(report_preview(found["performer"], reason))
            click.confirm("Report it?", abort=True)
        answer = client.post("/report", {"block": found["block"], "reason": reason})
    _tell(answer, as_json, REPORTED)


@dispute.command()
@home_options
@click.argument("who")
@click.option("--reason", type=click.Choice(DIVERGE_REASONS), required=True, help="Why.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@AS_JSON
def diverge(
    home: str | None, network: str, who: str, reason: str, yes: bool, as_json: bool
) -> None:
    """Part from WHO: the beginning of a name, of a did:key:… or of its hex digits.

    Says first what follows, and asks once.
    """
    with client_of(home, network) as client:
        other = chosen_person(client, who)
        if not (yes or as_json):
            preview = client.get("/disputes/preview", diverge=other.hex())
            click.echo("\n".join(previewed(preview)))
            click.confirm("Diverge?", abort=True)
        answer = client.post("/diverge", {"person": other.hex(), "reason": reason})
    back = command(f"dispute reconcile {to_did(other)}")
    _tell(answer, as_json, f"You have diverged. Take it back with `{back}`.")


@dispute.command()
@home_options
@click.argument("who")
@AS_JSON
def reconcile(home: str | None, network: str, who: str, as_json: bool) -> None:
    """Take the divergence from WHO back: a name or key, as for diverge."""
    with client_of(home, network) as client:
        other = chosen_person(client, who)
        answer = client.post("/reconcile-with", {"person": other.hex()})
    _tell(answer, as_json, "You are together again, as far as you are concerned.")


@dispute.command(name="map")
@home_options
@AS_JSON
def show_map(home: str | None, network: str, as_json: bool) -> None:
    """Draw who belongs together, and who has parted from whom."""
    with client_of(home, network) as client:
        found = client.get("/disputes/map")
    click.echo(json.dumps(found) if as_json else "\n".join(map_lines(found)))


def _block_meant(client: Client, block: str) -> dict[str, Any]:
    """A block that the node knows of by its beginning, or any one by its whole id."""
    near = client.get("/nearby")
    known = [*near["duties"], *near["attested"], *client.get("/disputes")["reports"]]
    same = [one for one in known if one["block"] == block.lower()]
    if not same and BLOCK_ID.fullmatch(block):
        return {"block": block.lower(), "performer": None}
    return same[0] if same else chosen_block(known, block, client, "log")


def _tell(answer: dict[str, Any], as_json: bool, words: str) -> None:
    click.echo(json.dumps(answer) if as_json else words)
