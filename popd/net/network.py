"""The network as the node sees it: peers that come and go, and messages to them."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any, Final

import trio
from libp2p import new_host
from libp2p.abc import INetStream
from libp2p.custom_types import TProtocol
from libp2p.network.config import ConnectionConfig
from libp2p.peer.id import ID
from libp2p.peer.peerinfo import PeerInfo, info_from_p2p_addr
from multiaddr import Multiaddr

from consensus.identifiers import NodeKey
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.units import Microseconds
from popd.net.connections import Connections
from popd.net.guarding import guarded_stream
from popd.net.keys import host_key_pair, node_key_of
from popd.net.link import Link
from popd.node.events import (
    Event,
    MessageReceived,
    PeerConnected,
    PeerDisconnected,
    RoundTripMeasured,
)

logger = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 128
REDIAL_S: Final = (0.25, 10.0)
"""First and longest pause between two attempts to reach an address."""
DIAL_TIMEOUT_S: Final = 5.0
UPGRADE_S: Final = 3.0
"""A connection that has not shaken hands by then makes room for others."""
NEAR_ROUND_TRIP_US: Final = 30_000


def quieten() -> None:
    """libp2p logs what is ordinary on a network, peers that go away, as errors."""
    logging.getLogger("libp2p").setLevel(logging.CRITICAL)


class Network:
    """A libp2p host and a link to each peer; speaks in the node's events."""

    def __init__(
        self,
        params: NetworkParams,
        node_key_seed: bytes,
        now_us: Callable[[], Microseconds],
        on_event: Callable[[Event], None],
    ) -> None:
        """A network that does not run yet. `on_event` neither waits nor raises."""
        quieten()
        self._params = params
        self._now_us = now_us
        self._on_event = on_event
        self._protocol = TProtocol(f"/popd/1/{params.name}/peer")
        self._host = new_host(
            host_key_pair(node_key_seed),
            connection_config=ConnectionConfig(
                max_connections=MAX_CONNECTIONS,
                high_watermark=MAX_CONNECTIONS,
                low_watermark=0,
                min_connections=0,
                inbound_upgrade_timeout=UPGRADE_S,
            ),
        )
        self._guard_streams()
        self._links: dict[NodeKey, Link] = {}
        self._nursery: trio.Nursery | None = None

    @property
    def key(self) -> NodeKey:
        """This node's own key."""
        key = node_key_of(self._host.get_id())
        assert key is not None, "our own host has an Ed25519 key"
        return key

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where others can reach this node, with its peer id."""
        return tuple(str(address) for address in self._host.get_addrs())

    async def run(
        self,
        listen: Sequence[str],
        dial: Sequence[str],
        task_status: Any = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Runs until cancelled: listens, keeps trying to reach `dial`, and carries messages."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._host.run([Multiaddr(a) for a in listen]))
            if len(self.addresses) < len(listen):
                raise OSError(
                    f"{', '.join(listen)} can't be listened on; something else may use it"
                )
            nursery = await stack.enter_async_context(trio.open_nursery())
            self._nursery = nursery
            self._host.set_stream_handler(self._protocol, self._on_stream)
            self._host.get_network().register_notifee(Connections(self._on_connected))
            for address in dial:
                nursery.start_soon(self._keep_dialled, address)
            task_status.started()
            await trio.sleep_forever()

    def send(self, peer: NodeKey, data: bytes) -> None:
        """Tells one peer something; to a peer without a link it is lost."""
        link = self._links.get(peer)
        if link is not None:
            link.send(data)

    def drop(self, peer: NodeKey) -> None:
        """Ends the link to a peer."""
        link = self._links.get(peer)
        if link is not None:
            link.close()

    def _guard_streams(self) -> None:
        """Puts a guard around the one handler through which libp2p runs all others."""
        network: Any = self._host.get_network()
        network.set_stream_handler(guarded_stream(network.common_stream_handler))

    async def _on_stream(self, stream: INetStream) -> None:
        key = node_key_of(stream.muxed_conn.peer_id)
        if key is None:
            await stream.reset()
        else:
            await self._run_link(key, stream)

    async def _keep_dialled(self, address: str) -> None:
        """Reaches an address again and again, whenever there is no link to it."""
        info = info_from_p2p_addr(Multiaddr(address))
        key = node_key_of(info.peer_id)
        pause_s, longest_s = REDIAL_S
        while key != self.key:
            if key in self._links:
                pause_s = REDIAL_S[0]
            else:
                with trio.move_on_after(DIAL_TIMEOUT_S):
                    await self._dial(info)
                pause_s = min(2 * pause_s, longest_s)
            await trio.sleep(pause_s)

    async def _dial(self, info: PeerInfo) -> None:
        """Connects; a connection that bore no link is broken off first."""
        with contextlib.suppress(Exception):
            await self._host.disconnect(info.peer_id)
            await self._host.connect(info)

    def _on_connected(self, peer: ID) -> None:
        """Of the two ends of a connection, the one with the lower key opens the link."""
        key = node_key_of(peer)
        if key is None or self._nursery is None or key in self._links:
            return
        if self.key < key:
            self._nursery.start_soon(self._open_link, peer, key)

    async def _open_link(self, peer: ID, key: NodeKey) -> None:
        try:
            with trio.fail_after(DIAL_TIMEOUT_S):
                stream = await self._host.new_stream(peer, [self._protocol])
        except Exception:
            # Whatever libp2p says, the peer is dialled again.
            logger.debug("no link to %s", peer, exc_info=True)
            return
        await self._run_link(key, stream)

    async def _run_link(self, key: NodeKey, stream: Any) -> None:
        """Runs a link; of two to one peer, the newer replaces the older."""
        older = self._links.get(key)
        if older is not None:
            older.close()
        link = Link(
            stream,
            self._now_us,
            lambda data: self._on_event(MessageReceived(key, data)),
            lambda round_trip_us: self._on_event(RoundTripMeasured(key, round_trip_us)),
        )
        self._links[key] = link
        self._on_event(PeerConnected(key, self._presence()))
        await link.run()
        if self._links.get(key) is link:
            del self._links[key]
            self._on_event(PeerDisconnected(key))

    def _presence(self) -> Presence:
        """On practice's loopback everybody is on the same link; elsewhere nothing proves it."""
        return Presence.SAME_LINK if self._params.name == "practice" else Presence.REMOTE
