"""The user's keys: whether they are locked, and copies of them; nothing here shows a secret."""

from pathlib import Path
from typing import Final

import trio
from starlette.responses import Response

from consensus.identifiers import to_did
from consensus.units import Milliseconds
from popd.api.answers import ApiError
from popd.api.desk import Desk
from popd.api.key_shapes import (
    KeyName,
    LockingBody,
    Restoring,
    UnlockBody,
    WalletState,
    Words,
)
from popd.api.routing import Call
from popd.api.shapes import Identity
from popd.node.events import WriteOn
from popd.node.restoring import PEERS_NEEDED
from popd.own_file import damage_in
from wallet.backup import MAX_FILE_BYTES, Contents
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.mnemonic import all_words
from wallet.os_keyring import remembered_passphrase
from wallet.places import place_in_use, places_in

STATUSES: Final = {KeystoreReason.WRONG_PASSPHRASE: 403, KeystoreReason.LOCKED: 423}
WRONG_PAUSE_S: Final = 1.0
"""Whoever says a wrong passphrase waits, beside the half second that each guess costs."""


async def read_wallet(desk: Desk, call: Call) -> WalletState:
    """Your keys: whose they are, whether they are locked, and what they wait for."""
    me, keys, home = desk.context.identity, desk.daemon.keys, desk.daemon.home
    restoring = desk.daemon.node.restoring
    state = desk.context.ledger.state(me)
    in_use = place_in_use(home.path)
    kept = await trio.to_thread.run_sync(remembered_passphrase, in_use.keystore)
    return WalletState(
        identity=Identity(me.hex(), to_did(me), desk.context.settings.name),
        identities=[KeyName(place.name, place == in_use) for place in places_in(home.path)],
        network=desk.context.params.name,
        locked=keys.is_locked,
        lock_after_s=desk.lock_after_s,
        has_passphrase=keys.has_passphrase,
        remembered=kept is not None,
        restoring=Restoring(
            len(restoring.answered),
            PEERS_NEEDED,
            0 if state is None else state.number + 1,
            *desk.restoring_said(),
        )
        if restoring.is_on
        else None,
        receives=desk.receives,
    )


async def lock_keys(desk: Desk, call: Call) -> WalletState:
    """Lock your keys: nothing is signed until they are unlocked."""
    desk.daemon.keys.lock()
    return await read_wallet(desk, call)


async def unlock_keys(desk: Desk, call: Call) -> WalletState:
    """Unlock your keys with their passphrase."""
    body: UnlockBody = call.body
    async with desk.unlocking:
        try:
            waited = await desk.daemon.keys.unlock(body.passphrase)
        except KeystoreError as error:
            await trio.sleep(WRONG_PAUSE_S)
            raise refused(error) from None
    for event in waited:
        desk.daemon.give(event)
    desk.used_us = desk.daemon.now_us()
    return await read_wallet(desk, call)


async def set_locking(desk: Desk, call: Call) -> WalletState:
    """Say after how long without a command your keys lock themselves."""
    body: LockingBody = call.body
    desk.lock_after_s, desk.used_us = body.lock_after_s, desk.daemon.now_us()
    return await read_wallet(desk, call)


async def write_on(desk: Desk, call: Call) -> WalletState:
    """Go on with a restored chain without asking further peers how far it came."""
    desk.daemon.give(WriteOn())
    return await read_wallet(desk, call)


async def read_backup(desk: Desk, call: Call) -> Response:
    """A backup of your keys, your chain, and what counts for you; the passphrase opens it."""
    if desk.context.settings.is_companion:
        raise ApiError(
            409,
            "not_here",
            "Your keys are on the device that holds the pen.",
            "Make the backup there.",
        )
    ledger, me, home = desk.context.ledger, desk.context.identity, desk.daemon.home
    heads = ledger.tips.get(me, {})
    entries = {item.id: item for head in heads for item in ledger.chain(head)}
    wires = tuple(item.wire for item in sorted(entries.values(), key=lambda s: s.entry.number))
    files = {path.name: data for path in home.private if (data := _content(path)) is not None}
    now_ms = Milliseconds(desk.daemon.now_us() // 1_000)
    contents = Contents(desk.context.params.name, now_ms, wires, files)
    try:
        data = await desk.daemon.keys.backup(contents)
    except KeystoreError as error:
        raise refused(error) from None
    return Response(data, media_type="application/octet-stream")


async def read_words(desk: Desk, call: Call) -> Words:
    """The list of words in which keys are written down; no secret."""
    return Words(list(all_words()))


def refused(error: KeystoreError) -> ApiError:
    """Why a keystore is not opened, as the API says it; the sentence names the next step itself."""
    status = STATUSES.get(error.reason, 409)
    why, _, next_step = str(error).partition(". ")
    return ApiError(status, error.reason.value.replace(" ", "_"), f"{why.rstrip('.')}.", next_step)


def _content(path: Path) -> bytes | None:
    """A private file, or None where there is none; raises ApiError where it would be no copy."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _not_whole(path, error.strerror or "it can't be read") from None
    if len(data) > MAX_FILE_BYTES:
        raise _not_whole(path, f"it is longer than {MAX_FILE_BYTES} bytes")
    if why := damage_in(path.name, data):
        raise _not_whole(path, why)
    return data


def _not_whole(path: Path, why: str) -> ApiError:
    return ApiError(
        409,
        "not_whole",
        f"No backup was made, because {path} would not be whole in it: {why}.",
        "Put a copy of it back; or move it away, and the backup is made without it.",
    )
