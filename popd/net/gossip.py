"""Gossip: tells everybody, quickly, and promises nothing; comparing makes the ledger whole.

The settings are those under which py-libp2p 0.8.1 delivered everything in measurement; several
are module-level names, so they are set here, once, and checked when the node starts.
"""

import functools
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Final

import trio
from libp2p.abc import IHost
from libp2p.custom_types import TProtocol
from libp2p.peer.id import ID
from libp2p.pubsub import gossipsub as gossipsub_module
from libp2p.pubsub import pubsub as pubsub_module
from libp2p.pubsub.gossipsub import GossipSub
from libp2p.pubsub.pb import rpc_pb2
from libp2p.pubsub.pubsub import Pubsub, get_content_addressed_msg_id
from libp2p.pubsub.rpc_queue import RpcQueue
from libp2p.tools.anyio_service import background_trio_service

from popd.net.guarding import guarded_task

QUEUE_ITEMS: Final = 8_192
"""Messages that may wait for one peer; libp2p's 32 are lost in any burst."""
GOSSIPSUB: Final = TProtocol("/meshsub/1.1.0")
MAX_GOSSIP_BYTES: Final = 256 * 1024

Deliver = Callable[[ID, bytes], bool]
"""Takes a message from the peer that forwarded it, and says whether to pass it on. Never waits."""


def apply_settings() -> None:
    """Sets what libp2p offers no argument for."""
    vars(pubsub_module).update(
        SUBSCRIPTION_CHANNEL_SIZE=QUEUE_ITEMS,
        RpcQueue=functools.partial(RpcQueue, max_size=QUEUE_ITEMS),
    )
    vars(gossipsub_module).update(env_to_send_in_RPC=_no_envelope)


def check_settings(router: GossipSub) -> None:
    """Raises RuntimeError when another libp2p does not heed the settings."""
    probe = vars(pubsub_module)["RpcQueue"]()
    is_roomy = all(probe.push(rpc_pb2.RPC()) for _ in range(QUEUE_ITEMS))
    if not is_roomy or router.adaptive_gossip_enabled or router.heartbeat_interval != 1:
        raise RuntimeError("this libp2p does not heed popd's gossip settings; 0.8.1 does")


def _no_envelope(host: IHost) -> tuple[bytes, bool]:
    """A signed peer record in every message costs a quarter of the CPU and nobody reads it."""
    return b"", False


class Gossip:
    """The topics of one network."""

    def __init__(self, host: IHost, network: str, deliver: Deliver) -> None:
        """Prepares gossip on a host that need not run yet."""
        apply_settings()
        self._host = host
        self._deliver = deliver
        self._topics = {
            False: f"popd/1/{network}/entries",
            True: f"popd/1/{network}/live",
        }
        self._router = GossipSub(
            [GOSSIPSUB],
            degree=6,
            degree_low=4,
            degree_high=12,
            heartbeat_interval=1,
            adaptive_gossip_enabled=False,
            spam_protection_enabled=False,
            eclipse_protection_enabled=False,
        )
        self._pubsub = Pubsub(
            host,
            self._router,
            strict_signing=True,
            msg_id_constructor=get_content_addressed_msg_id,
            max_inbound_rpc_size=4 * MAX_GOSSIP_BYTES,
        )
        check_settings(self._router)
        vars(self._pubsub)["push_msg"] = guarded_task(self._pubsub.push_msg)

    @asynccontextmanager
    async def running(self, nursery: trio.Nursery, now_us: int) -> AsyncIterator[None]:
        """Runs gossip while the context is open; `now_us` numbers messages beyond a restart."""
        self._pubsub.counter = now_us * 1_000
        async with AsyncExitStack() as stack:
            for service in (self._pubsub, self._router):
                context: AbstractAsyncContextManager[Any] = background_trio_service(service)
                await stack.enter_async_context(context)
            await self._pubsub.wait_until_ready()
            for topic in self._topics.values():
                self._pubsub.set_topic_validator(topic, self._accept, is_async_validator=False)
                subscription = await self._pubsub.subscribe(topic)
                nursery.start_soon(_drain, subscription)
            yield

    async def publish(self, data: bytes, *, is_live: bool) -> None:
        """Tells everybody who is in the mesh."""
        await self._pubsub.publish(self._topics[is_live], data)

    def _accept(self, forwarder: ID, message: rpc_pb2.Message) -> bool:
        """Hands a message to the node. Runs as libp2p's validator, which knows the forwarder."""
        if forwarder == self._host.get_id():
            return True
        if len(message.data) > MAX_GOSSIP_BYTES:
            return False
        return self._deliver(forwarder, message.data)


async def _drain(subscription: Any) -> None:
    """Empties the subscription, whose messages were delivered when they were validated."""
    while True:
        await subscription.get()


def quieten() -> None:
    """libp2p logs what is ordinary on a network, peers that go away, as errors."""
    logging.getLogger("libp2p").setLevel(logging.CRITICAL)
