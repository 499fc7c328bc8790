"""`popctl wallet new|identities|use|passphrase|lock|unlock`: your keys."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from popd.cli.called import command, start_words
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.passphrases import chosen_passphrase, known_passphrase
from popd.cli.plurals import many
from popd.cli.processes import running
from popd.cli.secret_words import confirm_written_down
from popd.config import Home, home_at
from wallet.keyring import Keyring, random_keyring
from wallet.keystore import (
    change_passphrase,
    create_keystore,
    create_practice_keystore,
    open_keystore,
    read_passphrase_file,
)
from wallet.keystore_errors import KeystoreError
from wallet.mnemonic import words_from_seed
from wallet.os_keyring import forget_passphrase, remember_passphrase
from wallet.places import FIRST, KeyPlace, place_in_use, place_named, places_in, use_place
from wallet.private_files import create_private_file
from wallet.whose import identity_in, note_identity

DID_SHOWN: Final = 24
"""Characters of a did in a list; `did:key:z6Mk` is in each."""
UNKNOWN_DID: Final = "not known before these keys are opened once"
secret_file = click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="A private file with it."
)
words_file = click.option(
    "--words-file",
    type=click.Path(path_type=Path),
    help="A private file for the 24 words, instead of the terminal.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="One line of JSON.")


@contextmanager
def refusals() -> Iterator[None]:
    """Ends the program with the sentence of whatever the keystore refuses."""
    try:
        yield
    except KeystoreError as error:
        give_up(ExitCode.LOCKED, str(error))
    except OSError as error:
        give_up(ExitCode.FAILED, f"{error.filename or 'A file'}: {error.strerror or error}.")


@click.command()
@home_options
@click.argument("name", default=FIRST)
@secret_file
@words_file
@as_json
def new(
    home: str | None,
    network: str,
    name: str,
    passphrase_file: Path | None,
    words_file: Path | None,
    as_json: bool,
) -> None:
    """Make a new identity, and write its 24 words down.

    NAME is what you call it on this machine; nobody else learns it.
    """
    folder = home_at(home, network)
    with refusals():
        place = place_named(folder.path, name)
        check_free(folder, place, "wallet new")
        keyring = random_keyring()
        if words_file is None:
            confirm_written_down(keyring.identity_seed)
        else:
            text = f"{words_from_seed(keyring.identity_seed)}\n"
            create_private_file(words_file, text.encode())
        keep(place, keyring, chosen(network, passphrase_file))
    tell_made(folder, place, keyring, network, as_json, "made")


def check_free(folder: Home, place: KeyPlace, words: str) -> None:
    """Ends the program where a place has keys, and says whose; `words` go on with another name."""
    if not place.keystore.exists():
        return
    did = _did(place) or "an identity"
    otherwise = command(f"{words} NAME", folder)
    give_up(
        ExitCode.LOCKED,
        f"Keys of {did} are here already, as {place.name!r}, and are never overwritten. "
        f"Put others beside them under another name: `{otherwise}`.",
    )


def chosen(network: str, passphrase_file: Path | None) -> str:
    """Before anything is written: whoever gives up here leaves nothing behind."""
    return chosen_passphrase(passphrase_file, may_be_none=network == "practice")


def keep(place: KeyPlace, keyring: Keyring, passphrase: str) -> None:
    """Writes a keystore, without a passphrase that anybody chose where this one is empty."""
    if passphrase:
        create_keystore(place.keystore, keyring, passphrase)
    else:
        create_practice_keystore(place.folder, keyring)
    note_identity(place.folder, keyring)


def tell_made(
    folder: Home, place: KeyPlace, keyring: Keyring, network: str, is_json: bool, how: str
) -> None:
    """Says whose keys are there now, and how they are taken up."""
    did = to_did(IdentityId(public_key(keyring.identity_seed)))
    if is_json:
        click.echo(json.dumps({"name": place.name, "did": did, "how": how}))
        return
    click.echo(f"Your identity {place.name!r} is {how}:\n  {did}")
    if place != place_in_use(folder.path):
        click.echo(f"Take it up with `{command(f'wallet use {place.name}', folder)}`.")
    else:
        click.echo(f"Start its node with `{command(start_words(network), folder)}`.")


@click.command()
@home_options
@as_json
def identities(home: str | None, network: str, as_json: bool) -> None:
    """List the identities that have keys on this machine."""
    folder = home_at(home, network)
    with refusals():
        in_use, places = place_in_use(folder.path), places_in(folder.path)
    if as_json:
        rows = [
            {"name": place.name, "active": place == in_use, "did": _did(place)} for place in places
        ]
        click.echo(json.dumps({"identities": rows}))
        return
    width = max((len(place.name) for place in places), default=0)
    for place in places:
        did = _did(place)
        whose = UNKNOWN_DID if did is None else f"{did[:DID_SHOWN]}…"
        click.echo(f"{'*' if place == in_use else ' '} {place.name:<{width}}  {whose}")
    if not places:
        click.echo(f"None yet. Make one: `{command('wallet new', folder)}`.")


def _did(place: KeyPlace) -> str | None:
    identity = identity_in(place)
    return None if identity is None else to_did(identity)


@click.command()
@home_options
@click.argument("name")
def use(home: str | None, network: str, name: str) -> None:
    """Take up another identity of this machine.

    Its node opens it from its next start on.
    """
    folder = home_at(home, network)
    with refusals():
        use_place(folder.path, place_named(folder.path, name))
    click.echo(f"From now on {name!r} is used.")
    if running(folder) is not None:
        click.echo(
            f"The node still runs for the other one: `{command('down', folder)}`, then "
            f"`{command(start_words(network), folder)}`."
        )


@click.command()
@home_options
@click.option("--new-file", type=click.Path(path_type=Path), help="A private file with the new.")
@secret_file
def passphrase(
    home: str | None, network: str, new_file: Path | None, passphrase_file: Path | None
) -> None:
    """Change the passphrase of your keys, or give them one."""
    place = home_at(home, network).keys
    with refusals():
        if place.passphrase.exists() and passphrase_file is None:
            before = read_passphrase_file(place.passphrase)
        else:
            before = known_passphrase(passphrase_file, "The passphrase until now: ")
        note_identity(place.folder, open_keystore(place.keystore, before))
        after = chosen_passphrase(new_file, may_be_none=False)
        change_passphrase(place.keystore, before, after)
        place.passphrase.unlink(missing_ok=True)
        _forget(place)
    click.echo("From now on the new passphrase opens your keys. Older backups keep the old one.")


def _forget(place: KeyPlace) -> None:
    try:
        forget_passphrase(place.keystore)
    except KeystoreError:
        return  # nothing can be kept where no keyring can be asked


@click.command()
@home_options
@click.option(
    "--after", "after_s", type=click.IntRange(0, 2_592_000), help="Seconds without a command."
)
@as_json
def lock(home: str | None, network: str, after_s: int | None, as_json: bool) -> None:
    """Lock your keys: nothing is signed meanwhile.

    With --after they lock themselves; 0 for never. (Kept in config.toml: lock_after_s.)
    """
    with client_of(home, network) as client:
        if after_s is None:
            state = client.post("/wallet/lock")
        else:
            state = client.put("/wallet/locking", {"lock_after_s": after_s})
    if as_json:
        click.echo(json.dumps(state))
    elif after_s is None:
        unlock = command("wallet unlock", home_at(home, network))
        click.echo(f"Locked. What is to be written waits until `{unlock}`.")
    else:
        seconds = many(after_s, "second")
        never = "They don't lock themselves."
        click.echo(f"They lock after {seconds} without a command." if after_s else never)


@click.command()
@home_options
@click.option("--remember", is_flag=True, help="Keep the passphrase in the system's keyring.")
@click.option("--forget", is_flag=True, help="Take it out of the system's keyring again.")
@secret_file
@as_json
def unlock(
    home: str | None,
    network: str,
    remember: bool,
    forget: bool,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Unlock your keys with their passphrase."""
    with refusals(), client_of(home, network) as client:
        state, place = client.get("/wallet"), home_at(home, network).keys
        if forget:
            forget_passphrase(place.keystore)
        typed = known_passphrase(passphrase_file) if state["has_passphrase"] else ""
        state = client.post("/wallet/unlock", {"passphrase": typed})
        if remember and typed:
            remember_passphrase(place.keystore, typed)
    click.echo(json.dumps(state) if as_json else "Unlocked.")
