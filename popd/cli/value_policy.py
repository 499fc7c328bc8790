"""`popctl value policy`: what counts for you, as a file that you can read, change and share."""

import json
from pathlib import Path
from typing import Any

import click

from popd.cli.called import command
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean
from popd.cli.quoting import quoted
from popd.cli.wallet import UJAM_PER_JAM

MAX_READ = 65_536
"""Bytes of a policy's file; the same bound as the node's."""
SHOWN = 12
"""Coins of a preview that are listed."""

json_option = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")


@click.group()
def policy() -> None:
    """What counts for you, when coins are valued."""


@policy.command()
@home_options
@json_option
def show(home: str | None, network: str, as_json: bool) -> None:
    """Show what counts for you now, as TOML."""
    with client_of(home, network) as client:
        found = client.get("/value/policy")
    if found["trouble"]:
        click.echo(found["trouble"], err=True)
    click.echo(json.dumps(found) if as_json else found["toml"].rstrip("\n"))


@policy.command(name="list")
@home_options
@json_option
def list_policies(home: str | None, network: str, as_json: bool) -> None:
    """List the ready-made policies and the plug-ins that are installed."""
    with client_of(home, network) as client:
        found = client.get("/value/policies")
    if as_json:
        click.echo(json.dumps(found))
        return
    for one in found["policies"]:
        click.echo(f"{one['name']}\n    {one['about']}")
    click.echo(f"Plug-ins: {', '.join(map(clean, found['plugins']))}")


@policy.command()
@home_options
@click.argument("name_or_file")
@json_option
def use(home: str | None, network: str, name_or_file: str, as_json: bool) -> None:
    """Let NAME_OR_FILE count for you: a ready-made policy, or a TOML file."""
    with client_of(home, network) as client:
        ready = client.get("/value/policies")["policies"]
        wanted = name_or_file.casefold().replace("-", " ")
        toml = next((one["toml"] for one in ready if one["name"].casefold() == wanted), None)
        if toml is None:
            toml = _read(name_or_file, [one["name"] for one in ready])
        kept = client.put("/value/policy", {"toml": toml})
    click.echo(json.dumps(kept) if as_json else f"“{clean(kept['name'])}” counts for you now.")


@policy.command()
@home_options
def edit(home: str | None, network: str) -> None:
    """Change what counts for you in your editor (VISUAL or EDITOR)."""
    with client_of(home, network) as client:
        before = client.get("/value/policy")["toml"]
        after = click.edit(before, extension=".toml")
        if after is None or after == before:
            click.echo("Nothing was changed.")
            return
        kept = client.put("/value/policy", {"toml": after})
    click.echo(f"“{clean(kept['name'])}” counts for you now.")


@policy.command()
@click.argument("file")
@json_option
def check(file: str, as_json: bool) -> None:
    """Say whether FILE is a policy that can be used; needs no node."""
    from consensus.value.policy_toml import parse_policy
    from consensus.value.toml_values import PolicyError

    text = _read(file)
    try:
        found = parse_policy(text)
    except PolicyError as error:
        give_up(ExitCode.REJECTED, str(error))
    rules, plugins = len(found.rules), len(found.plugins)
    if as_json:
        click.echo(json.dumps({"name": found.name, "rules": rules, "plugins": plugins}))
        return
    click.echo(f"“{found.name}” can be used: {rules} rules, {plugins} plug-ins.")


@policy.command()
@home_options
@click.argument("file")
@json_option
def preview(home: str | None, network: str, file: str, as_json: bool) -> None:
    """Show what FILE would do to your purse; nothing is changed."""
    with client_of(home, network) as client:
        shown = client.post("/value/policy/preview", {"toml": _read(file)})
    if as_json:
        click.echo(json.dumps(shown))
        return
    click.echo("\n".join(_previewed(shown, file)))


def _previewed(shown: dict[str, Any], file: str) -> list[str]:
    before, after = shown["before_ujam"] / UJAM_PER_JAM, shown["after_ujam"] / UJAM_PER_JAM
    changed = [one for one in shown["coins"] if one["before_ujam"] != one["after_ujam"]]
    use_it = command(f"value policy use {file}")
    return [
        f"Your purse would be worth {after:.3f} to you instead of {before:.3f}.",
        *(_change(one) for one in shown["changes"]),
        *(_coin(one) for one in changed[:SHOWN]),
        f"{shown['changed']} coins would change. To use it: `{use_it}`.",
    ]


def _change(one: dict[str, Any]) -> str:
    return f"  {one['change_ujam'] / UJAM_PER_JAM:+9.3f} by {one['words']} ({one['coins']} coins)"


def _coin(one: dict[str, Any]) -> str:
    before, after = one["before_ujam"] / UJAM_PER_JAM, one["after_ujam"] / UJAM_PER_JAM
    return f"  {one['lot'][:16]}  {before:.3f} -> {after:.3f}"


def _read(file: str, names: list[str] | None = None) -> str:
    """A policy's text; ends the program where there is no such file, or it is no text."""
    path = Path(file)
    try:
        with path.open("rb") as opened:
            data = opened.read(MAX_READ + 1)
        return data.decode()
    except FileNotFoundError:
        ready = f" Ready-made are: {', '.join(names)}." if names else ""
        give_up(ExitCode.NOT_FOUND, f"There is no file {quoted(file)}.{ready}")
    except UnicodeDecodeError:
        give_up(ExitCode.REJECTED, f"{quoted(file)} is no text. A policy is a TOML file.")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        give_up(ExitCode.FAILED, f"{quoted(file)} can't be read: {why}.")
