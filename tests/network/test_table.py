"""Nodes that know one common node find each other through the table."""

import pytest

from tests.namespaces import hosts
from tests.network.processes import nodes

pytestmark = pytest.mark.network
EVERYWHERE = {"listen": ["/ip4/0.0.0.0/tcp/7770"], "uses_mdns": False}
FIRST = "/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5"
"""The peer id of the node with the seed 1."""


def test_two_that_know_a_third_find_each_other() -> None:
    with hosts(3) as (a, b, c):
        known = {**EVERYWHERE, "dial": [f"/ip4/{a.address()}/tcp/7770{FIRST}"]}
        with nodes((a, EVERYWHERE), (b, known), (c, known)) as (first, one, other):
            one.wait("PeerConnected", 5.0, peer=first.key)
            one.wait("PeerConnected", 20.0, peer=other.key, subnet="10.77.0.0/24")
            other.wait("PeerConnected", 20.0, peer=one.key)
            assert one.report()["state"]["table"] == "running"
