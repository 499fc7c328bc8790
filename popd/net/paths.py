"""Opens paths to peers and takes those that peers open: the handshake, then the link."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

import trio
from libp2p.custom_types import TProtocol
from libp2p.peer.id import ID

from consensus.identifiers import NodeKey
from popd.net.address_book import Known
from popd.net.credit import grant_credit
from popd.net.frames import BrokenFramingError, FrameKind, Hello, frame, read_hello
from popd.net.gate import Gate, address_of, remote_of_connection
from popd.net.host import dial, drop_connection, open_stream
from popd.net.keys import node_key_of, peer_id_of
from popd.net.link import Link
from popd.net.peering import Path, PathName, Peering
from popd.net.relay_client import dial_circuit
from popd.net.relaying import Offer
from popd.net.subnets import Endpoint, Transport, endpoint_of, is_worth_dialling
from popd.net.switchboard import Switchboard

logger = logging.getLogger(__name__)

HELLO_S: Final = 5.0
STALE_S: Final = 0.25
"""How long the peer has to read that its session is gone."""


class RefusedError(Exception):
    """A path that is not wanted."""


class House(Protocol):
    """What the paths need of the network."""

    def check_welcome(self, key: NodeKey) -> None:
        """Raises RefusedError when a peer may not have a session now."""

    def own_addresses(self) -> tuple[str, ...]:
        """Where this node can be dialled."""

    def note_joined(self, peering: Peering) -> None:
        """A path joined a session."""

    def blame(self, key: NodeKey, error: Exception) -> None:
        """A peer sent what no path carries."""


class Paths:
    """Every path of this node, from either side."""

    def __init__(
        self,
        host: Any,
        protocol: TProtocol,
        gate: Gate,
        switchboard: Switchboard,
        house: House,
        now_us: Callable[[], int],
        is_crowded: Callable[[NodeKey], bool],
        *,
        is_relay: bool,
    ) -> None:
        """Sets its handler on a host that need not run yet."""
        self._host = host
        self._protocol = protocol
        self._gate = gate
        self._switchboard = switchboard
        self._house = house
        self._now_us = now_us
        self._is_crowded = is_crowded
        self._is_relay = is_relay
        host.set_stream_handler(protocol, self._on_stream)

    async def open(self, known: Known) -> None:
        """Opens a path to an address; raises when there is none."""
        self._house.check_welcome(known.key)
        connection = await self._connect(known)
        try:
            stream = await open_stream(self._host, connection, self._protocol)
            await grant_credit(stream)
            name = PathName(known.address, known.endpoint, True)
            link = Link(name, connection, stream, self._now_us)
            greeting = self._greeting(known.key)
            await link.say_hello(greeting)
            kind, content = await link.hear()
            peering = self._answered(known.key, link, greeting, kind, content)
        except BaseException as error:
            if isinstance(error, BrokenFramingError):
                self._house.blame(known.key, error)
            await drop_connection(connection)
            raise
        self._house.note_joined(peering)
        self._host.get_network().manager.run_task(self._run_link, peering, link)

    def offers(self) -> dict[NodeKey, Offer]:
        """The relays among the peers that are connected directly."""
        addresses = self.direct_addresses()
        found = {}
        for key, peering in self._switchboard.peerings.items():
            link = direct_link(peering)
            if peering.is_relay and link is not None and key in addresses:
                found[key] = Offer(link.connection, addresses[key])
        return found

    def direct_addresses(self) -> dict[NodeKey, str]:
        """Where others may dial the peers that are connected directly."""
        found = {}
        for key, peering in self._switchboard.peerings.items():
            link = direct_link(peering)
            address = None if link is None else _dialled_address(peering, link)
            if address is not None:
                found[key] = address
        return found

    def connections(self) -> set[int]:
        """The identities of all connections that carry a path."""
        peerings = self._switchboard.peerings.values()
        links = [link for peering in peerings for link in peering.paths if isinstance(link, Link)]
        return {id(link.connection) for link in links}

    async def _connect(self, known: Known) -> Any:
        if known.endpoint.transport is not Transport.RELAY:
            return await dial(self._host, known.address, peer_id_of(known.key))
        relay = node_key_of(ID.from_string(known.endpoint.host))
        peering = None if relay is None else self._switchboard.peerings.get(relay)
        link = None if peering is None else direct_link(peering)
        if link is None:
            raise RefusedError("the relay is not connected")
        peer = peer_id_of(known.key)
        return await dial_circuit(self._host, link.connection, known.address, peer)

    def _greeting(self, key: NodeKey) -> Hello:
        addresses = self._house.own_addresses()
        return self._switchboard.greeting(key, addresses, is_relay=self._is_relay)

    def _answered(
        self, key: NodeKey, link: Link, greeting: Hello, kind: FrameKind, content: bytes
    ) -> Peering:
        if kind is FrameKind.STALE:
            self._switchboard.note_stale(key, greeting)
        if kind is not FrameKind.HELLO:
            raise RefusedError("the peer does not want this path")
        peering = self._switchboard.join(key, read_hello(content), link, self._now_us())
        if peering is None:
            raise RefusedError("the session has ended meanwhile")
        return peering

    async def _on_stream(self, stream: Any) -> None:
        """Somebody opened a stream on which messages are to travel."""
        connection = stream.swarm_conn
        try:
            key = node_key_of(stream.muxed_conn.peer_id)
            if key is None:
                raise RefusedError("a key that is not ours")
            self._house.check_welcome(key)
            address = address_of(connection)
            endpoint = endpoint_of(address) or Endpoint(Transport.TCP, "")
            link = Link(PathName(address, endpoint, False), connection, stream, self._now_us)
            with trio.fail_after(HELLO_S):
                await grant_credit(stream)
                try:
                    peering = await self._welcome(key, link)
                except BrokenFramingError as error:
                    self._house.blame(key, error)
                    raise
        except BaseException:
            await drop_connection(connection)
            raise
        await self._run_link(peering, link)

    async def _welcome(self, key: NodeKey, link: Link) -> Peering:
        kind, content = await link.hear()
        if kind is not FrameKind.HELLO:
            raise BrokenFramingError("a path begins with a hello")
        peering = self._switchboard.join(key, read_hello(content), link, self._now_us())
        if peering is None:
            await link.write(frame(FrameKind.STALE, b""))
            await trio.sleep(STALE_S)
            raise RefusedError("the peer means a session that is gone")
        self._house.note_joined(peering)
        try:
            await link.say_hello(self._greeting(key))
        except BaseException:
            peering.remove(link, self._now_us())
            raise
        return peering

    async def _run_link(self, peering: Peering, link: Link) -> None:
        """Runs a path until it ends."""
        remote = remote_of_connection(link.connection)
        self._gate.guard.note_path(remote, carries_path=True)
        try:
            key = peering.key
            was_goodbye = await link.run(
                peering, partial(self._is_crowded, key), partial(self._house.blame, key)
            )
            if was_goodbye:
                self._switchboard.end(peering)
        finally:
            peering.remove(link, self._now_us())
            await drop_connection(link.connection)


def direct_link(peering: Peering) -> Link | None:
    """A path to a peer that leads through nobody else."""
    direct: list[Path] = [
        path for path in peering.paths if path.name.endpoint.transport is not Transport.RELAY
    ]
    link = min(direct, key=lambda path: path is not peering.active, default=None)
    assert link is None or isinstance(link, Link), "every path of the edge is a link"
    return link


def _dialled_address(peering: Peering, link: Link) -> str | None:
    """Where others may dial a peer: as this node did, or as the peer says."""
    if link.name.is_outbound:
        return link.name.address
    told = [a for a in peering.addresses if is_worth_dialling(a, "") and "p2p-circuit" not in a]
    return told[0] if told else None
