"""`popctl doctor`: what is wrong with the node, and what to do; works without a node as well."""

import json
import shutil
from collections.abc import Iterator
from typing import Any, Final

import click

from popd.cli.called import command, hint, start_words
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode
from popd.cli.processes import last_words, running
from popd.config import ConfigError, Home, home_at, load_settings

MARKS: Final = {"good": "✓", "note": "·", "problem": "✗"}
SCARCE_BYTES: Final = 50_000_000

Finding = dict[str, Any]


@click.command()
@home_options
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.pass_context
def doctor(context: click.Context, home: str | None, network: str, as_json: bool) -> None:
    """Look at everything, say what is wrong and what to do. Exits with 1 if there is a problem."""
    place = home_at(home, network)
    if running(place) is None:
        findings = list(_without_node(place, network))
    else:
        with client_of(home, network) as client:
            findings = client.get("/checkup")["findings"]
    is_healthy = all(finding["level"] != "problem" for finding in findings)
    if as_json:
        click.echo(json.dumps({"healthy": is_healthy, "findings": findings}))
    else:
        for finding in findings:
            _tell(finding)
    if not is_healthy:
        context.exit(ExitCode.FAILED)


def _tell(finding: Finding) -> None:
    click.echo(f"{MARKS[finding['level']]} {finding['subject']:<11} {finding['what']}")
    if finding["next"]:
        hint(f"{'':<14}{finding['next']}")


def _without_node(home: Home, network: str) -> Iterator[Finding]:
    """What can be seen while no node runs."""
    start = command(start_words(network), home)
    if not home.path.exists():
        yield _finding("problem", "Node", f"There is none in {home.path} yet.", f"Start: {start}")
        return
    yield _finding("problem", "Node", f"None runs in {home.path}.", f"Start it: {start}")
    words = home.path / "daemon.out"
    said = words.read_text(errors="replace").strip() if words.exists() else ""
    if said and not said.splitlines()[-1].startswith("ready"):
        yield _finding("note", "Last words", last_words(said), "")
    try:
        load_settings(home, {})
    except ConfigError as error:
        yield _finding("problem", "Settings", f"{error}.", f"Correct {home.config}.")
    else:
        yield _finding("good", "Settings", "They can be read.", "")
    if home.keys.keystore.exists():
        yield _finding("good", "Keys", "They are here.", "")
    else:
        yield _finding("note", "Keys", "There are none yet; the first start makes them.", "")
    free = shutil.disk_usage(home.path).free
    level = "problem" if free < SCARCE_BYTES else "good"
    advice = "Free some space." if level == "problem" else ""
    yield _finding(level, "Disk", f"{free / 1e6:,.0f} MB are free.", advice)


def _finding(level: str, subject: str, what: str, next_step: str) -> Finding:
    return {"level": level, "subject": subject, "what": what, "next": next_step}
