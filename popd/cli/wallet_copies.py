"""`popctl wallet restore|backup|verify|write-on`: your keys elsewhere, and back again."""

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from consensus.encoding import encode
from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from popd.cli.called import command
from popd.cli.client import client_of, home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.passphrases import known_passphrase
from popd.cli.processes import running
from popd.cli.secret_words import typed_seed
from popd.cli.wallet_keys import (
    as_json,
    check_free,
    chosen,
    keep,
    refusals,
    secret_file,
    tell_made,
    words_file,
)
from popd.config import Home, home_at
from popd.own_file import damage_in
from wallet.backup import MAX_BACKUP_BYTES, Contents, check_chain, opened_backup
from wallet.keyring import Keyring, keyring_of
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.mnemonic import MnemonicError, seed_from_words
from wallet.places import FIRST, KeyPlace, place_named
from wallet.private_files import (
    check_absent,
    create_private_file,
    read_private_file,
    replace_private_file,
)
from wallet.whose import note_identity, places_of

MAX_WORDS_BYTES: Final = 1_024


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
        if not place.restored.exists():
            check_free(folder, place, "wallet restore")
        if backup is not None:
            keyring = _from_backup(folder, place, backup, network, passphrase_file)
        else:
            keyring = _from_words(folder, place, words_file, network, passphrase_file)
    tell_made(folder, place, keyring, network, as_json, "restored")


def _from_words(
    folder: Home,
    place: KeyPlace,
    words_file: Path | None,
    network: str,
    passphrase_file: Path | None,
) -> Keyring:
    keyring = keyring_of(typed_seed() if words_file is None else _seed_in(words_file))
    if _are_there(folder, place, keyring):
        _mark_restored(place, ())
        return keyring
    passphrase = chosen(network, passphrase_file)
    _mark_restored(place, ())
    keep(place, keyring, passphrase)
    return keyring


def _are_there(folder: Home, place: KeyPlace, keyring: Keyring) -> bool:
    """Whether these keys are in their place and only their chain is to be taken up once more.

    Ends the program where others are there, or where these lie under another name.
    """
    if running(folder) is not None:
        give_up(ExitCode.REJECTED, f"Its node runs. Stop it first: `{command('down', folder)}`.")
    known = places_of(folder.path, IdentityId(public_key(keyring.identity_seed)))
    if place in known:
        return True
    check_free(folder, place, "wallet restore")
    if known:
        take_up = command(f"wallet use {known[0].name}", folder)
        give_up(
            ExitCode.REJECTED,
            f"These keys are here already, as {known[0].name!r}. Take them up with `{take_up}`.",
        )
    return False


def _seed_in(words_file: Path) -> bytes:
    words = read_private_file(words_file, MAX_WORDS_BYTES).decode(errors="replace")
    try:
        return seed_from_words(words)
    except MnemonicError as error:
        give_up(ExitCode.FAILED, f"{words_file}: {error} Nothing was restored.")


def _mark_restored(place: KeyPlace, wires: tuple[bytes, ...]) -> None:
    """Before the keys are there: a node must never write with them as if nothing had been."""
    write = replace_private_file if place.restored.exists() else create_private_file
    write(place.restored, encode(wires))


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
    is_again = _are_there(folder, place, keyring)
    _mark_restored(place, contents.wires)
    if not is_again:
        create_private_file(place.keystore, keystore)
        note_identity(place.folder, keyring)
    for path in folder.private:
        if path.name in contents.files and not path.exists():
            _put_back(path, contents.files[path.name])
    return keyring


def _put_back(path: Path, data: bytes) -> None:
    if why := damage_in(path.name, data):
        click.echo(f"{path.name} in the backup is left out: {why}.", err=True)
    else:
        create_private_file(path, data)


@click.command()
@home_options
@click.argument("file", type=click.Path(path_type=Path))
def backup(home: str | None, network: str, file: Path) -> None:
    """Write a backup into FILE.

    Keys, chain, and what counts for you, all under your passphrase.
    """
    folder = home_at(home, network)
    with refusals():
        if not file.parent.is_dir():
            give_up(
                ExitCode.USAGE, f"There is no folder {file.parent}. Make it, or name another file."
            )
        check_absent(file)
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
    click.echo(
        f"{size} are in {file}. Try it: `{command(f'wallet verify {shlex.quote(str(file))}')}`."
    )


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
        _check_files(contents)
    found = _told(keyring, contents)
    if as_json:
        click.echo(json.dumps(found))
        return
    made = datetime.fromtimestamp(contents.made_ms / 1_000, UTC)
    click.echo(f"{file} is whole, and its passphrase opens it.\n  {found['did']}")
    click.echo(f"  network {contents.network}, made {made:%Y-%m-%d %H:%M} UTC")
    click.echo(f"  entries of its chain: {len(contents.wires):,}")
    click.echo(f"  and {', '.join(sorted(contents.files)) or 'no further files'}")


def _check_files(contents: Contents) -> None:
    """Raises KeystoreError where a private file was damaged before it came into the backup."""
    for name, data in sorted(contents.files.items()):
        if why := damage_in(name, data):
            raise KeystoreError(
                KeystoreReason.DAMAGED,
                f"Keys and chain are whole, but not the file {name!r} beside them: {why}. "
                "Restoring leaves that file out; make another backup if you can.",
            )


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
