"""The libp2p host: TCP and WebSocket, Noise, Yamux; and connections to one given address."""

import contextlib
import logging
import socket
from collections.abc import Sequence
from typing import Any, Final

import ifaddr
import trio
from libp2p import new_host
from libp2p.custom_types import TProtocol
from libp2p.network.config import ConnectionConfig, RetryConfig
from libp2p.peer.id import ID
from libp2p.protocol_muxer.multiselect_communicator import MultiselectCommunicator
from libp2p.transport.websocket import proxy_env
from multiaddr import Multiaddr

from popd.net.gate import UPGRADE_S
from popd.net.keys import host_key_pair

MAX_CONNECTIONS: Final = 512
"""In and out; the guard and the dialler stay far below."""
MAX_CONNECTIONS_PER_PEER: Final = 8
MAX_STREAMS_PER_CONNECTION: Final = 16
"""Streams that a stranger may have open on one connection."""
NEGOTIATE_S: Final = 5
CLOSE_S: Final = 1.0


def quieten() -> None:
    """Libraries log what is ordinary on a network, peers that go away, as errors."""
    for name in ("libp2p", "trio-websocket", "zeroconf"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def make_host(seed: bytes) -> Any:
    """A host that does not run yet. Limits of libp2p's own are off: ours come first."""
    quieten()
    host: Any = new_host(
        host_key_pair(seed),
        enable_tcp=True,
        enable_websocket=True,
        addrs_factory=_reachable,
        disable_identify_address_discovery=True,
        connection_config=ConnectionConfig(
            max_connections=MAX_CONNECTIONS,
            high_watermark=MAX_CONNECTIONS,
            low_watermark=0,
            min_connections=0,
            max_connections_per_peer=MAX_CONNECTIONS_PER_PEER,
            inbound_upgrade_timeout=UPGRADE_S,
        ),
    )
    network = host.get_network()
    network.retry_config = RetryConfig(max_retries=0)
    network.set_resource_manager(None)
    vars(network.auto_connector)["maybe_connect"] = _dial_nobody
    vars(host)["_schedule_identify"] = _identify_nobody
    vars(proxy_env)["get_proxy_from_environment"] = _no_proxy
    return host


def _identify_nobody(peer: ID, *, reason: str) -> None:
    """libp2p would exchange what a hello says on two more streams of every connection."""


def _no_proxy(url: str) -> None:
    """libp2p would take WebSocket paths, and only those, through a proxy, and print that."""


async def _dial_nobody() -> None:
    """libp2p would dial whomever it ever heard of; whom we dial, the address book decides."""


async def dial(host: Any, address: str, peer: ID) -> Any:
    """A new connection to exactly this address; raises whatever libp2p raises."""
    return await host.get_network().dial_addr(Multiaddr(address), peer)


async def open_stream(host: Any, connection: Any, protocol: TProtocol) -> Any:
    """A new stream on exactly this connection; raises whatever libp2p raises."""
    stream = await connection.new_stream()
    chosen = await host.multiselect_client.select_one_of(
        [protocol], MultiselectCommunicator(stream), NEGOTIATE_S
    )
    stream.set_protocol(chosen)
    return stream


async def drop_connection(connection: Any) -> None:
    """Ends a connection at once, though a writer may be stuck in it."""
    with trio.CancelScope(shield=True), contextlib.suppress(Exception):
        with trio.move_on_after(CLOSE_S):
            await connection.muxed_conn.secured_conn.close()
        with trio.move_on_after(CLOSE_S):
            await connection.close()


def check_free(address: str) -> None:
    """Raises OSError when this machine can't listen there, or another process does.

    libp2p listens with SO_REUSEPORT, under which two processes of one user share a port.
    """
    multiaddress = Multiaddr(address)
    parts = str(multiaddress).split("/")
    family = socket.AF_INET6 if parts[1] == "ip6" else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((parts[2], int(parts[4])))
        except OSError as error:
            raise OSError(
                f"{address} can't be listened on: {error.strerror}; another node may run there,"
                " or choose another port"
            ) from error


def reachable_addresses(host: Any) -> tuple[str, ...]:
    """Where others on the same networks can dial the host, with its peer id."""
    suffix = f"/p2p/{host.get_id()}"
    return tuple(f"{address}{suffix}" for address in _reachable(host.get_transport_addrs()))


def _reachable(listened: Sequence[Multiaddr]) -> list[Multiaddr]:
    """Addresses that are listened on, with this machine's own in place of "all"."""
    addresses: list[Multiaddr] = []
    for address in listened:
        parts = str(address).split("/")
        if parts[2] in {"0.0.0.0", "::"}:
            addresses += (
                Multiaddr("/".join([*parts[:2], local, *parts[3:]]))
                for local in local_hosts(parts[1])
            )
        else:
            addresses.append(address)
    return addresses


def local_hosts(protocol: str) -> list[str]:
    """This machine's addresses, `ip4` or `ip6`; loopback only when there is nothing else."""
    texts = [
        ip.ip if isinstance(ip.ip, str) else ip.ip[0]
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 == (protocol == "ip4")
    ]
    outward = [text for text in texts if not text.startswith(("127.", "fe80:")) and text != "::1"]
    return outward or texts
