"""The relays that keep a place for this node, and what this node relays for others."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from libp2p.peer.id import ID

from consensus.identifiers import NodeKey
from popd.net.keys import node_key_of, peer_id_of
from popd.net.relay_client import CircuitTaker, ask_for_place, circuit_address
from popd.net.relay_server import HOP, STOP, RelayServer

logger = logging.getLogger(__name__)

MAX_OWN_PLACES: Final = 2
RENEW_US: Final = 600_000_000
RETRY_US: Final = 30_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A relay that this node is connected to."""

    connection: Any
    """A direct connection to it."""
    address: str
    """Where it can be dialled, with its peer id."""


class Relaying:
    """Keeps places at relays among the peers."""

    def __init__(self, host: Any, now_us: Callable[[], int], *, is_relay: bool) -> None:
        """Sets the handlers on a host that need not run yet."""
        self.server = RelayServer(host, now_us)
        self._host = host
        self._now_us = now_us
        self._places: dict[NodeKey, str] = {}
        self._due_us: dict[NodeKey, int] = {}
        host.set_stream_handler(STOP, CircuitTaker(host, self._has_place_at).on_stop)
        if is_relay:
            host.set_stream_handler(HOP, self.server.on_hop)

    @property
    def relays(self) -> tuple[str, ...]:
        """The peer ids of the relays that keep a place."""
        return tuple(str(peer_id_of(key)) for key in self._places)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where this node is reached through them."""
        own = self._host.get_id()
        return tuple(circuit_address(relay, own) for relay in self._places.values())

    def _has_place_at(self, relay: ID) -> bool:
        return node_key_of(relay) in self._places

    async def keep_places(self, offers: Mapping[NodeKey, Offer]) -> None:
        """Asks for places as long as there are too few, and renews them."""
        for gone in [key for key in (*self._places, *self._due_us) if key not in offers]:
            self._places.pop(gone, None)
            self._due_us.pop(gone, None)
        for key, offer in offers.items():
            has_enough = key not in self._places and len(self._places) >= MAX_OWN_PLACES
            if has_enough or self._due_us.get(key, 0) > self._now_us():
                continue
            try:
                await ask_for_place(self._host, offer.connection)
            except Exception:
                # Whatever it was, another relay may do, or this one later.
                logger.debug("no place at a relay", exc_info=True)
                self._places.pop(key, None)
                self._due_us[key] = self._now_us() + RETRY_US
            else:
                self._places[key] = offer.address
                self._due_us[key] = self._now_us() + RENEW_US
