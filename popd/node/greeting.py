"""Greeting: says who is behind this node, and remembers who is behind the others."""

from dataclasses import dataclass

from consensus.identifiers import NodeKey
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from popd.node.context import Context, Peer
from popd.node.effects import Sign
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.notices import NeighbourSeen
from popd.node.offences import Offence
from popd.node.purposes import ForHello
from popd.node.standing import Standings


@dataclass(slots=True)
class Greeting:
    """The first word on every connection."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who pretends to be somebody else."""
    hello: Hello | None = None
    """Ours, once it is signed."""

    def prepare(self) -> None:
        """Has the identity sign that this node is theirs."""
        subject = hello_digest(self.context.identity, self.context.node_key)
        self.context.do(Sign(ForHello(), Domain.PRESENCE, subject, None))

    def introduce(self, signature: bytes) -> None:
        """It is signed: all who are there already hear it."""
        settings = self.context.settings
        self.hello = Hello(self.context.identity, settings.name, settings.is_automated, signature)
        for peer in self.context.peers:
            self.context.send(peer, self.hello)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there."""
        if self.hello is not None:
            self.context.send(peer, self.hello)

    def take(self, peer: NodeKey, hello: Hello) -> None:
        """A peer says who is behind it."""
        known = self.context.peers.get(peer)
        if known is None or is_known(known, hello):
            return
        subject = hello_digest(hello.identity, peer)
        network = self.context.params.name
        try:
            check_signature(hello.identity, hello.signature, network, Domain.PRESENCE, subject)
        except RejectionError as error:
            self.standings.note(peer, Offence.FORGED, error.message)
            return
        known.identity = hello.identity
        known.name = hello.name
        known.is_automated = hello.is_automated
        self.context.tell(NeighbourSeen(hello.identity))


def is_known(peer: Peer, hello: Hello) -> bool:
    """Whether a peer says nothing new about itself."""
    said = (hello.identity, hello.name, hello.is_automated)
    return (peer.identity, peer.name, peer.is_automated) == said
