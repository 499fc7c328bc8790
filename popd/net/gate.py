"""The gate: every connection that comes in passes the guard before libp2p spends anything on it."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

import trio
from libp2p.network.connection.raw_connection import RawConnection
from libp2p.peer.id import ID
from libp2p.transport.websocket import listener as websocket_listener
from multiaddr import Multiaddr
from trio_websocket import WebSocketServer

from popd.net.guard import Guard, Remote

logger = logging.getLogger(__name__)

UPGRADE_S: Final = 3.0
"""A connection that has not shaken hands by then is closed."""
CLOSE_S: Final = 1.0


class Gate:
    """Stands in for libp2p's handler of inbound connections.

    libp2p's own holds a slot for every connection that ever came in until the host ends, so that
    after so many nobody gets in any more.
    """

    def __init__(
        self, network: Any, now_us: Callable[[], int], is_welcome: Callable[[ID], bool]
    ) -> None:
        """Puts itself in front of libp2p's swarm, which need not run yet."""
        self._is_welcome = is_welcome
        self.guard = Guard()
        self._network = network
        self._now_us = now_us
        self._scopes: dict[Remote, trio.CancelScope] = {}
        vars(network)["_handle_inbound_connection"] = self._handle
        _gates[network.upgrader] = self
        vars(websocket_listener)["serve_websocket"] = _serve_websocket

    async def pass_through(self, remote: Remote, serve: Callable[[], Awaitable[None]]) -> None:
        """Runs what a connection does, when the guard admits it, until it ends or gives way."""
        decision = self.guard.enter(remote, self._now_us())
        self._evict(decision.evicted)
        if not decision.is_admitted:
            return
        scope = self._scopes[remote] = trio.CancelScope()
        try:
            with scope:
                await serve()
        finally:
            if self._scopes.get(remote) is scope:
                del self._scopes[remote]
                self.guard.leave(remote)

    def _evict(self, remote: Remote | None) -> None:
        scope = None if remote is None else self._scopes.pop(remote, None)
        if scope is not None:
            scope.cancel()

    async def _handle(self, stream: Any, listened: Multiaddr) -> None:
        """libp2p's listeners call this with each raw connection, and close it afterwards."""
        remote = remote_of(stream)
        if remote is None:
            return
        try:
            if remote in self._scopes:
                await self._serve(stream, remote, listened)
            else:
                await self.pass_through(remote, lambda: self._serve(stream, remote, listened))
        finally:
            with contextlib.suppress(Exception), trio.move_on_after(CLOSE_S) as closing:
                closing.shield = True
                await stream.close()

    async def _serve(self, stream: Any, remote: Remote, listened: Multiaddr) -> None:
        raw = RawConnection(stream, False, addresses=[_address_of(remote, listened)])
        try:
            with trio.fail_after(UPGRADE_S):
                muxed: Any = await self._network.upgrade_inbound_raw_conn(raw, listened)
        except Exception:
            # Any exception at all: it is the stranger's bytes that made it.
            logger.debug("a connection from %s broke off", remote, exc_info=True)
            return
        if not self._is_welcome(muxed.peer_id):
            return
        decision = self.guard.open(remote)
        self._evict(decision.evicted)
        if decision.is_admitted:
            await muxed.event_closed.wait()


def remote_of(stream: Any) -> Remote | None:
    """Where a raw connection comes from; libp2p knows it of TCP over IPv4 only."""
    websocket = vars(stream).get("_ws_connection")
    below = stream.stream if websocket is None else vars(websocket)["_stream"]
    try:
        host, port = below.socket.getpeername()[:2]
    except (AttributeError, OSError):
        return None
    return str(host), int(port)


def remote_of_connection(connection: Any) -> Remote:
    """Where the connection of a path comes from."""
    parts = address_of(connection).split("/")
    is_known = len(parts) > 4 and parts[4].isdecimal()
    return (parts[2], int(parts[4])) if is_known else ("", 0)


def address_of(connection: Any) -> str:
    """Where a connection leads or comes from; empty when libp2p does not know."""
    addresses = connection.muxed_conn.get_transport_addresses()
    return str(addresses[0]) if addresses else ""


def _address_of(remote: Remote, listened: Multiaddr) -> Multiaddr:
    protocol = "ip6" if ":" in remote[0] else "ip4"
    suffix = "/ws" if "/ws" in str(listened) else ""
    return Multiaddr(f"/{protocol}/{remote[0].partition('%')[0]}/tcp/{remote[1]}{suffix}")


_gates: WeakKeyDictionary[Any, Gate] = WeakKeyDictionary()
"""The gate of the host that an upgrader belongs to: all that a listener knows of its host."""


class _GuardedServer(WebSocketServer):
    """trio-websocket's server with the gate before its handshake, too."""

    gate: Gate

    async def _handle_connection(self, stream: trio.abc.Stream) -> None:
        assert isinstance(stream, trio.SocketStream), "we listen on sockets"
        try:
            host, port = stream.socket.getpeername()[:2]
        except OSError:
            return
        serve = super()._handle_connection
        await self.gate.pass_through((str(host), int(port)), lambda: serve(stream))


async def _serve_websocket(
    handler: Any, host: str, port: int, ssl_context: None, task_status: Any
) -> None:
    """Stands in for the function of that name that libp2p's WebSocket listener calls."""
    listeners = await trio.open_tcp_listeners(port, host=host)
    server = _GuardedServer(handler, listeners, connect_timeout=UPGRADE_S)
    server.gate = _gates[vars(handler.__self__)["_upgrader"]]
    await server.run(task_status=task_status)
