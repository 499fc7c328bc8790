"""A path says how near a peer can be at most: nobody is near through a relay."""

from ipaddress import ip_network

import pytest

from consensus.presence import Presence
from popd.net.subnets import Endpoint, Transport
from popd.net.vicinity import nearest_class, own_networks

NETWORKS = [ip_network("192.168.7.0/24"), ip_network("2001:db8:7::/64")]


@pytest.mark.parametrize(
    ("transport", "host", "presence"),
    [
        (Transport.TCP, "127.0.0.1", Presence.SAME_LINK),
        (Transport.WEBSOCKET, "::1", Presence.SAME_LINK),
        (Transport.TCP, "192.168.7.12", Presence.SAME_LINK),
        (Transport.TCP, "::ffff:192.168.7.12", Presence.SAME_LINK),
        (Transport.TCP, "2001:db8:7::5", Presence.SAME_LINK),
        (Transport.TCP, "fe80::1%eth0", Presence.SAME_LINK),
        (Transport.TCP, "192.168.8.12", Presence.NEAR),
        (Transport.WEBSOCKET, "example.org", Presence.NEAR),
        (Transport.RELAY, "12D3KooWRelay", Presence.REMOTE),
        (Transport.RELAY, "127.0.0.1", Presence.REMOTE),
    ],
)
def test_a_path_allows_a_class(transport: Transport, host: str, presence: Presence) -> None:
    assert nearest_class(Endpoint(transport, host), NETWORKS) is presence


def test_this_machine_knows_the_networks_that_it_is_on() -> None:
    assert any(network.is_loopback for network in own_networks())
    assert all(network.num_addresses > 1 for network in own_networks())
