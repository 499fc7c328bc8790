"""The door of the page: port and token stay with the home, so that an open page finds it again.

A browser keeps settings and queued plays for one port; with another one they would be out of reach.
"""

import secrets
import socket
from typing import Annotated, Final

import msgspec

from popd.api.server import LOOPBACK
from popd.config import Home

TOKEN_BYTES: Final = 32
MAX_FILE_SIZE: Final = 1_024


class Door(msgspec.Struct, frozen=True):
    """Where the page was served last."""

    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)]
    """On loopback; 0 for a free one."""
    token: Annotated[str, msgspec.Meta(min_length=40, max_length=100)]
    """The owner's."""


def door_of(home: Home) -> Door:
    """The door of last time, where its port is still free; otherwise a new one."""
    try:
        known = msgspec.json.decode(home.door.read_bytes()[:MAX_FILE_SIZE], type=Door)
    except (OSError, msgspec.MsgspecError):
        return Door(0, secrets.token_urlsafe(TOKEN_BYTES))
    return known if is_free(known.port) else Door(0, known.token)


def keep_door(home: Home, door: Door) -> None:
    """For the next time; readable by the home's owner alone."""
    draft = home.door.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(door))
    draft.replace(home.door)


def is_free(port: int) -> bool:
    """Whether a port of loopback can be had now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
