"""The network as the node sees it: peers that come and go, and messages to and from each."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Final

import trio
from libp2p.custom_types import TProtocol
from libp2p.peer.id import ID
from multiaddr import Multiaddr

from consensus.identifiers import NodeKey
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.units import Microseconds
from popd.net.address_book import AddressBook, Known, Reached, Source
from popd.net.bans import Bans
from popd.net.dialling import Dialler
from popd.net.discovery import Discovery
from popd.net.frames import MAX_MESSAGE_BYTES
from popd.net.gate import Gate
from popd.net.guarding import guarded_stream
from popd.net.host import (
    MAX_STREAMS_PER_CONNECTION,
    check_free,
    make_host,
    reachable_addresses,
)
from popd.net.keys import node_key_in, node_key_of, peer_id_of
from popd.net.paths import Paths, RefusedError
from popd.net.peering import PathName, Peering
from popd.net.relay_client import circuit_address
from popd.net.relaying import Relaying
from popd.net.reporting import failures_in, paths_of
from popd.net.room import has_room, one_too_many
from popd.net.session import PeerDoesNotReadError
from popd.net.subnets import Transport, endpoint_of, is_worth_dialling, subnet_of
from popd.net.switchboard import Switchboard
from popd.net.vicinity import nearest_class, own_networks
from popd.node.events import (
    Event,
    MessageReceived,
    PathChanged,
    PeerBlamed,
    PeerConnected,
    PeerDisconnected,
    RoundTripMeasured,
)
from popd.node.offences import Offence
from popd.reports import NetworkReport, PeerPaths

logger = logging.getLogger(__name__)

TICK_S: Final = 0.25
GOODBYE_S: Final = 1.0
"""What saying goodbye may take when the network ends."""
MOST_KEPT_BYTES: Final = 256 * 1024 * 1024
"""What is kept for all peers together, until they acknowledge it: four that do not read at all."""
KEPT_WORTH_COUNTING: Final = 1024 * 1024
"""As long as less is kept for a peer, nobody adds up what is kept for all."""
STALL_S: Final = 0.5
"""When a tick comes so much later than meant, this node itself stood still."""


MAX_REMEMBERED: Final = 256
"""Addresses that are worth trying when the node starts again."""


class Network:
    """A libp2p host with a session to each peer; speaks in the node's events."""

    def __init__(
        self,
        params: NetworkParams,
        node_key_seed: bytes,
        now_us: Callable[[], Microseconds],
        on_event: Callable[[Event], None],
        *,
        is_relay: bool = False,
        uses_mdns: bool = True,
        uses_table: bool = True,
        is_crowded: Callable[[NodeKey], bool] = lambda key: False,
    ) -> None:
        """A network that does not run yet. `on_event` neither waits nor raises.

        A relay carries circuits for peers that nobody reaches otherwise. Multicast DNS finds
        peers on the same network, the table finds others; neither runs when this node listens
        on its own machine only. While a peer `is_crowded`, its messages are taken in slowly.
        """
        self._discover = partial(Discovery.run, uses_mdns=uses_mdns, uses_table=uses_table)
        self._params = params
        self._now_us = now_us
        self._on_event = on_event
        self._host = make_host(node_key_seed)
        key = node_key_of(self._host.get_id())
        assert key is not None, "our own host has an Ed25519 key"
        self.key = key
        """This node's own key."""
        self._gate = Gate(self._host.get_network(), now_us, self._is_welcome)
        self._bans = Bans()
        self._book = AddressBook(key)
        self._dialler = Dialler(self._book, now_us, self._attempt)
        self._switchboard = Switchboard(self._begin, self._end)
        self._relaying = Relaying(self._host, now_us, is_relay=is_relay)
        self._paths = Paths(
            self._host,
            TProtocol(f"/popd/1/{params.name}/peer"),
            self._gate,
            self._switchboard,
            self,
            now_us,
            is_crowded,
            is_relay=is_relay,
        )
        self._discovery = Discovery(
            self._host, params.name, self._book, self._paths, self._relaying, now_us
        )
        self._subnets: dict[NodeKey, str] = {}
        self._since_us: dict[NodeKey, int] = {}
        self._presences: dict[NodeKey, Presence] = {}
        self._is_ending = False
        self._guard_streams()

    @property
    def peers(self) -> tuple[NodeKey, ...]:
        """Who can be reached."""
        return tuple(self._switchboard.peerings)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where others can reach this node, with its peer id."""
        return reachable_addresses(self._host) + self._relaying.addresses

    async def run(
        self,
        listen: Sequence[str],
        dial: Sequence[str],
        task_status: Any = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Runs until cancelled: listens, keeps trying to reach `dial`, and carries messages.

        Raises OSError when it can't listen, and ValueError for an address that is none.
        """
        for address in listen:
            check_free(address)
        self.want(*dial)
        async with trio.open_nursery() as watch:
            # Cancelled from outside, libp2p drops connections before anybody said goodbye.
            with trio.CancelScope(shield=True) as scope:
                async with AsyncExitStack() as stack:
                    listening = self._host.run([Multiaddr(address) for address in listen])
                    await stack.enter_async_context(listening)
                    nursery = await stack.enter_async_context(trio.open_nursery())
                    nursery.start_soon(self._keep_ticking, nursery)
                    nursery.start_soon(self._discover, self._discovery)
                    watch.start_soon(self._end_politely, scope)
                    task_status.started()
                    await trio.sleep_forever()

    async def _end_politely(self, scope: trio.CancelScope) -> None:
        """When the network is to end, says goodbye to all peers first."""
        try:
            await trio.sleep_forever()
        finally:
            self._is_ending = True
            peerings = list(self._switchboard.peerings.values())
            for peering in peerings:
                peering.close()
            with trio.CancelScope(shield=True, deadline=trio.current_time() + GOODBYE_S):
                while any(p.paths for p in peerings):  # noqa: ASYNC110 (for a moment only)
                    await trio.sleep(GOODBYE_S / 100)
            scope.cancel()

    def want(self, *addresses: str) -> None:
        """Keeps trying to reach peers; raises ValueError for an address that is none."""
        for address in addresses:
            key = node_key_in(address)
            if key is None or endpoint_of(address) is None:
                raise ValueError(
                    f"{address} can't be dialled; an address looks like"
                    " /ip4/192.0.2.1/tcp/7770/p2p/12D3Koo..., as the other node shows it"
                )
            self._book.note(key, address, Source.USER, self._now_us())

    def reached(self) -> tuple[str, ...]:
        """Addresses at which peers were reached, the latest first, to be remembered."""
        found = [known for known in self._book.all() if known.succeeded_us is not None]
        found.sort(key=lambda known: -(known.succeeded_us or 0))
        return tuple(known.address for known in found[:MAX_REMEMBERED])

    def remember(self, addresses: Iterable[str]) -> None:
        """Tries addresses of another time when peers are few; what is no address is left out."""
        for address in addresses:
            key = node_key_in(address)
            if key is not None:
                self._book.note(key, address, Source.PEER, self._now_us())

    def close_path(self, peer: NodeKey, address: str) -> None:
        """Closes the path to a peer that the report gives this address; messages move over."""
        for path in self._switchboard.peerings[peer].paths:
            if path.name.address == address:
                path.close()

    def send(self, peer: NodeKey, data: bytes, *, is_live: bool = False) -> None:
        """Tells one peer something; live messages are shed when too much waits.

        To a peer without a session it is lost, and so is what is larger than any message. A peer
        that does not read is cut off.
        """
        peering = self._switchboard.peerings.get(peer)
        if peering is None or len(data) > MAX_MESSAGE_BYTES:
            return
        try:
            peering.put(data, is_live=is_live)
        except PeerDoesNotReadError:
            self._cut_off(peering)
        if peering.session.kept_bytes > KEPT_WORTH_COUNTING:
            self._bound_kept()

    def part(self, peer: NodeKey, ban_s: float) -> None:
        """Ends the session with a peer, and has none with it until the ban is over."""
        if ban_s > 0:
            self._bans.ban(peer, self._now_us() + round(ban_s * 1_000_000))
        peering = self._switchboard.peerings.get(peer)
        if peering is not None:
            self._switchboard.end(peering)

    def report(self) -> tuple[PeerPaths, ...]:
        """Every peer and the paths to it."""
        now_us = self._now_us()
        return tuple(
            paths_of(peering, self._subnets[key], self._since_us[key], now_us)
            for key, peering in self._switchboard.peerings.items()
        )

    def state(self) -> NetworkReport:
        """How the edge is."""
        return NetworkReport(
            listening=self.addresses,
            peers=len(self._switchboard.peerings),
            inbound=self._gate.guard.inbound,
            half_open=self._gate.guard.half_open,
            refused=self._gate.guard.refused,
            banned=len(self._bans),
            known_peers=len(self._book),
            dials=self._dialler.dials,
            failures=failures_in(self._book, self._switchboard.peerings),
            mdns=self._discovery.lan.status,
            table=self._discovery.table.status,
            table_peers=self._discovery.table.size,
            relays=self._relaying.relays,
            circuits=self._relaying.server.circuits,
        )

    def blame(self, key: NodeKey, error: Exception) -> None:
        """A peer sent what no path carries: the node judges what follows from that."""
        self._on_event(PeerBlamed(key, Offence.BROKEN_FRAMING, str(error)))

    def _bound_kept(self) -> None:
        """When too much is kept for all peers, whoever owes most is cut off."""
        peerings = self._switchboard.peerings.values()
        if sum(peering.session.kept_bytes for peering in peerings) > MOST_KEPT_BYTES:
            self._cut_off(max(peerings, key=lambda peering: peering.session.kept_bytes))

    def _cut_off(self, peering: Peering) -> None:
        waiting = f"{peering.session.kept_bytes} bytes wait for it"
        self._on_event(PeerBlamed(peering.key, Offence.NOT_READING, waiting))
        self._switchboard.end(peering)

    def _guard_streams(self) -> None:
        """Puts a guard around the one handler through which libp2p runs all others."""
        network = self._host.get_network()
        handler = guarded_stream(network.common_stream_handler, MAX_STREAMS_PER_CONNECTION)
        network.set_stream_handler(handler)

    async def _keep_ticking(self, nursery: trio.Nursery) -> None:
        """Beats, failing over, the ends of sessions, and dialling."""
        before_s = trio.current_time()
        while True:
            stalled_s = trio.current_time() - before_s - TICK_S
            before_s = trio.current_time()
            if stalled_s > STALL_S:
                self._forgive(round(stalled_s * 1_000_000))
            self._switchboard.tick(self._now_us())
            self._cut_off_stuck()
            if not self._is_ending:
                self._dialler.tick(nursery, self._reached())
            await trio.sleep(TICK_S)

    def _forgive(self, stalled_us: int) -> None:
        """What came while this node stood still is not heard yet."""
        for peering in self._switchboard.peerings.values():
            peering.forgive(stalled_us)

    def _cut_off_stuck(self) -> None:
        now_us = self._now_us()
        for peering in list(self._switchboard.peerings.values()):
            if peering.is_stuck(now_us):
                self._cut_off(peering)

    def _reached(self) -> dict[NodeKey, Reached]:
        now_us = self._now_us()
        return {
            key: Reached(
                {
                    path.name.endpoint
                    for path in peering.paths
                    if not peering.standing(path, now_us).is_failing
                },
                self._since_us[key],
            )
            for key, peering in self._switchboard.peerings.items()
        }

    async def _attempt(self, known: Known) -> None:
        """Opens a path to an address; where that fails, relays may know the peer."""
        try:
            await self._paths.open(known)
        except Exception:
            # Whatever libp2p says; the dialler takes note of it.
            if known.endpoint.transport is not Transport.RELAY:
                peer = peer_id_of(known.key)
                for relay, offer in self._paths.offers().items():
                    if relay != known.key:
                        circuit = circuit_address(offer.address, peer)
                        self._book.note(known.key, circuit, Source.TABLE, self._now_us())
            raise

    def check_welcome(self, key: NodeKey) -> None:
        """Raises RefusedError when a peer may not have a session now."""
        if self._bans.is_banned(key, self._now_us()):
            raise RefusedError("the peer is banned")
        if not has_room(key, self._heard_us(), self._book.is_wanted):
            raise RefusedError("there is no room for another peer")

    def own_addresses(self) -> tuple[str, ...]:
        """Where this node can be dialled, now."""
        return self.addresses

    def note_joined(self, peering: Peering) -> None:
        """A path joined a session: its peer said where it can be dialled."""
        key = peering.key
        for address in peering.addresses:
            is_through_us = f"/p2p/{self._host.get_id()}/p2p-circuit" in address
            is_theirs = node_key_in(address) == key and not is_through_us
            if is_theirs and is_worth_dialling(address, self._subnets[key]):
                self._book.note(key, address, Source.PEER, self._now_us())
        gone = one_too_many(self._heard_us(), self._book.is_wanted)
        if gone is not None:
            self._switchboard.end(self._switchboard.peerings[gone])

    def _heard_us(self) -> dict[NodeKey, int]:
        return {key: p.heard_us for key, p in self._switchboard.peerings.items()}

    def _begin(self, key: NodeKey, own_id: bytes, peer_id: bytes, path: PathName) -> Peering:
        subnet = self._subnets[key] = subnet_of(path.endpoint)
        self._since_us[key] = self._now_us()
        presence = self._presences[key] = _presence_on(path)
        self._on_event(PeerConnected(key, presence, subnet))
        return Peering(
            key,
            own_id,
            peer_id,
            lambda data: self._on_event(MessageReceived(key, data)),
            lambda round_trip_us: self._on_event(RoundTripMeasured(key, round_trip_us)),
            lambda path: self._note_path(key, path),
            self._now_us(),
            does_own_dial_win=self.key < key,
        )

    def _note_path(self, key: NodeKey, path: PathName) -> None:
        """Another path carries what is said; the node hears of it where that makes a difference."""
        presence = _presence_on(path)
        if presence is not self._presences[key]:
            self._presences[key] = presence
            self._on_event(PathChanged(key, presence))

    def _end(self, peering: Peering) -> None:
        key = peering.key
        del self._subnets[key], self._since_us[key], self._presences[key]
        self._on_event(PeerDisconnected(key))

    def _is_welcome(self, peer: ID) -> bool:
        key = node_key_of(peer)
        return key is not None and not self._bans.is_banned(key, self._now_us())


def _presence_on(path: PathName) -> Presence:
    """How near a peer on this path is at most."""
    return nearest_class(path.endpoint, own_networks())
