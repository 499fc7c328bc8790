"""`popctl value policy`: what counts for you, as a file that you can read, change and share."""

import json
import shlex
from typing import Any

import click

from popd.cli.called import command
from popd.cli.client import client_of, home_options
from popd.cli.nearby_words import clean
from popd.cli.plurals import many
from popd.cli.value_policy_files import (
    draft_of,
    edited,
    how_to_go_on,
    policy_meant,
    read_policy,
    usable,
)
from wallet.amounts import UJAM_PER_JAM

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
        kept = client.put("/value/policy", {"toml": policy_meant(client, name_or_file)})
    click.echo(json.dumps(kept) if as_json else f"“{clean(kept['name'])}” counts for you now.")


@policy.command()
@home_options
def edit(home: str | None, network: str) -> None:
    """Change what counts for you in your editor (VISUAL or EDITOR).

    What can't be used is kept as a draft, which opens again next time; save an empty file to let
    it go.
    """
    with client_of(home, network) as client:
        found, draft = client.get("/value/policy"), draft_of(client.home)
        is_broken = found["trouble"] and client.home.policy.exists()
        before = read_policy(str(client.home.policy)) if is_broken else found["toml"]
        after = edited(draft, before)
        if after is None:
            click.echo("Nothing was changed.")
            return
        usable(after, how_to_go_on(client.home))
        kept = client.put("/value/policy", {"toml": after})
        draft.unlink(missing_ok=True)
    click.echo(f"“{clean(kept['name'])}” counts for you now.")


@policy.command()
@click.argument("file")
@json_option
def check(file: str, as_json: bool) -> None:
    """Say whether FILE is a policy that can be used; needs no node."""
    found = usable(read_policy(file))
    rules, plugins = len(found.rules), len(found.plugins)
    if as_json:
        click.echo(json.dumps({"name": found.name, "rules": rules, "plugins": plugins}))
        return
    click.echo(f"“{found.name}” can be used: {many(rules, 'rule')}, {many(plugins, 'plug-in')}.")


@policy.command()
@home_options
@click.argument("name_or_file")
@json_option
def preview(home: str | None, network: str, name_or_file: str, as_json: bool) -> None:
    """Show what NAME_OR_FILE would do to your purse; nothing is changed."""
    with client_of(home, network) as client:
        shown = client.post("/value/policy/preview", {"toml": policy_meant(client, name_or_file)})
    if as_json:
        click.echo(json.dumps(shown))
        return
    click.echo("\n".join(_previewed(shown, name_or_file)))


def _previewed(shown: dict[str, Any], name_or_file: str) -> list[str]:
    before, after = shown["before_ujam"] / UJAM_PER_JAM, shown["after_ujam"] / UJAM_PER_JAM
    changed = [one for one in shown["coins"] if one["before_ujam"] != one["after_ujam"]]
    use_it = command(f"value policy use {shlex.quote(name_or_file)}")
    return [
        f"Your purse would be worth {after:.3f} to you instead of {before:.3f}.",
        *(_change(one) for one in shown["changes"]),
        *(_coin(one) for one in changed[:SHOWN]),
        f"{many(shown['changed'], 'coin')} would change. To use it: `{use_it}`.",
    ]


def _change(one: dict[str, Any]) -> str:
    change = one["change_ujam"] / UJAM_PER_JAM
    return f"  {change:+9.3f} by {one['words']} ({many(one['coins'], 'coin')})"


def _coin(one: dict[str, Any]) -> str:
    before, after = one["before_ujam"] / UJAM_PER_JAM, one["after_ujam"] / UJAM_PER_JAM
    return f"  {one['lot'][:16]}  {before:.3f} -> {after:.3f}"
