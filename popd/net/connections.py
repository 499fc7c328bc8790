"""Hears of new connections; libp2p's notifee with everything else left quiet."""

from collections.abc import Callable

from libp2p.abc import INetConn, INetStream, INetwork, INotifee
from libp2p.peer.id import ID
from multiaddr import Multiaddr


class Connections(INotifee):
    """Calls back for each new connection."""

    def __init__(self, on_connected: Callable[[ID], None]) -> None:
        """`on_connected` neither waits nor raises."""
        self._on_connected = on_connected

    async def connected(self, network: INetwork, conn: INetConn) -> None:
        """A connection is there, whoever dialled."""
        self._on_connected(conn.muxed_conn.peer_id)

    async def disconnected(self, network: INetwork, conn: INetConn) -> None:
        """Links end by themselves."""

    async def opened_stream(self, network: INetwork, stream: INetStream) -> None:
        """Streams are handled by protocol."""

    async def closed_stream(self, network: INetwork, stream: INetStream) -> None:
        """Links end by themselves."""

    async def listen(self, network: INetwork, multiaddr: Multiaddr) -> None:
        """Addresses are asked for when needed."""

    async def listen_close(self, network: INetwork, multiaddr: Multiaddr) -> None:
        """Addresses are asked for when needed."""
