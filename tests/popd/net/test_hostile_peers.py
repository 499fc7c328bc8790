"""Peers that send libp2p what it stumbles over harm nobody but themselves."""

import gc
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair as ed25519_keys
from libp2p.crypto.secp256k1 import create_new_key_pair as secp256k1_keys
from libp2p.custom_types import TProtocol
from libp2p.peer.peerinfo import info_from_p2p_addr
from multiaddr import Multiaddr

from popd.net.frames import (
    MAX_FRAME_BYTES,
    NO_ID,
    FrameKind,
    Hello,
    acknowledged_frame,
    frame,
    hello_frame,
    message_frame,
)
from tests.popd.net.nodes import LOOPBACK, Node, running, until

OURS = TProtocol("/popd/1/practice/peer")
IDENTIFY = TProtocol("/ipfs/id/push/1.0.0")
HELLO = hello_frame(Hello(b"h" * 16, NO_ID, 0, False, ("/ip4/127.0.0.1/tcp/1", "nonsense")))
LIES = (
    hello_frame(Hello(b"h" * 16, NO_ID, 9, False, ())),
    hello_frame(Hello(NO_ID, NO_ID, 0, False, ())),
    frame(FrameKind.HELLO, b"h" * 41 + b"\xff"),
    frame(FrameKind.GOODBYE, b""),
    frame(FrameKind.STALE, b""),
    (MAX_FRAME_BYTES + 1).to_bytes(4) + b"\0",
    HELLO + message_frame(2, b"the first is missing"),
    HELLO + message_frame(1, b"no message") * 3,
    HELLO + acknowledged_frame(2**40),
    HELLO + frame(FrameKind.BEAT, b"short"),
    HELLO + HELLO,
)
ATTACKS: dict[str, tuple[Any, TProtocol, Callable[[], list[bytes]]]] = {
    "a key that is not ours": (secp256k1_keys, OURS, lambda: [HELLO]),
    "noise on a path": (ed25519_keys, OURS, lambda: [secrets.token_bytes(5_000)]),
    "lies on paths": (ed25519_keys, OURS, lambda: list(LIES)),
    "silence on many streams": (ed25519_keys, OURS, lambda: [b""] * 40),
    "noise to libp2p": (ed25519_keys, IDENTIFY, lambda: [secrets.token_bytes(9_000)] * 3),
}


async def attack(address: str, name: str) -> None:
    make_keys, protocol, bytes_of = ATTACKS[name]
    host = new_host(make_keys())
    info = info_from_p2p_addr(Multiaddr(address))
    async with host.run([Multiaddr(LOOPBACK)]):
        # That the node breaks off at once is as good as that it listens.
        with trio.move_on_after(5), suppress(Exception):
            await host.connect(info)
            for data in bytes_of():
                with trio.move_on_after(1), suppress(Exception):
                    await host.connect(info)
                    stream = await host.new_stream(info.peer_id, [protocol])
                    await stream.write(data)
                    await trio.sleep(0.05)
            await trio.sleep(0.5)


@pytest.mark.network
# libp2p leaves the sockets of broken connections to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ATTACKS)
def test_a_node_goes_on_serving_others(name: str) -> None:
    async def main() -> None:
        victim, friend = Node(), Node()
        async with running((victim, [LOOPBACK]), (friend, [LOOPBACK])):
            await attack(victim.network.addresses[0], name)
            friend.network.want(*victim.network.addresses)
            await until(lambda: bool(friend.events))
            friend.network.send(victim.key, b"well?")
            await until(lambda: b"well?" in victim.messages)

    trio.run(main)
    gc.collect()
