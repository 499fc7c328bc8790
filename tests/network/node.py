"""A network in a process of its own, for tests: commands come in as lines, events go out as JSON.

Run as `python tests/network/node.py '{"seed": 1, "listen": [...], "dial": [...]}'`; commands are
`send PEER COUNT`, `report` and `want ADDRESS`.
"""

import dataclasses
import json
import sys
import time
from typing import Any

import trio

from consensus.identifiers import NodeKey
from consensus.parameters import NETWORKS
from consensus.units import Microseconds
from popd.net.network import Network
from popd.node.events import Event, MessageReceived, RoundTripMeasured


def say(kind: str, **fields: object) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps({"kind": kind, "at_s": time.monotonic(), **fields}) + "\n")
    sys.stdout.flush()


def tell(event: Event) -> None:
    """Says what the node would be told."""
    if isinstance(event, MessageReceived):
        say("message", peer=event.peer.hex(), text=event.data.decode())
    elif not isinstance(event, RoundTripMeasured):
        say(type(event).__name__, peer=event.peer.hex(), subnet=getattr(event, "subnet", ""))  # type: ignore[union-attr]


def plain(value: Any) -> Any:
    """Report data as JSON takes it."""
    if isinstance(value, bytes):
        return value.hex()
    return value.value


async def send_slowly(network: Network, peer: NodeKey, count: int) -> None:
    """So many numbered messages, one every 5 ms."""
    for number in range(count):
        network.send(peer, str(number).encode())
        await trio.sleep(0.005)


async def obey(network: Network, nursery: trio.Nursery) -> None:
    """Carries out what comes in."""
    async for line in _lines():
        match line.split():
            case ["send", peer, count]:
                nursery.start_soon(send_slowly, network, NodeKey(bytes.fromhex(peer)), int(count))
            case ["want", address]:
                network.want(address)
            case ["report"]:
                peers = [dataclasses.asdict(peer) for peer in network.report()]
                state = dataclasses.asdict(network.state())
                found = {"paths": peers, "state": state}
                say("report", **json.loads(json.dumps(found, default=plain)))
    nursery.cancel_scope.cancel()


async def _lines() -> Any:
    while line := await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
        yield line


async def main(settings: dict[str, Any]) -> None:
    """Runs until its input ends."""
    seed = bytes([settings.pop("seed")]) * 32
    listen, dial = settings.pop("listen"), settings.pop("dial", [])
    network = Network(
        NETWORKS[settings.pop("network", "practice")],
        seed,
        lambda: Microseconds(time.monotonic_ns() // 1_000),
        tell,
        **settings,
    )
    async with trio.open_nursery() as nursery:
        await nursery.start(network.run, listen, dial)
        say("started", key=network.key.hex(), addresses=network.addresses)
        nursery.start_soon(obey, network, nursery)


if __name__ == "__main__":
    trio.run(main, json.loads(sys.argv[1]))
