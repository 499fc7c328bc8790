"""Where a peer comes from, as text: peers of one subnet share what strangers may take up."""

import ipaddress
from dataclasses import dataclass
from enum import Enum
from typing import Final

IPV4_PREFIX: Final = 24
IPV6_PREFIX: Final = 48
LOOPBACK: Final = "loopback"
UNKNOWN: Final = "unknown"
MAX_ADDRESS_CHARS: Final = 255
"""The longest address that is looked at."""


class Transport(Enum):
    """How bytes travel on a path."""

    TCP = "tcp"
    WEBSOCKET = "ws"
    RELAY = "relay"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The far end of a path, as far as one can see it."""

    transport: Transport
    """How bytes travel there."""
    host: str
    """Its IP address; of a relayed path the relay's peer id."""


def subnet_of(endpoint: Endpoint) -> str:
    """Whom to charge together with whoever is there."""
    if endpoint.transport is Transport.RELAY:
        return f"relay:{endpoint.host}"
    try:
        address = ipaddress.ip_address(endpoint.host.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return LOOPBACK
    prefix = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((address, prefix), strict=False))


def endpoint_of(address: str) -> Endpoint | None:
    """The far end that a multiaddress names; None when it names none that can be dialled."""
    if len(address) > MAX_ADDRESS_CHARS:
        return None
    parts = address.split("/")
    if "p2p-circuit" in parts:
        before = parts[: parts.index("p2p-circuit")]
        if len(before) < 2 or before[-2] != "p2p":
            return None
        return Endpoint(Transport.RELAY, before[-1])
    if len(parts) < 5 or parts[1] not in {"ip4", "ip6", "dns", "dns4", "dns6"}:
        return None
    if parts[3] != "tcp" or not parts[4].isdecimal():
        return None
    return Endpoint(Transport.WEBSOCKET if "ws" in parts[5:] else Transport.TCP, parts[2])


def is_loopback(address: str) -> bool:
    """Whether a multiaddress leads to this machine only."""
    endpoint = endpoint_of(address)
    return endpoint is not None and subnet_of(endpoint) == LOOPBACK


def is_worth_dialling(address: str, subnet: str) -> bool:
    """Whether an address that a peer names may lead to it, seen from where the peer is.

    A peer's loopback is our own, and nobody sends us to our own machine, or to all of it.
    """
    endpoint = endpoint_of(address)
    if endpoint is None:
        return False
    if endpoint.transport is Transport.RELAY:
        return True
    try:
        host = ipaddress.ip_address(endpoint.host)
    except ValueError:
        return False
    if host.is_unspecified or host.is_multicast or host.is_link_local:
        return False
    return host.is_loopback == (subnet == LOOPBACK)
