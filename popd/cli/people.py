"""Somebody whom the node knows, by name or by the beginning of a key."""

from typing import Any, Final

import click

from consensus.identifiers import IdentityId, to_did
from popd.cli.arguments import person
from popd.cli.called import command
from popd.cli.client import Client
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.nearby_words import clean
from popd.cli.quoting import quoted

KEY_LENGTH: Final = len(to_did(IdentityId(bytes(32))).removeprefix("did:key:"))
"""Characters of a did:key behind `did:key:`."""
DID_SHOWN: Final = 20
"""Characters of a did:key; the first twelve are the same for everybody."""


def chosen_person(client: Client, who: str) -> IdentityId:
    """Who is meant; ends the program where nobody or several are.

    `who` is a did:key, with or without `did:key:`, or 64 hex digits, the beginning of one of
    them, or of a name.
    """
    try:
        return person(f"did:key:{who}" if len(who) == KEY_LENGTH else who)
    except click.BadParameter:
        if len(who) >= len(to_did(IdentityId(bytes(32)))) or not who.strip():
            raise click.BadParameter(
                f"{quoted(who)} is nobody's key; give a did:key:…, 64 hex digits, or a name."
            ) from None
    known = [one for one in client.get("/disputes/map")["people"] if not one["is_me"]]
    wanted = who.casefold()
    found = [one for one in known if one["name"].casefold() == wanted]
    found = found or [one for one in known if _begins(one, who)]
    if len(found) == 1:
        return IdentityId(bytes.fromhex(found[0]["id"]))
    step = command("trust map", client.home)
    if not found:
        naming = command("people name DID NAME", client.home)
        give_up(
            ExitCode.NOT_FOUND,
            f"Nobody known here begins with {quoted(who)}: what people call themselves is known of "
            f"those who are connected to this device. Give their did:key:… instead, or a name of "
            f"yours with `{naming}`. Who is known: `{step}`.",
        )
    keys = ", ".join(map(named, found[:3]))
    give_up(
        ExitCode.NOT_FOUND,
        f"{len(found)} people begin with {quoted(who)}: {keys}. Give more of the key.",
    )


def named(one: dict[str, Any]) -> str:
    """A person's name and the beginning of their did:key."""
    return f"{clean(one['name'])} ({to_did(IdentityId(bytes.fromhex(one['id'])))[:DID_SHOWN]}…)"


def _begins(one: dict[str, Any], who: str) -> bool:
    did = to_did(IdentityId(bytes.fromhex(one["id"])))
    by_key = did.startswith((who, f"did:key:{who}")) or one["id"].startswith(who.lower())
    return by_key or bool(one["name"].casefold().startswith(who.casefold()))
