"""Joining as a device: keys of its own, whose pen it borrows, and whether it was taken in."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from popd.cli.called import command, hint
from popd.cli.client import Client
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.passphrases import chosen_passphrase, known_passphrase
from popd.cli.pens import PENS
from popd.cli.ports import listened
from popd.cli.processes import NotReadyError, launch, running, stop, wait_ready
from popd.config import ConfigError, Home, load_settings
from wallet.devices import MAX_NAME, BorrowedPen, read_pen, write_devices
from wallet.keyring import random_keyring
from wallet.keystore import create_keystore, create_practice_keystore
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.os_keyring import remembered_passphrase
from wallet.pairing import PairingLink
from wallet.places import PEN_NAME, KeyPlace

POLL_S: Final = 0.5
MEETING_POLLS: Final = 50
"""How often it is asked whether the two have met, at most."""
ANSWER_POLLS: Final = 14
"""How often after that; a good link is answered within a few seconds."""


def join_as_device(
    folder: Home, pairing: PairingLink, name: str, passphrase_file: Path | None, is_started: bool
) -> str:
    """Makes a folder that of a device, and returns how it stands with the pen.

    Ends the program where it was not taken in; a pen that it had before is then kept. Raises
    KeystoreError and OSError.
    """
    before, passphrase = _join(folder, pairing, name, passphrase_file)
    if not is_started:
        return "unpaired"
    more = [] if passphrase_file is None else [f"--passphrase-file={passphrase_file}"]
    try:
        settings = load_settings(folder, {"network": pairing.network})
        more += [f"--listen={address}" for address in listened(folder, settings.listens_on)]
        arguments = ["--network", pairing.network, *more]
        wait_ready(folder, launch(folder, arguments, passphrase or None))
    except NotReadyError as error:
        give_up(ExitCode.FAILED, f"{error} See `{command('logs', folder)}`.")
    except ConfigError as error:
        give_up(ExitCode.USAGE, f"{str(error)[0].upper()}{str(error)[1:]}.")
    pen, is_met = meeting(folder, pairing.network)
    if pen in ("here", "away"):
        return pen
    stop(folder)
    if before is not None and before.is_paired:
        write_devices(folder.keys.pen, before)
    if pen == "forgotten":
        give_up(ExitCode.REJECTED, PENS[pen])
    give_up(*_not_taken_in(folder, is_met))


def tell_meeting(folder: Home, network: str) -> None:
    """Says so where the node of a companion that waits to be taken in still waits after a while."""
    pen = read_pen(folder.keys.pen)
    if pen is None or pen.is_paired:
        return
    state, _ = meeting(folder, network)
    if state in ("unpaired", "forgotten"):
        hint(PENS[state])


def meeting(folder: Home, network: str) -> tuple[str, bool]:
    """How a node that runs stands with the pen once both had time, and whether they met."""
    with Client(folder, network=network) as client:
        return pen_after_meeting(lambda: client.get("/devices"), time.sleep)


def pen_after_meeting(
    look: Callable[[], dict[str, Any]], pause: Callable[[float], None]
) -> tuple[str, bool]:
    """The same, by what `look` finds again and again, with pauses of so many seconds."""
    met = 0
    for _ in range(MEETING_POLLS):
        found = look()
        if found["pen"] != "unpaired":
            return str(found["pen"]), True
        is_here = any(one["holds_pen"] and one["is_connected"] for one in found["devices"])
        met += is_here or met > 0
        if met > ANSWER_POLLS:
            break
        pause(POLL_S)
    return "unpaired", met > 0


def _not_taken_in(folder: Home, is_met: bool) -> tuple[ExitCode, str]:
    again = f"`{command('device join', folder)}`"
    if is_met:
        return (
            ExitCode.REJECTED,
            "This device was not taken in: the link was used already, or is older than five "
            "minutes. Make a new one on the device that has your keys (`popctl device pair`), "
            f"then here again: {again}.",
        )
    return (
        ExitCode.FAILED,
        "This device was not taken in: the one that has your keys was not reached. Start its node "
        "so that this one reaches it (`popctl device pair` says how), and make a new link there; "
        f"then here again: {again}.",
    )


def _join(
    folder: Home, pairing: PairingLink, name: str, passphrase_file: Path | None
) -> tuple[BorrowedPen | None, str]:
    """Keys of this device alone, and whose pen it borrows; the latter first, or it had its own.

    Returns what it borrowed before, and the passphrase where somebody chose one.
    """
    keys, network = folder.keys, pairing.network
    before, is_damaged = _pen_before(keys)
    if before is None and not is_damaged and keys.keystore.exists():
        give_up(
            ExitCode.REJECTED,
            f"{folder.path} has an identity of its own. Choose another folder with --home.",
        )
    if running(folder) is not None:
        give_up(ExitCode.REJECTED, f"Its node runs. Stop it first: `{command('down', folder)}`.")
    if before is not None and before.identity != pairing.identity:
        give_up(
            ExitCode.REJECTED,
            f"{folder.path} is a device of somebody else. Choose another folder with --home.",
        )
    if before is not None and before.is_forgotten:
        give_up(
            ExitCode.REJECTED,
            f"{folder.path} is a device that was forgotten. Choose another folder with --home.",
        )
    if is_damaged:
        shutil.copy2(keys.pen, keys.pen.with_name(f"{PEN_NAME}.damaged"))
    addresses = pairing.dialled
    visible = "".join(c if c.isprintable() else " " for c in name)[:MAX_NAME]
    pen = BorrowedPen(
        network=network,
        identity=pairing.identity,
        node=pairing.node,
        addresses=addresses,
        name=visible,
        secret=pairing.secret,
    )
    write_devices(keys.pen, pen)
    return before, _opening(keys, network, passphrase_file)


def _opening(keys: KeyPlace, network: str, passphrase_file: Path | None) -> str:
    """The passphrase of this device's keys, made if need be; empty where a file has it."""
    if keys.keystore.exists():
        if keys.passphrase.exists() or passphrase_file is not None:
            return ""
        return remembered_passphrase(keys.keystore) or known_passphrase(None)
    if network == "practice" and passphrase_file is None:
        create_practice_keystore(keys.folder, random_keyring())
        return ""
    passphrase = chosen_passphrase(passphrase_file, may_be_none=False)
    create_keystore(keys.keystore, random_keyring(), passphrase)
    return passphrase if passphrase_file is None else ""


def _pen_before(keys: KeyPlace) -> tuple[BorrowedPen | None, bool]:
    """Whose pen was borrowed before, and whether the file that said so is damaged."""
    try:
        return read_pen(keys.pen), False
    except KeystoreError as error:
        if error.reason is not KeystoreReason.DAMAGED:
            raise
        return None, True
