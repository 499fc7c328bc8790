"""Policies in files: read, checked before they are sent, and drafts that outlive an error."""

from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from popd.cli.called import command
from popd.cli.client import Client
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.quoting import quoted
from popd.config import Home
from wallet.private_files import create_private_file

if TYPE_CHECKING:
    from consensus.value.policy import Policy

MAX_READ: Final = 65_536
"""Bytes of a policy's file; the same bound as the node's."""
DRAFT: Final = "policy.draft.toml"
"""What is being written in the editor, next to the policy that counts."""


def policy_meant(client: Client, name_or_file: str) -> str:
    """The text of a ready-made policy, or of a file, that can be used; ends the program else."""
    ready: list[dict[str, Any]] = client.get("/value/policies")["policies"]
    wanted = name_or_file.casefold().replace("-", " ")
    toml: str | None = next(
        (one["toml"] for one in ready if one["name"].casefold() == wanted), None
    )
    if toml is None:
        toml = read_policy(name_or_file, [one["name"] for one in ready])
    usable(toml)
    return toml


def usable(toml: str, and_then: str = "") -> "Policy":
    """The policy that a text says, with a word on plug-ins that are missing here.

    Ends the program where it can't be used; `and_then` is said below the error.
    """
    from consensus.value.plugins import GROUP, OURS
    from consensus.value.policy_toml import parse_policy
    from consensus.value.toml_values import PolicyError

    try:
        found = parse_policy(toml)
    except PolicyError as error:
        give_up(ExitCode.REJECTED, f"{error}\n{and_then}".rstrip())
    installed = {*OURS, *(point.name for point in metadata.entry_points(group=GROUP))}
    for name in dict.fromkeys(use.name for use in found.plugins if use.name not in installed):
        click.echo(
            f"The plug-in {quoted(name)} is not installed here; until it is, it changes nothing.",
            err=True,
        )
    return found


def read_policy(file: str, names: list[str] | None = None) -> str:
    """A policy's text; ends the program where there is no such file, or it is no text."""
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MAX_READ + 1).decode("utf-8-sig")
    except FileNotFoundError:
        ready = f" Ready-made are: {', '.join(names)}." if names else ""
        give_up(ExitCode.NOT_FOUND, f"There is no file {quoted(file)}.{ready}")
    except UnicodeDecodeError:
        give_up(ExitCode.REJECTED, f"{quoted(file)} is no text. A policy is a TOML file.")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        give_up(ExitCode.FAILED, f"{quoted(file)} can't be read: {why}.")


def draft_of(home: Home) -> Path:
    """Where a home keeps what is being written."""
    return home.policy.with_name(DRAFT)


def edited(draft: Path, before: str) -> str | None:
    """What somebody made of a policy in the editor; None where nothing is to change.

    A draft that is there already is opened again. Ends the program where the editor failed.
    """
    if not draft.exists():
        create_private_file(draft, before.encode())
    try:
        click.edit(filename=str(draft))
    except click.ClickException as error:
        kept = _let_go(draft, before)
        give_up(ExitCode.FAILED, f"{error.format_message().rstrip('.')}. {kept}")
    if not draft.exists():
        give_up(ExitCode.FAILED, "The editor left no file. Nothing was changed.")
    after = read_policy(str(draft))
    if after.strip() and after != before:
        return after
    draft.unlink()
    return None


def how_to_go_on(home: Home) -> str:
    """Where the draft is, and what to do with it."""
    again = command("value policy edit", home)
    return f"What you wrote is kept in {draft_of(home)}. To correct it: `{again}`."


def _let_go(draft: Path, before: str) -> str:
    """Says what became of a draft after a failure: one that says nothing new is not kept."""
    if draft.exists() and draft.read_bytes() != before.encode():
        return f"What you wrote is kept in {draft}."
    draft.unlink(missing_ok=True)
    return "Nothing was changed."
