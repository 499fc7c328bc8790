"""Remembering where peers were reached, so that a node finds its way back without help."""

from typing import Annotated, Final

import msgspec
import trio

from popd.config import Home
from popd.net.network import MAX_REMEMBERED, Network

INTERVAL_S: Final = 60
MAX_FILE_SIZE: Final = 128 * 1024

Address = Annotated[str, msgspec.Meta(max_length=400)]
Addresses = Annotated[list[Address], msgspec.Meta(max_length=MAX_REMEMBERED)]


async def keep_remembering(home: Home, network: Network) -> None:
    """Takes up what the home remembers, and writes it anew every minute and in the end."""
    network.remember(remembered(home))
    written = network.reached()
    try:
        while True:
            await trio.sleep(INTERVAL_S)
            if network.reached() != written:
                written = network.reached()
                write_remembered(home, written)
    finally:
        write_remembered(home, network.reached())


def remembered(home: Home) -> list[str]:
    """The addresses in a home; none where they can't be read."""
    try:
        data = home.peers.read_bytes()[:MAX_FILE_SIZE]
        return msgspec.json.decode(data, type=Addresses)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return []


def write_remembered(home: Home, addresses: tuple[str, ...]) -> None:
    """For the next time; readable by the home's owner alone. Nothing new leaves the old."""
    if not addresses:
        return
    draft = home.peers.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(addresses))
    draft.replace(home.peers)
