"""Hosts on real wires: they find each other, and a lost wire is not noticed above the session."""

import time
from itertools import pairwise

import pytest

from tests.namespaces import Host, hosts
from tests.network.processes import NodeProcess, nodes, wait_for

pytestmark = pytest.mark.network
PAUSE_S = 4.5
"""Two seconds are usual; giving a dead path up without another would take eight."""
EVERYWHERE = {"listen": ["/ip4/0.0.0.0/tcp/7770"]}


def test_two_hosts_find_each_other_and_others_networks_are_ignored() -> None:
    with (
        hosts(3) as (a, b, c),
        nodes((a, EVERYWHERE), (b, EVERYWHERE), (c, {**EVERYWHERE, "network": "main"})) as found,
    ):
        one, other, stranger = found
        one.wait("PeerConnected", 10.0, peer=other.key, subnet="10.77.0.0/24")
        other.wait("PeerConnected", 10.0, peer=one.key)
        assert stranger.of("PeerConnected") == []
        wait_for(lambda: [r for r in [one.report()] if r["state"]["mdns"] == "running"], 10.0)


def longest_silence_s(node: NodeProcess, since_s: float) -> float:
    times = [line["at_s"] for line in node.of("message")]
    return max(later - earlier for earlier, later in pairwise(times) if later > since_s)


def has_two_paths(node: NodeProcess) -> list[str]:
    """The addresses of the paths of its only peer, the active one first, once there are two."""
    peers = node.report()["paths"]
    addresses = [path["address"] for peer in peers for path in peer["paths"]]
    return addresses if len(addresses) == 2 else []


@pytest.mark.parametrize("loss", [Host.unplug, Host.swallow], ids=["unplugged", "swallowed"])
def test_a_lost_wire_costs_a_pause_and_nothing_else(loss: object) -> None:
    with hosts(2, lines=2) as (a, b), nodes((a, EVERYWHERE), (b, EVERYWHERE)) as (one, other):
        one.wait("PeerConnected", 10.0)
        active = wait_for(lambda: has_two_paths(one), 10.0)[0]
        one.tell(f"send {other.key} 500")
        other.tell(f"send {one.key} 500")
        wait_for(lambda: other.of("message")[100:], 10.0)
        lost_s = time.monotonic()
        assert callable(loss)
        loss(a, 0 if "/10.77." in active else 1)
        for node in (one, other):
            heard = node.wait_for_messages(500)
            assert heard == [str(number) for number in range(500)]
            assert longest_silence_s(node, lost_s) < PAUSE_S
            assert node.of("PeerDisconnected") == []
