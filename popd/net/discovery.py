"""Everything that finds peers, or ways to them: local announcements, the table, relays."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import trio

from popd.net.address_book import AddressBook, Source
from popd.net.host import drop_connection, reachable_addresses
from popd.net.kademlia import PeerTable
from popd.net.keys import node_key_in, peer_id_of
from popd.net.mdns import LocalDiscovery
from popd.net.paths import Paths
from popd.net.relaying import Relaying
from popd.net.subnets import is_worth_dialling

PLACES_S: Final = 1.0
"""How often it is looked whether a relay should be asked for a place."""
SWEEP_S: Final = 20.0
"""A connection that carries no path at two looks in a row is closed."""


class Discovery:
    """Fills the address book."""

    def __init__(
        self,
        host: Any,
        network: str,
        book: AddressBook,
        paths: Paths,
        relaying: Relaying,
        now_us: Callable[[], int],
    ) -> None:
        """Finds nothing until it runs."""
        self.lan = LocalDiscovery(network, str(host.get_id()), self._note_on_lan)
        self.table = PeerTable(host, network, self._note_in_table)
        self._host = host
        self._book = book
        self._paths = paths
        self._relaying = relaying
        self._now_us = now_us

    async def run(self, *, uses_mdns: bool, uses_table: bool) -> None:
        """Runs until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._keep_places)
            nursery.start_soon(self._keep_sweeping)
            if uses_mdns:
                nursery.start_soon(self.lan.run, self._listened)
            if uses_table:
                nursery.start_soon(self.table.run, self._listened, self._neighbours)

    def _listened(self) -> Sequence[str]:
        return reachable_addresses(self._host)

    def _neighbours(self) -> list[tuple[Any, list[str]]]:
        return [
            (peer_id_of(key), [address.rpartition("/p2p/")[0]])
            for key, address in self._paths.direct_addresses().items()
        ]

    def _note_on_lan(self, addresses: Sequence[str]) -> None:
        self._note(addresses, Source.LAN)

    def _note_in_table(self, addresses: Sequence[str]) -> None:
        self._note(addresses, Source.TABLE)

    def _note(self, addresses: Sequence[str], source: Source) -> None:
        for address in addresses:
            key = node_key_in(address)
            if key is not None and is_worth_dialling(address, ""):
                self._book.note(key, address, source, self._now_us())

    async def _keep_places(self) -> None:
        while True:
            await self._relaying.keep_places(self._paths.offers())
            await trio.sleep(PLACES_S)

    async def _keep_sweeping(self) -> None:
        """Closes what the table's look-ups, and strangers, leave behind."""
        seen: set[int] = set()
        while True:
            await trio.sleep(SWEEP_S)
            used = self._paths.connections()
            idle = [c for c in self._host.get_network().get_connections() if id(c) not in used]
            for connection in idle:
                if id(connection) in seen:
                    await drop_connection(connection)
            seen = {id(connection) for connection in idle}
