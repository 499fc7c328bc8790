"""A peer behind a closed route is reached through a relay that both reach."""

import pytest

from tests.namespaces import cut, heal, hosts
from tests.network.processes import NodeProcess, nodes, wait_for

pytestmark = pytest.mark.network
EVERYWHERE = {"listen": ["/ip4/0.0.0.0/tcp/7770"]}
RELAY_ID = "12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5"
"""Of the node with the seed 1."""


def transports(node: NodeProcess, peer: str) -> list[str]:
    """How a node reaches a peer, the active path first."""
    found = [report for report in node.report()["paths"] if report["peer"] == peer]
    return [path["transport"] for report in found for path in report["paths"]]


def test_a_closed_route_is_got_round_through_a_relay_until_it_opens() -> None:
    with hosts(3) as (r, a, b):
        cut([a], [b])
        placed = [(r, {**EVERYWHERE, "is_relay": True}), (a, EVERYWHERE), (b, EVERYWHERE)]
        with nodes(*placed) as (_, one, other):
            one.wait("PeerConnected", 20.0, peer=other.key, subnet=f"relay:{RELAY_ID}")
            other.wait("PeerConnected", 10.0, peer=one.key, subnet=f"relay:{RELAY_ID}")
            assert set(transports(one, other.key)) == {"relay"}
            one.tell(f"send {other.key} 300")
            other.tell(f"send {one.key} 300")
            wait_for(lambda: other.of("message")[100:], 10.0)
            heal([a], [b])
            for node in (one, other):
                texts = node.wait_for_messages(300)
                assert texts == [str(number) for number in range(300)]
            wait_for(lambda: [t for t in transports(one, other.key)[:1] if t == "tcp"], 30.0)
            assert one.of("PeerDisconnected") == other.of("PeerDisconnected") == []
