"""Peers of one subnet are charged together, and nobody sends us to a place that can't be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popd.net.subnets import (
    Endpoint,
    Transport,
    endpoint_of,
    is_loopback,
    is_worth_dialling,
    subnet_of,
)

PEER = "12D3KooWCugzopk9fYBy1pvYVi94Qr2y9PL4CjSpYZUaXir3YWb7"


@pytest.mark.parametrize(
    ("host", "subnet"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("127.0.0.9", "loopback"),
        ("::1", "loopback"),
        ("", "unknown"),
        ("popd.example", "unknown"),
    ],
)
def test_an_address_belongs_to_a_subnet(host: str, subnet: str) -> None:
    assert subnet_of(Endpoint(Transport.TCP, host)) == subnet


def test_whoever_comes_through_a_relay_is_charged_with_the_relay() -> None:
    assert subnet_of(Endpoint(Transport.RELAY, PEER)) == f"relay:{PEER}"


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        (f"/ip4/192.0.2.1/tcp/7770/p2p/{PEER}", Endpoint(Transport.TCP, "192.0.2.1")),
        ("/ip6/2001:db8::1/tcp/7770", Endpoint(Transport.TCP, "2001:db8::1")),
        (f"/ip4/192.0.2.1/tcp/80/ws/p2p/{PEER}", Endpoint(Transport.WEBSOCKET, "192.0.2.1")),
        (f"/ip4/192.0.2.1/tcp/1/p2p/{PEER}/p2p-circuit/p2p/Q", Endpoint(Transport.RELAY, PEER)),
        ("/p2p-circuit/p2p/Q", None),
        ("/ip4/192.0.2.1/udp/7770/quic-v1", None),
        ("/ip4/192.0.2.1", None),
        ("/unix/run/x/tcp/1", None),
        ("", None),
        ("/" * 10_000, None),
    ],
)
def test_an_address_leads_to_an_endpoint(address: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of(address) == endpoint


@given(st.text(max_size=300))
def test_no_text_is_stumbled_over(text: str) -> None:
    assert is_worth_dialling(text, "loopback") <= (endpoint_of(text) is not None)


@pytest.mark.parametrize(
    ("address", "subnet", "is_worth"),
    [
        ("/ip4/192.0.2.1/tcp/1", "192.0.2.0/24", True),
        ("/ip4/127.0.0.1/tcp/1", "loopback", True),
        ("/ip4/127.0.0.1/tcp/1", "192.0.2.0/24", False),
        ("/ip4/192.0.2.1/tcp/1", "loopback", False),
        ("/ip4/0.0.0.0/tcp/1", "192.0.2.0/24", False),
        ("/ip4/224.0.0.1/tcp/1", "192.0.2.0/24", False),
        ("/ip6/fe80::1/tcp/1", "192.0.2.0/24", False),
        ("/dns4/popd.example/tcp/1", "192.0.2.0/24", False),
    ],
)
def test_a_peer_can_name_only_places_that_may_be_its_own(
    address: str, subnet: str, is_worth: bool
) -> None:
    assert is_worth_dialling(address, subnet) is is_worth


def test_loopback_is_told_from_the_rest() -> None:
    assert is_loopback("/ip4/127.0.0.1/tcp/1")
    assert is_loopback("/ip6/::1/tcp/1/ws")
    assert not is_loopback("/ip4/0.0.0.0/tcp/1")
