"""What the network can tell of itself: for `popctl peers`, the doctor and the metrics."""

from dataclasses import dataclass
from enum import Enum

from consensus.identifiers import NodeKey


class PathState(Enum):
    """What a path is good for."""

    ACTIVE = "active"
    """Messages travel on it."""
    SPARE = "spare"
    """It is kept warm."""
    FAILING = "failing"
    """Nothing came for too long."""


@dataclass(frozen=True, slots=True)
class PathReport:
    """One path to a peer."""

    address: str
    """Where it was dialled; of an inbound path where it comes from."""
    transport: str
    """`tcp`, `ws` or `relay`."""
    is_outbound: bool
    """Whether this node dialled it."""
    round_trip_us: int | None
    """Smoothed; None before the first echo."""
    loss_ppm: int
    """How many of its beats are not echoed in time."""
    bytes_per_s: int
    """Acknowledged bytes of late."""
    state: PathState
    """What it is good for."""
    since_us: int
    """When it opened."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a session has carried."""

    messages_out: int
    """Messages that the peer acknowledged."""
    bytes_out: int
    """Their bytes."""
    messages_in: int
    """Messages delivered, each once."""
    bytes_in: int
    """Their bytes."""
    doubles_in: int
    """Messages that came again after a change of paths, and were dropped."""
    live_shed: int
    """Live messages that were not sent because too much waited."""
    kept_messages: int
    """Messages that the peer has not acknowledged."""
    kept_bytes: int
    """Their bytes."""
    waiting_messages: int
    """Those of them that are not sent on the present path."""
    waiting_bytes: int
    """Their bytes."""


@dataclass(frozen=True, slots=True)
class PeerPaths:
    """A peer and the paths to it."""

    peer: NodeKey
    """Which."""
    subnet: str
    """Where it comes from."""
    since_us: int
    """When its session began."""
    paths: tuple[PathReport, ...]
    """The active one first; none while the session waits for one."""
    changes: int
    """How often messages moved to another path because one failed."""
    traffic: Traffic
    """What the session carried, and what waits."""


@dataclass(frozen=True, slots=True)
class DialFailure:
    """An address that can't be reached."""

    address: str
    """Which."""
    failures: int
    """Attempts in a row."""
    error: str
    """Why the last one failed."""


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """The state of the edge."""

    listening: tuple[str, ...]
    """Where others can dial this node."""
    peers: int
    """Sessions."""
    inbound: int
    """Connections that others opened."""
    half_open: int
    """Connections that have not shaken hands."""
    refused: int
    """Connections that were turned away, or closed to make room."""
    banned: int
    """Keys that are kept out now."""
    known_peers: int
    """Peers in the address book."""
    dials: int
    """Attempts so far."""
    failures: tuple[DialFailure, ...]
    """Addresses whose last attempt failed."""
    mdns: str
    """`running`, or why it does not run."""
    table: str
    """`running`, or why the distributed table does not run."""
    table_peers: int
    """Peers in its routing table."""
    relays: tuple[str, ...]
    """Peer ids of the relays that keep a place for this node."""
    circuits: int
    """Connections that this node relays for others."""


@dataclass(frozen=True, slots=True)
class EdgeReport:
    """Everything around a node: its network, its peers, and what waits for it."""

    network: NetworkReport
    """The network as a whole."""
    peers: tuple[PeerPaths, ...]
    """Each peer and the paths to it."""
    waiting_events: int
    """Events that the node has not taken in yet."""
    waiting_bytes: int
    """Bytes of messages among them."""
    dropped_messages: int
    """Messages for which there was no room."""
    free_bytes: int
    """What is left of the disk that holds the home."""
