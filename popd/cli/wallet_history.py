"""`popctl wallet history`, `export`, `career`: what came, what left, what was given and heard."""

import json
import os
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import click

from popd.cli.called import hint
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.people import chosen_person
from popd.cli.quoting import quoted

FILE: Final = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
FORMAT: Final = "popd statement 1"
STDOUT: Final = Path("-")


def moment(context: click.Context, parameter: click.Parameter, text: str | None) -> str:
    """A day or a moment in UTC, in milliseconds since 1970; raises BadParameter."""
    if text is None:
        return ""
    try:
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time
        time_ms = round(time.timestamp() * 1_000)
    except (ValueError, OverflowError):
        time_ms = -1
    if time_ms < 0:
        raise click.BadParameter(
            f"{quoted(text)} is no day like 2026-01-31 and no moment like 2026-01-31T20:00."
        )
    return str(time_ms)


def _span_options(function: Any) -> Any:
    """Adds --since and --until to a command."""
    for name, words in (("--until", "Before this day (UTC)."), ("--since", "From this day (UTC).")):
        function = click.option(name, callback=moment, help=words)(function)
    return function


@click.command()
@home_options
@_span_options
@click.option("--csv", "csv_file", type=FILE, help="Write a table for spreadsheets; - prints it.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def history(
    home: str | None, network: str, since: str, until: str, csv_file: Path | None, as_json: bool
) -> None:
    """Show what came to you and what left, line by line."""
    with client_of(home, network) as client:
        span = {"since": since, "until": until}
        if csv_file is not None:
            table = client.download("/wallet/history", format="csv", **span)
            _write(csv_file, table.decode())
            return
        found = client.get("/wallet/history", **span)
    if as_json:
        click.echo(json.dumps(found))
        return
    from popd.cli.wallet_tables import show_history  # here, because `popctl` must answer at once

    if found["lines"]:
        show_history(found)
    else:
        hint("Nothing came or left in that time. Play with people nearby: `popctl play`.")


@click.command()
@home_options
@_span_options
@click.argument("file", type=FILE)
def export(home: str | None, network: str, since: str, until: str, file: Path) -> None:
    """Write your statement to FILE as JSON, with whose it is and a digest; - prints it."""
    with client_of(home, network) as client:
        status = client.get("/status")
        found = client.get("/wallet/history", since=since, until=until)
    _write(file, json.dumps(exported(status, found), ensure_ascii=False, indent=1) + "\n")


def exported(status: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The statement behind a header.

    `digest` is BLAKE2b-256 of the lines as JSON with sorted names, no spaces, in UTF-8.
    """
    lines = found["lines"]
    written = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "format": FORMAT,
        "identity": status["identity"]["did"],
        "name": status["identity"]["name"],
        "network": status["network"],
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "ledger_digest": status["digest"],
        "digest": blake2b(written.encode(), digest_size=32).hexdigest(),
        "about": found["about"],
        "earlier_lines": found["more"],
        "lines": lines,
    }


@click.command()
@home_options
@click.argument("who", required=False)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def career(home: str | None, network: str, who: str | None, as_json: bool) -> None:
    """Show your concerts, or those of WHO: crowds, feelings, and what they made."""
    with client_of(home, network) as client:
        query = {} if who is None else {"of": chosen_person(client, who).hex()}
        found = client.get("/wallet/career", **query)
    if as_json:
        click.echo(json.dumps(found))
        return
    from popd.cli.wallet_tables import show_career  # here, because `popctl` must answer at once

    show_career(found)
    if not found["concerts"] and who is None:
        hint("Give one: `popctl concert start`.")


def _write(path: Path, text: str) -> None:
    """Writes a new file for its owner's eyes, or prints it; ends the program where that can't be.

    What is there already may be a keystore, or the only backup: it is never written over.
    """
    if path == STDOUT:
        click.echo(text, nl=False)
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        give_up(ExitCode.FAILED, f"{path} exists already and is not overwritten. Choose another.")
    except OSError as error:
        give_up(ExitCode.FAILED, f"{path} can't be written: {error.strerror}. Choose another.")
    click.echo(f"Written to {path}.")
