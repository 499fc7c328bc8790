"""Relays carry what the ends encrypt, only to peers that asked for it, and not without end."""

import gc
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.peer.id import ID
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.relay.circuit_v2.pb import circuit_pb2 as wire
from libp2p.relay.circuit_v2.utils import read_delimited_msg, write_delimited_msg
from multiaddr import Multiaddr

from popd.net.keys import peer_id_of
from popd.net.relay_client import circuit_address, relay_in
from popd.net.relay_server import HOP, STOP
from popd.node.events import PeerConnected
from tests.popd.net.nodes import LOOPBACK, Node, running, until

pytestmark = [
    pytest.mark.network,
    # libp2p leaves the sockets of broken connections to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_the_address_of_a_circuit_begins_with_the_relays() -> None:
    relay = "/ip4/192.0.2.1/tcp/1/p2p/R"
    assert relay_in(circuit_address(relay, ID(b"x"))) == relay


def test_peers_talk_through_a_relay_that_keeps_a_place_for_one_of_them() -> None:
    async def main() -> None:
        relay, here, there = Node(is_relay=True), Node(), Node()
        async with running((relay, [LOOPBACK]), (here, [LOOPBACK]), (there, [LOOPBACK])):
            there.network.want(*relay.network.addresses)
            await until(lambda: len(there.network.addresses) == 2)
            circuit = there.network.addresses[1]
            here.network.want(*relay.network.addresses)
            await until(lambda: len(here.events) == 1)
            here.network.want(circuit)
            await until(lambda: len(here.events) == 2)
            name = f"relay:{peer_id_of(relay.key)}"
            for node, other in ((here, there), (there, here)):
                connected = node.events[1]
                assert isinstance(connected, PeerConnected)
                assert (connected.peer, connected.subnet) == (other.key, name)
            for number in range(200):
                here.network.send(there.key, number.to_bytes(4) + bytes(1_000))
            await until(lambda: len(there.messages) == 200)
            assert [int.from_bytes(m[:4]) for m in there.messages] == list(range(200))
            assert relay.network.state().circuits == 1
            assert relay.messages == []

    trio.run(main)
    gc.collect()


NOISE = (secrets.token_bytes(3_000), b"\xff" * 20, b"\x05\x08\x00\x12\x01y", b"")


@asynccontextmanager
async def stranger(address: str) -> AsyncIterator[Any]:
    """Opens streams to a node, as anybody may."""
    host = new_host(create_new_key_pair(secrets.token_bytes(32)))
    info = info_from_p2p_addr(Multiaddr(address))
    async with host.run([Multiaddr(LOOPBACK)]):
        await host.connect(info)
        yield lambda protocol: host.new_stream(info.peer_id, [protocol])


def test_strangers_get_no_circuit_to_a_peer_without_a_place() -> None:
    async def main() -> None:
        relay = Node(is_relay=True)
        async with (
            running((relay, [LOOPBACK])),
            stranger(relay.network.addresses[0]) as open_stream,
        ):
            for asked, status in (
                (wire.HopMessage(type=wire.HopMessage.RESERVE), wire.OK),
                (_connect(b"x" * 34), wire.NO_RESERVATION),
                (_connect(b""), wire.NO_RESERVATION),
                (wire.HopMessage(type=wire.HopMessage.STATUS), wire.MALFORMED_MESSAGE),
            ):
                stream = await open_stream(HOP)
                await write_delimited_msg(stream, asked)
                with trio.fail_after(3):
                    answer = await read_delimited_msg(stream, wire.HopMessage)
                assert answer.status == status

    trio.run(main)
    gc.collect()


def _connect(peer: bytes) -> wire.HopMessage:
    return wire.HopMessage(type=wire.HopMessage.CONNECT, peer=wire.PeerId(id=peer))


@pytest.mark.parametrize("protocol", [HOP, STOP])
def test_noise_to_a_relay_harms_nobody(protocol: Any) -> None:
    async def main() -> None:
        relay, friend = Node(is_relay=True), Node()
        async with running((relay, [LOOPBACK]), (friend, [LOOPBACK])):
            async with stranger(relay.network.addresses[0]) as open_stream:
                for data in NOISE:
                    with suppress(Exception):
                        stream = await open_stream(protocol)
                        await stream.write(data)
                await trio.sleep(0.3)
            friend.network.want(*relay.network.addresses)
            await until(lambda: bool(friend.events))

    trio.run(main)
    gc.collect()
