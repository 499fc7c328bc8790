"""Bots at a concert in virtual time: fresh keys that rate, and the peers that bring them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from consensus.entries.appreciation import Rating, opinion_digest
from consensus.identifiers import NodeKey
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.signing import Domain, sign
from consensus.statement import Statement
from consensus.units import Milliseconds, day_of
from popd.node.concert_live import LiveConcert
from popd.node.context import NodeSettings
from popd.node.events import MessageReceived, PeerConnected
from popd.node.messages import to_bytes
from popd.node.messages.crowds import Ballot, ConcertBallots, ballots_digest
from popd.node.messages.fresh import Entries
from popd.node.messages.greeting import Hello, hello_digest
from simulations import crowd_scribe, scribe
from simulations.scribe import Author
from simulations.virtual_network import VirtualNetwork, VirtualNode

BATCH: Final = 64
"""Entries in one message."""
PACE_S: Final = 0.02
"""Between two messages, so that nobody is parted from for flooding."""


@dataclass(slots=True)
class Bots:
    """All bots of one evening."""

    network: VirtualNetwork
    """Where they are."""
    victims: Sequence[VirtualNode]
    """Whom their peers are connected to."""
    count: int
    """How many rate."""
    rogues: int
    """How many peers bring them; each says that it is the node of one."""
    authors: list[Author] = field(default_factory=list)
    """Their keys."""

    def come(self, time_ms: Milliseconds) -> None:
        """They begin chains, and their peers connect to everybody."""
        self.authors = [scribe.author(f"bot {number}") for number in range(self.count)]
        for number in range(self.rogues if self.count else 0):
            rogue, subnet = self.authors[number], f"203.0.{number}.0/24"
            self.network.nodes[rogue.node] = VirtualNode(
                f"rogue {number}", rogue.seed, NodeSettings()
            )
            subject = hello_digest(rogue.id, rogue.node, time_ms)
            signature = sign(rogue.seed, PRACTICE.name, Domain.HELLO, subject)
            hello = to_bytes(Hello(rogue.id, "", False, time_ms, signature))
            for victim in self.victims:
                event = PeerConnected(rogue.node, Presence.SAME_LINK, subnet)
                self.network.give(victim, event)
                self.network.give(victim, MessageReceived(rogue.node, hello))
        self._push([scribe.begin(PRACTICE, who, time_ms) for who in self.authors])

    def vote(self, live: LiveConcert) -> None:
        """Each seals the best rating that there is."""
        first = self._first(live)
        for number, who in enumerate(self.authors):
            digest = opinion_digest(crowd_scribe.opinion(first, 1_000_000), who.id, who.id)
            said = ConcertBallots(live.id, who.id, 1, (Ballot(who.id, digest),), b"")
            signature = sign(who.seed, PRACTICE.name, Domain.ROOM, ballots_digest(said))
            message = ConcertBallots(live.id, who.id, 1, said.ballots, signature)
            self._say(number, to_bytes(message))

    def reveal(self, live: LiveConcert) -> None:
        """Each writes what it sealed, as near and as unspent as it can say."""
        first, now_ms = self._first(live), Milliseconds(self.network.now_us // 1_000)
        said = crowd_scribe.opinion(first, 1_000_000)
        body = Rating(said, None, Presence.SAME_LINK, day_of(now_ms), 0, 0)
        self._push([who.write(PRACTICE, now_ms, body) for who in self.authors])

    def _first(self, live: LiveConcert) -> Statement:
        """The concert's first session, as a victim holds it."""
        node, first = self.victims[0].node, live.first_session
        assert node is not None
        assert first is not None
        return node.ledger.statements[first]

    def _push(self, told: Sequence[Statement]) -> None:
        """Each peer brings the entries of its bots."""
        for number in range(self.rogues):
            own = told[number :: self.rogues]
            for start in range(0, len(own), BATCH):
                wires = tuple(item.wire for item in own[start : start + BATCH])
                self._say(number, to_bytes(Entries(wires)))

    def _say(self, number: int, data: bytes) -> None:
        rogue = NodeKey(self.authors[number % self.rogues].node)
        for victim in self.victims:
            self.network.give(victim, MessageReceived(rogue, data))
        self.network.run(PACE_S)
