"""Relays for others: keeps places for peers that nobody reaches, and pipes circuits to them.

Speaks circuit relay v2 (libp2p's specification, `relay/circuit-v2.md`). What travels in a circuit
is encrypted between its ends.
"""

import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import trio
from libp2p.custom_types import TProtocol
from libp2p.peer.id import ID
from libp2p.relay.circuit_v2.pb import circuit_pb2 as wire
from libp2p.relay.circuit_v2.utils import read_delimited_msg, write_delimited_msg

from popd.net.gate import address_of
from popd.net.host import open_stream

logger = logging.getLogger(__name__)

HOP: Final = TProtocol("/libp2p/circuit/relay/0.2.0/hop")
STOP: Final = TProtocol("/libp2p/circuit/relay/0.2.0/stop")
MAX_PLACES: Final = 64
PLACE_S: Final = 3_600
"""A place is kept for so long after it was last asked for."""
MAX_CIRCUITS: Final = 32
MAX_CIRCUITS_PER_PEER: Final = 4
CIRCUIT_S: Final = 3_600
CIRCUIT_BYTES: Final = 1024 * 1024 * 1024
"""A circuit that lasted so long, or carried so much, ends; its ends may ask for another."""
PIPE_BYTES: Final = 64 * 1024
ANSWER_S: Final = 5.0
WRITE_S: Final = 6.0
"""libp2p gives a stream up that is not read for 5 s."""


class CircuitFailedError(Exception):
    """No circuit came about."""


class RelayServer:
    """The places and circuits of this node."""

    def __init__(self, host: Any, now_us: Callable[[], int]) -> None:
        """Serves nobody until its handler is set on the host."""
        self._host = host
        self._now_us = now_us
        self._places: dict[ID, int] = {}
        self._circuits: Counter[ID] = Counter()

    @property
    def circuits(self) -> int:
        """How many circuits there are."""
        return self._circuits.total()

    async def on_hop(self, stream: Any) -> None:
        """Somebody asks for a place, or for a circuit to somebody."""
        if "/p2p-circuit" in address_of(stream):
            await _answer(stream, wire.PERMISSION_DENIED)
            return
        with trio.fail_after(ANSWER_S):
            asked = await read_delimited_msg(stream, wire.HopMessage)
        if asked.type == wire.HopMessage.RESERVE:
            await self._keep_place(stream)
        elif asked.type == wire.HopMessage.CONNECT:
            await self._connect(stream, ID(asked.peer.id))
        else:
            await _answer(stream, wire.MALFORMED_MESSAGE)
        await stream.close()

    async def _keep_place(self, stream: Any) -> None:
        now_us, peer = self._now_us(), stream.muxed_conn.peer_id
        self._places = {key: end for key, end in self._places.items() if end > now_us}
        if peer not in self._places and len(self._places) >= MAX_PLACES:
            await _answer(stream, wire.RESERVATION_REFUSED)
            return
        self._places[peer] = now_us + PLACE_S * 1_000_000
        await write_delimited_msg(
            stream,
            wire.HopMessage(
                type=wire.HopMessage.STATUS,
                status=wire.OK,
                reservation=wire.Reservation(expire=self._places[peer] // 1_000_000),
            ),
        )

    async def _connect(self, stream: Any, target: ID) -> None:
        source = stream.muxed_conn.peer_id
        if self._places.get(target, 0) <= self._now_us():
            await _answer(stream, wire.NO_RESERVATION)
            return
        if self.circuits >= MAX_CIRCUITS or self._circuits[source] >= MAX_CIRCUITS_PER_PEER:
            await _answer(stream, wire.RESOURCE_LIMIT_EXCEEDED)
            return
        self._circuits[source] += 1
        try:
            await self._carry(stream, source, target)
        finally:
            self._circuits[source] -= 1
            if not self._circuits[source]:
                del self._circuits[source]

    async def _carry(self, stream: Any, source: ID, target: ID) -> None:
        try:
            with trio.fail_after(ANSWER_S):
                far = await self._call(source, target)
        except Exception:
            # Whatever went wrong, there is no circuit.
            logger.debug("no circuit to %s", target, exc_info=True)
            await _answer(stream, wire.CONNECTION_FAILED)
            return
        await _answer(stream, wire.OK)
        with trio.move_on_after(CIRCUIT_S):
            await pipe(stream, far)
        for end in (stream, far):
            with contextlib.suppress(Exception):
                await end.reset()

    async def _call(self, source: ID, target: ID) -> Any:
        """A stream to the target, which agreed to a circuit from the source."""
        for connection in self._host.get_network().get_connections(target):
            if "/p2p-circuit" not in address_of(connection):
                far = await open_stream(self._host, connection, STOP)
                peer = wire.PeerId(id=source.to_bytes())
                await write_delimited_msg(
                    far, wire.StopMessage(type=wire.StopMessage.CONNECT, peer=peer)
                )
                answer = await read_delimited_msg(far, wire.StopMessage)
                if answer.status != wire.OK:
                    raise CircuitFailedError("the target declined")
                return far
        raise CircuitFailedError("the target is not connected")


async def pipe(one: Any, other: Any) -> None:
    """Carries bytes both ways until either end stops."""
    async with trio.open_nursery() as nursery:
        for source, sink in ((one, other), (other, one)):
            nursery.start_soon(_pour, source, sink, nursery.cancel_scope)


async def _pour(source: Any, sink: Any, scope: trio.CancelScope) -> None:
    left = CIRCUIT_BYTES
    with contextlib.suppress(Exception):
        while left > 0 and (data := await source.read(PIPE_BYTES)):
            left -= len(data)
            await write_whole(sink, data)
    scope.cancel()


async def write_whole(sink: Any, data: bytes) -> None:
    """Writes to a stream on a connection that serves others, too.

    A write that is cancelled half-way would garble whatever follows on that connection.
    """
    with trio.CancelScope(shield=True, deadline=trio.current_time() + WRITE_S) as scope:
        await sink.write(data)
    if scope.cancelled_caught:
        raise CircuitFailedError("it does not read")


async def _answer(stream: Any, status: Any) -> None:
    await write_delimited_msg(stream, wire.HopMessage(type=wire.HopMessage.STATUS, status=status))
