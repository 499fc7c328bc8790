"""Finds peers beyond the local network: a distributed table of who is on which network.

Each node enters itself under a key that follows from the network's name, and looks up who else
did. libp2p's table answers a look-up from its own store first, where this node itself is entered:
so it is asked to forget that before.
"""

import contextlib
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

import trio
from libp2p.kad_dht.kad_dht import DHTMode, KadDHT
from libp2p.peer.id import ID
from libp2p.tools.anyio_service import background_trio_service
from multiaddr import Multiaddr

from popd.net.subnets import is_loopback

logger = logging.getLogger(__name__)

SHA2_256: Final = "1220"
"""What a multihash with a SHA-256 digest begins with, in hex."""
MAX_KEYS: Final = 1_024
"""Keys that this node stores for others; beyond, the oldest is forgotten."""
MAX_FOUND: Final = 20
STEP_S: Final = 1.0
LOOK_UP_S: Final = 30.0
"""A look-up that takes longer is given up."""
FIRST_PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 300.0
RETRY_S: Final = 60.0
ADDRESS_S: Final = 3_600

Neighbours = Callable[[], Sequence[tuple[ID, Sequence[str]]]]
"""The peers that are connected directly, and where they can be dialled."""
Found = Callable[[Sequence[str]], None]


def network_key(network: str) -> str:
    """The key under which the nodes of a network enter themselves: a multihash in hex."""
    return SHA2_256 + hashlib.sha256(f"popd/1/{network}".encode()).hexdigest()


class PeerTable:
    """This node's part of the distributed table."""

    def __init__(self, host: Any, network: str, found: Found) -> None:
        """`found` takes addresses of peers."""
        self.status = "off"
        """`running`, or why not."""
        self.size = 0
        """Peers in the routing table."""
        self._host = host
        self._key = network_key(network)
        self._found = found

    async def run(self, listened: Callable[[], Sequence[str]], neighbours: Neighbours) -> None:
        """Runs until cancelled; whatever fails in libp2p's table is tried again later."""
        while True:
            if all(is_loopback(address) for address in listened()):
                self.status = "off: it listens on this machine only"
            else:
                try:
                    await self._serve(neighbours)
                except Exception as error:
                    # libp2p's table raises what it likes; nothing else may suffer from it.
                    self.status = f"off: {error}"
                    logger.debug("the table failed", exc_info=True)
            await trio.sleep(RETRY_S)

    async def _serve(self, neighbours: Neighbours) -> None:
        table = KadDHT(self._host, DHTMode.SERVER, enable_values=False)
        async with background_trio_service(table):
            self.status = "running"
            pause_s = FIRST_PAUSE_S
            due_s = trio.current_time()
            while True:
                await self._meet(table, neighbours())
                if self.size and trio.current_time() >= due_s:
                    await self._look_up(table)
                    due_s = trio.current_time() + pause_s
                    pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                await trio.sleep(STEP_S)

    async def _meet(self, table: Any, neighbours: Sequence[tuple[ID, Sequence[str]]]) -> None:
        for peer, addresses in neighbours:
            if addresses and not table.routing_table.peer_in_table(peer):
                known = [Multiaddr(address) for address in addresses]
                self._host.get_peerstore().add_addrs(peer, known, ADDRESS_S)
                await table.add_peer(peer, skip_server_mode_check=True)
        self.size = table.get_routing_table_size()
        stored = table.provider_store.providers
        while len(stored) > MAX_KEYS:
            del stored[next(iter(stored))]

    async def _look_up(self, table: Any) -> None:
        with trio.move_on_after(LOOK_UP_S):
            await table.provide(self._key)
            with contextlib.suppress(KeyError):
                del table.provider_store.providers[bytes.fromhex(self._key)]
            for found in await table.find_providers(self._key, MAX_FOUND):
                self._found([f"{a}/p2p/{found.peer_id}" for a in map(_bare, found.addrs)])


def _bare(address: Multiaddr) -> str:
    """The address without the peer id at its end."""
    text = str(address)
    return text.rpartition("/p2p/")[0] if "/p2p/" in text else text
