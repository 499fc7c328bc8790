"""How near a peer can be at most, by the path on which it is reached."""

import ipaddress
from collections.abc import Collection

import ifaddr

from consensus.presence import Presence
from popd.net.subnets import LOOPBACK, Endpoint, Transport, subnet_of

OwnNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
"""What is reached over an interface of this machine without any router."""


def nearest_class(endpoint: Endpoint, networks: Collection[OwnNetwork]) -> Presence:
    """The class that a path allows; how long it takes may lower it.

    Whoever is behind a relay is remote, whatever the relay says.
    """
    if endpoint.transport is Transport.RELAY:
        return Presence.REMOTE
    if subnet_of(endpoint) == LOOPBACK:
        return Presence.SAME_LINK
    try:
        address = ipaddress.ip_address(endpoint.host.partition("%")[0])
    except ValueError:
        return Presence.NEAR
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    is_on_link = address.is_link_local or any(address in network for network in networks)
    return Presence.SAME_LINK if is_on_link else Presence.NEAR


def own_networks() -> frozenset[OwnNetwork]:
    """The networks that this machine is on now; a host alone on its network is on none."""
    found: set[OwnNetwork] = set()
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            text = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            network = ipaddress.ip_network((text, ip.network_prefix), strict=False)
            if network.num_addresses > 1:
                found.add(network)
    return frozenset(found)
