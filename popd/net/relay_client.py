"""Uses relays: asks for a place, dials through one, and takes circuits that come through one."""

from collections.abc import Callable
from typing import Any, Final

import trio
from libp2p.connection_types import ConnectionType
from libp2p.network.connection.raw_connection import RawConnection
from libp2p.peer.id import ID
from libp2p.relay.circuit_v2.pb import circuit_pb2 as wire
from libp2p.relay.circuit_v2.utils import read_delimited_msg, write_delimited_msg
from multiaddr import Multiaddr

from popd.net.gate import UPGRADE_S
from popd.net.host import open_stream
from popd.net.relay_server import ANSWER_S, HOP, CircuitFailedError

CIRCUIT: Final = "/p2p-circuit"


def relay_in(address: str) -> str:
    """The relay's own address in the address of a circuit."""
    return address.partition(CIRCUIT)[0]


def circuit_address(relay: str, peer: ID) -> str:
    """Where a peer is reached through the relay with this address."""
    return f"{relay}{CIRCUIT}/p2p/{peer}"


async def ask_for_place(host: Any, connection: Any) -> None:
    """Asks the relay at the far end of a connection for a place; raises when it gives none."""
    with trio.fail_after(ANSWER_S):
        stream = await open_stream(host, connection, HOP)
        await write_delimited_msg(stream, wire.HopMessage(type=wire.HopMessage.RESERVE))
        answer = await read_delimited_msg(stream, wire.HopMessage)
        await stream.close()
    if answer.status != wire.OK:
        raise CircuitFailedError(f"the relay has no place: {_name(answer.status)}")


async def dial_circuit(host: Any, connection: Any, address: str, peer: ID) -> Any:
    """A connection to a peer through the relay at the far end of a connection."""
    stream = await open_stream(host, connection, HOP)
    try:
        asked = wire.HopMessage(type=wire.HopMessage.CONNECT, peer=wire.PeerId(id=peer.to_bytes()))
        await write_delimited_msg(stream, asked)
        answer = await read_delimited_msg(stream, wire.HopMessage)
        if answer.status != wire.OK:
            raise CircuitFailedError(f"the relay declines: {_name(answer.status)}")
        raw = RawConnection(stream, True, ConnectionType.RELAYED, [Multiaddr(address)])
        return await host.get_network().upgrade_outbound_raw_conn(raw, peer)
    except BaseException:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
            await stream.reset()
        raise


class CircuitTaker:
    """Takes circuits that relays bring."""

    def __init__(self, host: Any, may_bring: Callable[[ID], bool]) -> None:
        """Takes nothing until its handler is set on the host, and from others than relays never."""
        self._host = host
        self._may_bring = may_bring

    async def on_stop(self, stream: Any) -> None:
        """A relay brings somebody: from here on the stream is a connection."""
        relay = stream.muxed_conn.peer_id
        if not self._may_bring(relay):
            raise CircuitFailedError("not a relay that keeps a place for this node")
        with trio.fail_after(ANSWER_S):
            asked = await read_delimited_msg(stream, wire.StopMessage)
            if asked.type != wire.StopMessage.CONNECT:
                raise CircuitFailedError("a relay that wants something else")
            answer = wire.StopMessage(type=wire.StopMessage.STATUS, status=wire.OK)
            await write_delimited_msg(stream, answer)
        address = Multiaddr(circuit_address(f"/p2p/{relay}", ID(asked.peer.id)))
        raw = RawConnection(stream, False, ConnectionType.RELAYED, [address])
        with trio.fail_after(UPGRADE_S):
            muxed = await self._host.get_network().upgrade_inbound_raw_conn(raw, address)
        await muxed.event_closed.wait()


def _name(status: Any) -> str:
    return wire.Status.Name(status) if status in wire.Status.values() else str(status)
