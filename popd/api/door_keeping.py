"""Keeping the door: what it opens to stays with the home, so that a restart shuts nobody out.

A poster hangs on the wall, and phones keep its secret: after a restart the door of the same evening
is opened again, to the same secret and at the same address, and each phone finds its seat by its
key. Where the address can't be had, the machine's present one is tried, and the host is told.
"""

from functools import partial
from typing import Annotated, Final

import msgspec
import structlog
import trio
from msgspec import Meta

from popd.api.answers import ApiError
from popd.api.concert_shapes import Hex16
from popd.api.desk import Desk
from popd.api.guests import SEATED_US
from popd.api.lan import host_and_port
from popd.config import Home
from popd.node.messages.concerts import ConcertId
from wallet.keystore_errors import KeystoreError
from wallet.private_files import read_private_file, replace_private_file

MAX_FILE_SIZE: Final = 1_024
LOOK_S: Final = 2.0
"""How often it is tried whether the concert and the network are there again."""
MOVED: Final = "This machine is reached elsewhere than before: phones need the code anew."


class KeptDoor(msgspec.Struct, frozen=True):
    """A door that is open."""

    concert: Hex16
    """Where it leads."""
    secret: Annotated[str, Meta(min_length=20, max_length=64)]
    """What the QR code's address ends with."""
    code: Annotated[str, Meta(pattern="^[A-Z]{6}$")]
    """What is typed."""
    host: Annotated[str, Meta(max_length=15)]
    """The IPv4 address at which it is open."""
    port: Annotated[int, Meta(ge=1, le=65_535)]
    """And the port."""
    is_for_guests: bool
    """The second door is open for guests alone."""
    until_us: int
    """When it is not opened again any more."""


async def keep_door(desk: Desk, until_us: int = 0) -> None:
    """Writes down how the door is open, or that it is shut; a full disk is only logged.

    `until_us` is when it is not opened again any more; 0 for an evening from now.
    """
    book, lan = desk.tokens.book, desk.lan
    try:
        if lan is None or not lan.address or not book.concert:
            desk.daemon.home.concert_door.unlink(missing_ok=True)
            return
        kept = KeptDoor(
            book.concert.hex(),
            book.secret,
            book.code,
            *host_and_port(lan.address),
            desk.is_lan_for_guests,
            until_us or desk.daemon.now_us() + SEATED_US,
        )
        write = partial(
            replace_private_file, desk.daemon.home.concert_door, msgspec.json.encode(kept)
        )
        await trio.to_thread.run_sync(write)
    except (KeystoreError, OSError) as error:
        structlog.get_logger().warning("door_not_kept", why=str(error)[:200])


def kept_door(home: Home) -> KeptDoor | None:
    """The door that was open when the daemon ended; None where none was."""
    try:
        return msgspec.json.decode(
            read_private_file(home.concert_door, MAX_FILE_SIZE), type=KeptDoor
        )
    except (KeystoreError, OSError, msgspec.MsgspecError):
        return None


async def reopen_door(desk: Desk) -> None:
    """Opens the door of last time again, as soon as its concert and a network are there."""
    kept = kept_door(desk.daemon.home)
    if kept is None:
        return
    concert = ConcertId(bytes.fromhex(kept.concert))
    while desk.daemon.now_us() < kept.until_us and not desk.tokens.book.concert:
        if concert in desk.daemon.node.concerting.concerts and await _open(desk, kept):
            desk.hall.change(concert)
            return
        await trio.sleep(LOOK_S)


async def _open(desk: Desk, kept: KeptDoor) -> bool:
    """Whether it could be opened, where it was or elsewhere."""
    lan = desk.lan
    assert lan is not None, "only a served desk has doors"
    was_shut = not lan.address
    for host, port in ((kept.host, kept.port), ("", 0)):
        try:
            if not lan.address:
                await lan.open(host, port)
        except ApiError as error:
            structlog.get_logger().warning("door_not_reopened", why=str(error)[:200])
    if not lan.address:
        return False
    desk.is_lan_for_guests = was_shut and kept.is_for_guests
    desk.tokens.book.reopen(bytes.fromhex(kept.concert), kept.secret, kept.code)
    is_moved = host_and_port(lan.address) != (kept.host, kept.port)
    desk.door_note = MOVED if is_moved else ""
    await keep_door(desk, kept.until_us)
    return True
