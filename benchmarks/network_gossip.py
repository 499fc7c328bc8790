"""What our way of spreading entries is held against: libp2p's GossipSub, one message an entry.

    python -m benchmarks.network_gossip '{"name": "...", "listen": [], "dial": []}'

A plain host with the settings under which py-libp2p 0.8.1 loses least and costs least. Each item
is 300 bytes and is checked by one Ed25519 verification, as an entry is. Orders are those of
`network_node`.
"""

import functools
import logging
import sys
import time
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from typing import Any, Final

import msgspec
import trio
from libp2p import new_host
from libp2p.abc import IHost
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.custom_types import TProtocol
from libp2p.peer.id import ID
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub import gossipsub as gossipsub_module
from libp2p.pubsub import pubsub as pubsub_module
from libp2p.pubsub.gossipsub import GossipSub
from libp2p.pubsub.pb import rpc_pb2
from libp2p.pubsub.pubsub import Pubsub, get_content_addressed_msg_id
from libp2p.pubsub.rpc_queue import RpcQueue
from libp2p.tools.anyio_service import background_trio_service
from multiaddr import Multiaddr
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from benchmarks.network_child import Arrivals, Config, Meter, Report, node_seed, obey, short

ITEM_BYTES: Final = 300
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
QUEUE_ITEMS: Final = 8_192
"""Messages that may wait for one peer; libp2p's own 32 are lost in any burst."""
TOPIC: Final = "benchmark"
REDIAL_S: Final = 0.5


def no_envelope(host: IHost) -> tuple[bytes, bool]:
    """A signed peer record in every message would cost a quarter of the CPU."""
    return b"", False


class GossipNode:
    """A host that tells everybody each item by itself."""

    def __init__(self, config: Config, meter: Meter) -> None:
        """A host that does not run yet."""
        vars(pubsub_module).update(
            SUBSCRIPTION_CHANNEL_SIZE=QUEUE_ITEMS,
            RpcQueue=functools.partial(RpcQueue, max_size=QUEUE_ITEMS),
        )
        vars(gossipsub_module).update(env_to_send_in_RPC=no_envelope)
        seed = node_seed(config.name)
        self._config = config
        self._meter = meter
        self._signing = SigningKey(seed)
        self._host = new_host(create_new_key_pair(seed))
        self._router = GossipSub(
            [TProtocol("/meshsub/1.1.0")],
            degree=3,
            degree_low=2,
            degree_high=4,
            heartbeat_interval=1,
            adaptive_gossip_enabled=False,
            spam_protection_enabled=False,
            eclipse_protection_enabled=False,
        )
        self._pubsub = Pubsub(
            self._host,
            self._router,
            strict_signing=True,
            msg_id_constructor=get_content_addressed_msg_id,
        )
        self._owed = 0
        self._written = 0
        self.asked_ns: dict[str, int] = {}
        self.stored_ns: dict[str, int] = {}

    async def run(self, task_status: Any = trio.TASK_STATUS_IGNORED) -> None:
        """Runs until cancelled."""
        async with AsyncExitStack() as stack:
            listen = [Multiaddr(address) for address in self._config.listen]
            await stack.enter_async_context(self._host.run(listen))
            nursery = await stack.enter_async_context(trio.open_nursery())
            self._pubsub.counter = time.time_ns()
            for service in (self._pubsub, self._router):
                context: AbstractAsyncContextManager[Any] = background_trio_service(service)
                await stack.enter_async_context(context)
            await self._pubsub.wait_until_ready()
            self._pubsub.set_topic_validator(TOPIC, self._accept, is_async_validator=False)
            nursery.start_soon(drain, await self._pubsub.subscribe(TOPIC))
            for address in self._config.dial:
                nursery.start_soon(self._keep_dialled, address)
            task_status.started()
            await trio.sleep_forever()

    async def write(self, count: int, per_s: float) -> None:
        """Publishes items, so many a second, or as a burst where that is 0."""
        begin_s, begin_ns = trio.current_time(), time.time_ns()
        step_s = 1 / per_s if per_s else 0.0
        self._owed += count
        for number in range(count):
            await trio.sleep_until(begin_s + number * step_s)
            item = self._item()
            identifier = short(item)
            self.asked_ns[identifier] = begin_ns + round(number * step_s * 1e9)
            self.stored_ns[identifier] = time.time_ns()
            await self._pubsub.publish(TOPIC, item)
            self._owed -= 1

    def report(self) -> Report:
        """What the host says of itself; there is no ledger, hence no digest."""
        held = len(self.stored_ns)
        return self._meter.report(held=held, stored=held, owed=self._owed, digest=b"")

    def _item(self) -> bytes:
        self._written += 1
        content = bytes(self._signing.verify_key) + self._written.to_bytes(8)
        content = content.ljust(ITEM_BYTES - SIGNATURE_BYTES, b".")
        return self._signing.sign(content).signature + content

    def _accept(self, forwarder: ID, message: rpc_pb2.Message) -> bool:
        """Whether an item is signed by whom it says; libp2p calls this once for each."""
        item = message.data
        if forwarder == self._host.get_id():
            return True
        content = item[SIGNATURE_BYTES:]
        try:
            VerifyKey(content[:KEY_BYTES]).verify(content, item[:SIGNATURE_BYTES])
        except (BadSignatureError, ValueError):
            return False
        self._meter.messages_in += 1
        self._meter.message_bytes_in += len(item)
        self.stored_ns.setdefault(short(item), time.time_ns())
        return True

    async def _keep_dialled(self, address: str) -> None:
        info = info_from_p2p_addr(Multiaddr(address))
        while True:
            if info.peer_id not in self._host.get_network().connections:
                with suppress(Exception):
                    await self._host.connect(info)
            await trio.sleep(REDIAL_S)


async def drain(subscription: Any) -> None:
    """Empties the subscription, whose messages were counted when they were validated."""
    while True:
        await subscription.get()


async def serve(config: Config) -> None:
    """Runs the host and carries out orders until the input ends."""
    node = GossipNode(config, Meter())

    async with trio.open_nursery() as nursery:
        await nursery.start(node.run)
        await obey(
            {
                "write": lambda count, per_s: nursery.start_soon(node.write, count, per_s),
                "report": node.report,
                "arrivals": lambda: Arrivals(node.asked_ns, node.stored_ns),
            }
        )
        nursery.cancel_scope.cancel()


def main() -> None:
    """Runs one host as its argument says."""
    logging.getLogger("libp2p").setLevel(logging.CRITICAL)
    trio.run(serve, msgspec.json.decode(sys.argv[1], type=Config))


if __name__ == "__main__":
    main()
