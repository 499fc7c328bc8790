"""Greeting: says who is behind this node, and remembers who is behind the others.

A device that its user forgot still has what the identity signed for it. So a hello is good for some
hours, and is signed anew meanwhile; whoever can't have it signed is soon nobody's node.
"""

from dataclasses import dataclass
from typing import Final

from consensus.identifiers import NodeKey
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.units import Milliseconds
from popd.node.context import Context, Peer
from popd.node.effects import Sign
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.notices import NeighbourSeen
from popd.node.offences import Offence
from popd.node.purposes import ForHello
from popd.node.standing import Standings

GOOD_MS: Final = 6 * 3_600_000
"""How long a hello is good: a clock may be wrong by that, and a pen may be away."""
AHEAD_MS: Final = 3_600_000
"""How far the clock of another may be ahead."""
RENEW_MS: Final = 2 * 3_600_000
"""How often one's own is signed anew: twice may fail."""
LOOK_MS: Final = 600_000
"""How often it is looked at whose hello is too old."""


@dataclass(slots=True)
class Greeting:
    """The first word on every connection."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who pretends to be somebody else."""
    hello: Hello | None = None
    """Ours, once it is signed."""

    def start(self) -> None:
        """The node runs."""
        self._renew()
        self.context.call_after(LOOK_MS, self._look)

    def introduce(self, purpose: ForHello, signature: bytes) -> None:
        """It is signed: all who are there already hear it."""
        if self.hello is not None and self.hello.time_ms >= purpose.time_ms:
            return
        me, settings = self.context.identity, self.context.settings
        is_automated = settings.is_automated
        self.hello = Hello(me, settings.name, is_automated, purpose.time_ms, signature)
        for peer in self.context.peers:
            self.context.send(peer, self.hello)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there."""
        if self.hello is not None:
            self.context.send(peer, self.hello)

    def take(self, peer: NodeKey, hello: Hello) -> None:
        """A peer says who is behind it; what is too old, or of tomorrow, says nothing."""
        known = self.context.peers.get(peer)
        if known is None or not self._is_good(hello.time_ms):
            return
        if hello.time_ms <= known.hello_ms and is_known(known, hello):
            return
        subject = hello_digest(hello.identity, peer, hello.time_ms)
        network = self.context.params.name
        try:
            check_signature(hello.identity, hello.signature, network, Domain.HELLO, subject)
        except RejectionError as error:
            self.standings.note(peer, Offence.FORGED, error.message)
            return
        is_news = not is_known(known, hello)
        known.identity = hello.identity
        known.name = hello.name
        known.is_automated = hello.is_automated
        known.hello_ms = hello.time_ms
        if is_news:
            self.context.tell(NeighbourSeen(hello.identity))

    def _renew(self) -> None:
        """Has the identity sign that this node is theirs, now and again."""
        context = self.context
        subject = hello_digest(context.identity, context.node_key, context.now_ms)
        context.do(Sign(ForHello(context.now_ms), Domain.HELLO, subject, None))
        context.call_after(RENEW_MS, self._renew)

    def _look(self) -> None:
        """Whoever did not renew their hello is nobody known any more."""
        for peer in self.context.peers.values():
            if peer.identity is not None and not self._is_good(peer.hello_ms):
                peer.identity, peer.name, peer.is_automated = None, "", False
        self.context.call_after(LOOK_MS, self._look)

    def _is_good(self, time_ms: Milliseconds) -> bool:
        now_ms = self.context.now_ms
        return now_ms - GOOD_MS <= time_ms <= now_ms + AHEAD_MS


def is_known(peer: Peer, hello: Hello) -> bool:
    """Whether a peer says nothing new about itself."""
    said = (hello.identity, hello.name, hello.is_automated)
    return (peer.identity, peer.name, peer.is_automated) == said
