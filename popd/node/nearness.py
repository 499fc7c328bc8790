"""Nearness: how near two nodes are, as each of them measures and signs it on the link itself.

A witness that is near counts more, so both sides have to say so: the lower of both claims is
what either states in an entry. Nobody can prove where they are; a claim is shown as one.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final

from consensus.identifiers import NodeKey
from consensus.presence import Presence
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.effects import Sign
from popd.node.messages.presence import MAX_ROUND_TRIP_US, Near, near_digest
from popd.node.offences import Offence
from popd.node.purposes import ForNear
from popd.node.standing import Standings

NEAR_ROUND_TRIP_US: Final = 30_000
"""Nobody is near whose answers take longer."""
MAX_MEASURED: Final = 32
"""Round trips kept; the shortest of them is the way, the rest is what machines did meanwhile."""
CLAIM_MS: Final = 300_000
"""A claim is renewed after this long, though nothing changed."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """What both ends of a link say of it."""

    own: Presence
    """What this node measures."""
    theirs: Presence | None
    """What the other one signed; None while it signed nothing."""
    round_trip_us: int
    """The shortest way there and back that this node measured; 0 when it measured none."""
    uncertainty_us: int
    """By how much a usual measurement, the median, was longer."""

    @property
    def agreed(self) -> Presence:
        """The lower of both claims; remote where only one side claims anything."""
        return Presence.REMOTE if self.theirs is None else min(self.own, self.theirs)


@dataclass(slots=True)
class Link:
    """What is known of the way to one peer."""

    path: Presence
    """As near as the way itself allows: one through a relay is remote."""
    round_trips_us: deque[int] = field(default_factory=lambda: deque(maxlen=MAX_MEASURED))
    """The latest measurements, oldest first."""
    claimed: Presence | None = None
    """What this node signed last."""
    claimed_ms: Milliseconds = Milliseconds(0)
    """When."""
    theirs: Presence | None = None
    """What the peer signed last."""
    unread: Near | None = None
    """A claim that came before the peer said who signs it."""

    def own(self) -> Presence:
        """The class that this node measures."""
        if self.round_trips_us and min(self.round_trips_us) >= NEAR_ROUND_TRIP_US:
            return Presence.REMOTE
        return self.path


UNKNOWN: Final = Nearness(Presence.REMOTE, None, 0, 0)
"""Of a node that is not connected."""


@dataclass(slots=True)
class Nearby:
    """The ways to all peers."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who forges claims."""
    links: dict[NodeKey, Link] = field(default_factory=dict)
    """Of each peer that is connected."""

    def connect(self, peer: NodeKey, path: Presence) -> None:
        """A peer is there."""
        self.links[peer] = Link(path)

    def disconnect(self, peer: NodeKey) -> None:
        """A peer is gone; so is what both said."""
        self.links.pop(peer, None)

    def repath(self, peer: NodeKey, path: Presence) -> None:
        """Another way to the peer is the best one now."""
        link = self.links.get(peer)
        if link is not None and link.path is not path:
            link.path = path
            link.round_trips_us.clear()
            self.claim(peer)

    def measured(self, peer: NodeKey, round_trip_us: int) -> None:
        """The way to a peer and back took so long."""
        if peer in self.context.peers:
            self.context.peers[peer].round_trip_us = round_trip_us
        link = self.links.get(peer)
        if link is not None:
            link.round_trips_us.append(round_trip_us)
            self.claim(peer)

    def introduced(self, peer: NodeKey) -> None:
        """A peer said who is behind it."""
        self.claim(peer)
        link = self.links.get(peer)
        if link is not None and link.unread is not None:
            claim, link.unread = link.unread, None
            self.take(peer, claim)

    def claim(self, peer: NodeKey) -> None:
        """Signs how near a peer is, where that is news and the peer has said who it is."""
        link = self.links.get(peer)
        known = self.context.peers.get(peer)
        if link is None or known is None or known.identity is None:
            return
        age_ms = self.context.now_ms - link.claimed_ms
        if link.claimed is link.own() and age_ms < CLAIM_MS:
            return
        link.claimed, link.claimed_ms = link.own(), self.context.now_ms
        nearness = self.of(peer)
        draft = Near(
            link.own(),
            min(nearness.round_trip_us, MAX_ROUND_TRIP_US),
            min(nearness.uncertainty_us, MAX_ROUND_TRIP_US),
            self.context.now_ms,
            bytes(64),
        )
        subject = near_digest(draft, self.context.node_key, peer)
        self.context.do(Sign(ForNear(peer, draft), Domain.PRESENCE, subject, None))

    def claim_signed(self, purpose: ForNear, signature: bytes) -> None:
        """The claim goes to the peer that it is about."""
        self.context.send(purpose.peer, replace(purpose.claim, signature=signature))

    def take(self, peer: NodeKey, claim: Near) -> None:
        """A peer claims how near this node is."""
        link = self.links.get(peer)
        known = self.context.peers.get(peer)
        if link is None or known is None:
            return
        if known.identity is None:
            link.unread = claim
            return
        subject = near_digest(claim, peer, self.context.node_key)
        network = self.context.params.name
        try:
            check_signature(known.identity, claim.signature, network, Domain.PRESENCE, subject)
        except RejectionError as error:
            self.standings.note(peer, Offence.FORGED, error.message)
            return
        link.theirs = claim.presence

    def of(self, node: NodeKey) -> Nearness:
        """What both ends say of the way to a node."""
        link = self.links.get(node)
        if link is None:
            return UNKNOWN
        measured = link.round_trips_us
        shortest = min(measured, default=0)
        usual = sorted(measured)[len(measured) // 2] if measured else 0
        return Nearness(link.own(), link.theirs, shortest, usual - shortest)

    def agreed(self, node: NodeKey) -> Presence:
        """The class that both ends claim."""
        return self.of(node).agreed
