"""`popctl wallet new|restore|identities|use|passphrase|backup|verify|lock|unlock`: your keys."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from consensus.encoding import encode
from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from popd.cli.called import command, start_words
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.passphrases import chosen_passphrase, known_passphrase
from popd.cli.plurals import many
from popd.cli.processes import running
from popd.cli.secret_words import confirm_written_down, typed_seed
from popd.config import Home, home_at
from wallet.backup import MAX_BACKUP_BYTES, Contents, check_chain, opened_backup
from wallet.keyring import Keyring, keyring_of, random_keyring
from wallet.keystore import (
    change_passphrase,
    create_keystore,
    create_practice_keystore,
    open_keystore,
    read_passphrase_file,
)
from wallet.keystore_errors import KeystoreError
from wallet.mnemonic import MnemonicError, seed_from_words, words_from_seed
from wallet.os_keyring import forget_passphrase, remember_passphrase
from wallet.places import FIRST, KeyPlace, place_in_use, place_named, places_in, use_place
from wallet.private_files import check_absent, create_private_file, read_private_file

MAX_WORDS_BYTES: Final = 1_024
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
        check_absent(place.keystore)
        keyring = random_keyring()
        if words_file is None:
            confirm_written_down(keyring.identity_seed)
        else:
            text = f"{words_from_seed(keyring.identity_seed)}\n"
            create_private_file(words_file, text.encode())
        _keep(place, keyring, _chosen(network, passphrase_file))
    _tell_made(folder, place, keyring, network, as_json, "made")


@click.command()
@home_options
@click.argument("name", default=FIRST)
@click.option("--from", "backup", type=click.Path(path_type=Path), help="A backup file.")
@secret_file
@words_file
@as_json
def restore(
    home: str | None,
    network: str,
    name: str,
    backup: Path | None,
    passphrase_file: Path | None,
    words_file: Path | None,
    as_json: bool,
) -> None:
    """Bring an identity back from its 24 words, or from a backup.

    Its node then asks three others how far its chain came before it writes on.
    """
    folder = home_at(home, network)
    with refusals():
        place = place_named(folder.path, name)
        check_absent(place.keystore)
        if backup is not None:
            keyring = _from_backup(folder, place, backup, network, passphrase_file)
        else:
            seed = typed_seed() if words_file is None else _seed_in(words_file)
            keyring = keyring_of(seed)
            passphrase = _chosen(network, passphrase_file)
            _mark_restored(place, ())
            _keep(place, keyring, passphrase)
    _tell_made(folder, place, keyring, network, as_json, "restored")


def _seed_in(words_file: Path) -> bytes:
    words = read_private_file(words_file, MAX_WORDS_BYTES).decode(errors="replace")
    try:
        return seed_from_words(words)
    except MnemonicError as error:
        give_up(ExitCode.FAILED, f"{words_file}: {error} Nothing was restored.")


def _chosen(network: str, passphrase_file: Path | None) -> str:
    """Before anything is written: whoever gives up here leaves nothing behind."""
    return chosen_passphrase(passphrase_file, may_be_none=network == "practice")


def _keep(place: KeyPlace, keyring: Keyring, passphrase: str) -> None:
    if passphrase:
        create_keystore(place.keystore, keyring, passphrase)
    else:
        create_practice_keystore(place.folder, keyring)


def _mark_restored(place: KeyPlace, wires: tuple[bytes, ...]) -> None:
    """Before the keys are there: a node must never write with them as if nothing had been."""
    place.restored.unlink(missing_ok=True)
    create_private_file(place.restored, encode(wires))


def _from_backup(
    folder: Home, place: KeyPlace, backup: Path, network: str, passphrase_file: Path | None
) -> Keyring:
    data = _read_backup(backup)
    passphrase = known_passphrase(passphrase_file, "Passphrase of the backup: ")
    keyring, keystore, contents = opened_backup(data, passphrase)
    if contents.network != network:
        give_up(
            ExitCode.USAGE,
            f"That backup is of the network {contents.network!r}. Add --network "
            f"{contents.network}.",
        )
    _mark_restored(place, contents.wires)
    create_private_file(place.keystore, keystore)
    for path in folder.private:
        if path.name in contents.files and not path.exists():
            create_private_file(path, contents.files[path.name])
    return keyring


def _tell_made(
    folder: Home, place: KeyPlace, keyring: Keyring, network: str, is_json: bool, how: str
) -> None:
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
        rows = [{"name": place.name, "active": place == in_use} for place in places]
        click.echo(json.dumps({"identities": rows}))
        return
    for place in places:
        click.echo(f"{'*' if place == in_use else ' '} {place.name}")
    if not places:
        click.echo(f"None yet. Make one: `{command('wallet new', folder)}`.")


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
        open_keystore(place.keystore, before)
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
@click.argument("file", type=click.Path(path_type=Path))
def backup(home: str | None, network: str, file: Path) -> None:
    """Write a backup into FILE.

    Keys, chain, and what counts for you, all under your passphrase.
    """
    folder = home_at(home, network)
    with refusals():
        if folder.keys.passphrase.exists():
            give_up(
                ExitCode.LOCKED,
                "Your keys have no passphrase, so a backup would protect nothing. Give them one: "
                f"`{command('wallet passphrase', folder)}`.",
            )
        with client_of(home, network) as client:
            data = client.download("/wallet/backup")
        create_private_file(file, data)
    size = f"{len(data) / 1e6:.1f} MB" if len(data) >= 1e5 else f"{len(data):,} bytes"
    click.echo(f"{size} are in {file}. Try it: `{command(f'wallet verify {file}')}`.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@secret_file
@as_json
def verify(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Open a backup and check it, changing nothing."""
    with refusals():
        data = _read_backup(file)
        keyring, _, contents = opened_backup(
            data, known_passphrase(passphrase_file, "Passphrase of the backup: ")
        )
    found = _told(keyring, contents)
    if as_json:
        click.echo(json.dumps(found))
        return
    made = datetime.fromtimestamp(contents.made_ms / 1_000, UTC)
    click.echo(f"{file} is whole, and its passphrase opens it.\n  {found['did']}")
    click.echo(f"  network {contents.network}, made {made:%Y-%m-%d %H:%M} UTC")
    click.echo(f"  entries of its chain: {len(contents.wires):,}")
    click.echo(f"  and {', '.join(sorted(contents.files)) or 'no further files'}")


def _told(keyring: Keyring, contents: Contents) -> dict[str, Any]:
    identity = IdentityId(public_key(keyring.identity_seed))
    return {
        "did": to_did(identity),
        "network": contents.network,
        "made_ms": contents.made_ms,
        "entries": len(check_chain(contents, identity)),
        "files": sorted(contents.files),
    }


def _read_backup(file: Path) -> bytes:
    with file.open("rb") as opened:
        data = opened.read(MAX_BACKUP_BYTES + 1)
    if len(data) > MAX_BACKUP_BYTES:
        give_up(ExitCode.USAGE, f"{file} is larger than any backup of popd.")
    return data


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


@click.command("write-on")
@home_options
@as_json
def write_on(home: str | None, network: str, as_json: bool) -> None:
    """Go on with a restored chain without asking more others how far it came.

    If it went on elsewhere after what is here, it forks.
    """
    with client_of(home, network) as client:
        state = client.post("/wallet/write-on")
    click.echo(json.dumps(state) if as_json else "Your chain goes on from what is here.")
