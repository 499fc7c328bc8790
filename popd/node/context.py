"""What all parts of a node share: who it is, what it holds, its peers, its alarms, its outbox."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random  # noqa: TID251 (the type of an argument)
from typing import Final

from consensus.identifiers import IdentityId, NodeKey
from consensus.ledger import Ledger
from consensus.parameters import NetworkParams
from consensus.units import Microseconds, Milliseconds
from popd.node.effects import Effect, Send, Tell, WakeAt
from popd.node.messages import Message, to_bytes
from popd.node.notices import Notice

MAX_ALARMS: Final = 16_384
"""Far above what 32 watched sessions, 64 peers and the pools can ask for."""


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What a node's user decides."""

    name: str = ""
    """What to be called; a suggestion to others."""
    is_automated: bool = False
    """No person plays here."""
    is_witness: bool = True
    """Answers invitations to witness."""
    takes_gifts: bool = False
    """Receives transfers by itself; otherwise its user decides, unless nobody plays here."""
    offer_wait_ms: Milliseconds = Milliseconds(2_000)
    """How long invited peers may take to open themselves."""
    lead_in_ms: Milliseconds = Milliseconds(3_000)
    """From announcing a session to its first note."""
    mint_wait_ms: Milliseconds = Milliseconds(10_000)
    """How long to wait for all verdicts before minting with a quorum."""
    sync_interval_ms: Milliseconds = Milliseconds(20_000)
    """How often to compare with each peer."""
    store_bytes: int = 512_000_000
    """What all entries may take up; see `popd.node.budgets`."""
    blob_bytes: int = 2_048_000_000
    """What charts and evidence may take up."""
    is_restored: bool = False
    """The keys came back without their chain: others are asked how far it came."""
    pen_node: NodeKey | None = None
    """The device that holds the identity's pen, where this one borrows it."""
    pinned: frozenset[IdentityId] = frozenset()
    """People of whom everything is kept, whoever else finds room."""

    @property
    def is_companion(self) -> bool:
        """Whether another device holds the pen: nothing is done by itself in the user's name."""
        return self.pen_node is not None


@dataclass(slots=True)
class Peer:
    """Another node that can be reached."""

    subnet: str = ""
    """Where its link comes from; empty where that isn't known."""
    round_trip_us: int = 0
    """Latest measurement; 0 before the first."""
    identity: IdentityId | None = None
    """Who uses it, once it said hello."""
    name: str = ""
    """What they would like to be called."""
    is_automated: bool = False
    """No person plays there."""
    hello_ms: Milliseconds = Milliseconds(0)
    """When the identity last signed that the node is theirs, by its clock."""


@dataclass(slots=True)
class Context:
    """The shared state. Parts change their own state and put effects into the outbox."""

    params: NetworkParams
    """The law."""
    settings: NodeSettings
    """The user's decisions."""
    identity: IdentityId
    """Who the node is for."""
    node_key: NodeKey
    """How the network knows the node."""
    secret: bytes
    """32 bytes known to nobody else, from which ticket chains follow."""
    chance: Random
    """All chance that the node uses."""
    ledger: Ledger
    """All entries and what they come to."""
    now_us: Microseconds = Microseconds(0)
    """The time of the event being handled, since 1970."""
    peers: dict[NodeKey, Peer] = field(default_factory=dict)
    """Who can be reached."""
    outbox: list[Effect] = field(default_factory=list)
    """Effects of the event being handled, in order."""
    _alarms: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    _alarms_set: int = 0

    @property
    def now_ms(self) -> Milliseconds:
        """The time of the event being handled, as entries state it."""
        return Milliseconds(self.now_us // 1_000)

    def do(self, effect: Effect) -> None:
        """Has something done."""
        self.outbox.append(effect)

    def tell(self, notice: Notice) -> None:
        """Tells the user something."""
        self.do(Tell(notice))

    def send(self, peer: NodeKey, message: Message, *, is_live: bool = False) -> None:
        """Tells one peer something, if it can be reached."""
        if peer in self.peers:
            self.do(Send(peer, to_bytes(message), is_live))

    def call_at(self, time_us: int, action: Callable[[], None]) -> None:
        """Has an action taken at a time; at once with the next event when that is past.

        The alarm of least urgency is given up when there are too many.
        """
        self._alarms_set += 1
        heapq.heappush(self._alarms, (time_us, self._alarms_set, action))
        if len(self._alarms) > MAX_ALARMS:
            self._alarms.remove(max(self._alarms))
            heapq.heapify(self._alarms)

    def call_after(self, delay_ms: int, action: Callable[[], None]) -> None:
        """Has an action taken after a delay."""
        self.call_at(self.now_us + delay_ms * 1_000, action)

    def ring_alarms(self) -> None:
        """Takes all actions whose time has come."""
        while self._alarms and self._alarms[0][0] <= self.now_us:
            _, _, action = heapq.heappop(self._alarms)
            action()

    def ask_to_be_woken(self) -> None:
        """Asks for the time of the next alarm."""
        if self._alarms:
            self.do(WakeAt(Microseconds(self._alarms[0][0])))
