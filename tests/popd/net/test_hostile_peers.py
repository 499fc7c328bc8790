"""Peers that send libp2p what it stumbles over harm nobody but themselves."""

import gc
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair as ed25519_keys
from libp2p.crypto.secp256k1 import create_new_key_pair as secp256k1_keys
from libp2p.custom_types import TProtocol
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub.pb import rpc_pb2
from libp2p.pubsub.pubsub import PUBSUB_SIGNING_PREFIX
from multiaddr import Multiaddr

from consensus.parameters import PRACTICE
from popd.net.network import Network
from popd.node.events import Event, MessageReceived

LOOPBACK = "/ip4/127.0.0.1/tcp/0"
TOPIC = "popd/1/practice/entries"
OURS = TProtocol("/popd/1/practice/peer")
MESHSUB = TProtocol("/meshsub/1.1.0")


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def rpc(**fields: Any) -> bytes:
    data: bytes = rpc_pb2.RPC(**fields).SerializeToString()
    return varint(len(data)) + data


def message(**fields: Any) -> bytes:
    return rpc(publish=[rpc_pb2.Message(data=b"junk", topicIDs=[TOPIC], **fields)])


def signed_by(host: Any) -> bytes:
    unsigned = rpc_pb2.Message(
        from_id=host.get_id().to_bytes(), seqno=b"12345678", data=b"junk", topicIDs=[TOPIC]
    )
    subject = PUBSUB_SIGNING_PREFIX.encode() + unsigned.SerializeToString()
    unsigned.key = host.get_public_key().serialize()
    unsigned.signature = host.get_private_key().sign(subject)
    return rpc(publish=[unsigned])


ODD_KEYS = (b"y", b"\x08\x00\x12\x20" + bytes(32), b"\x08\x02\x12\x20" + bytes(32), b"\x08\x09")
ATTACKS: dict[str, tuple[Any, TProtocol, Callable[[Any], list[bytes]]]] = {
    "a key that is not ours": (secp256k1_keys, OURS, lambda host: [b"\0\0\0\1\0a"]),
    "gossip by such a key": (secp256k1_keys, MESHSUB, lambda host: [signed_by(host)]),
    "noise for a message": (ed25519_keys, MESHSUB, lambda host: [b"\x64" + b"\xff" * 100]),
    "much noise": (ed25519_keys, MESHSUB, lambda host: [secrets.token_bytes(300_000)]),
    "odd public keys": (
        ed25519_keys,
        MESHSUB,
        lambda host: [
            message(from_id=b"\1\2", seqno=b"1", signature=b"x", key=key) for key in ODD_KEYS
        ],
    ),
    "noise on a link": (ed25519_keys, OURS, lambda host: [secrets.token_bytes(5_000)]),
}


async def attack(address: str, name: str) -> None:
    make_keys, protocol, bytes_of = ATTACKS[name]
    host = new_host(make_keys())
    info = info_from_p2p_addr(Multiaddr(address))
    async with host.run([Multiaddr(LOOPBACK)]):
        # That the node breaks off at once is as good as that it listens.
        with trio.move_on_after(5), suppress(Exception):
            await host.connect(info)
            for data in bytes_of(host):
                stream = await host.new_stream(info.peer_id, [protocol])
                await stream.write(data)
            await trio.sleep(0.5)


async def started(nursery: trio.Nursery, on_event: Callable[[Event], None], *dial: str) -> Network:
    network = Network(
        PRACTICE,
        secrets.token_bytes(32),
        lambda: time.time_ns() // 1_000,
        on_event,  # type: ignore[arg-type]
    )
    await nursery.start(network.run, [LOOPBACK], list(dial))
    return network


@pytest.mark.network
# libp2p leaves the sockets of broken connections to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ATTACKS)
def test_a_node_goes_on_serving_others(name: str) -> None:
    async def main() -> None:
        heard = trio.Event()

        def hear(event: Event) -> None:
            if isinstance(event, MessageReceived) and event.data == b"well?":
                heard.set()

        async with trio.open_nursery() as nursery:
            victim = await started(nursery, hear)
            await attack(victim.addresses[0], name)
            friend = await started(nursery, lambda event: None, victim.addresses[0])
            await friendly(friend, victim, heard)
            nursery.cancel_scope.cancel()

    trio.run(main)
    gc.collect()


def friendly(friend: Network, victim: Network, heard: trio.Event) -> Awaitable[None]:
    """A friend reaches the node and is heard."""

    async def reach() -> None:
        with trio.fail_after(10):
            while not heard.is_set():
                friend.send(victim.key, b"well?")
                await trio.sleep(0.1)

    return reach()
