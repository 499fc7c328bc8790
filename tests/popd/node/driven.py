"""A node driven by hand: events in; what it asks to be signed or written is, as a daemon does."""

from random import Random

from consensus.identifiers import EntryId, NodeKey
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.signing import sign
from consensus.statement import Statement
from consensus.units import Microseconds, Milliseconds
from popd.node.context import NodeSettings
from popd.node.effects import Effect, Part, Send, Sign, Store, Tell
from popd.node.events import Event, MessageReceived, PeerConnected, SignatureMade, Started, Woke
from popd.node.messages import Message, from_bytes, to_bytes
from popd.node.messages.fresh import Entries
from popd.node.node import Node
from popd.node.notices import Notice
from popd.node.sheet_effects import EditSheet, ReadSheet
from popd.node.standing import Incident
from popd.rooms.keeping import keep_sheet
from simulations.scribe import Author, author

NOW_MS = 1_700_000_000_000
HELLO_MS = Milliseconds(NOW_MS)
PEER = NodeKey(bytes(32))


class Driven:
    """A node with its keystore, driven by hand."""

    def __init__(self, name: str = "me", *, is_restored: bool = False) -> None:
        self.author: Author = author(name)
        self.now_ms = NOW_MS
        self.notices: list[Notice] = []
        self.node = Node(
            PRACTICE,
            NodeSettings(name=name, is_restored=is_restored),
            self.author.id,
            self.author.node,
            bytes(32),
            Random(1),
        )
        self.give(Started())
        self.give(PeerConnected(PEER, Presence.SAME_LINK))

    def meet(self, *peers: NodeKey) -> None:
        """More peers connect."""
        for peer in peers:
            self.give(PeerConnected(peer, Presence.SAME_LINK))

    def say(self, message: Message, peer: NodeKey = PEER) -> list[Effect]:
        """A peer says something."""
        return self.give(MessageReceived(peer, to_bytes(message)))

    def wait(self, ms: int) -> list[Effect]:
        """Time passes, and the node is woken."""
        self.now_ms += ms
        return self.give(Woke())

    def give(self, event: Event) -> list[Effect]:
        """Hands an event over and signs whatever is asked for."""
        effects = list(self.node.handle(event, Microseconds(self.now_ms * 1_000)))
        for effect in list(effects):
            if isinstance(effect, Sign):
                seed = effect.seed or self.author.seed
                signature = sign(seed, PRACTICE.name, effect.domain, effect.subject)
                effects += self.give(SignatureMade(effect.purpose, signature))
            elif isinstance(effect, Tell):
                self.notices.append(effect.notice)
            elif isinstance(effect, ReadSheet | EditSheet):
                effects += self.give(keep_sheet(effect))
        return effects

    def hear(self, *statements: Statement) -> list[Effect]:
        """Hears entries from the peer."""
        wires = tuple(statement.wire for statement in statements)
        return self.give(MessageReceived(PEER, to_bytes(Entries(wires))))

    @property
    def incidents(self) -> list[Incident]:
        return list(self.node.standings.of[PEER].incidents)

    @property
    def applied(self) -> set[EntryId]:
        return self.node.ledger.applied


def stored(effects: list[Effect]) -> list[EntryId]:
    return [s.id for effect in effects if isinstance(effect, Store) for s in effect.statements]


def parted(effects: list[Effect]) -> list[NodeKey]:
    return [effect.peer for effect in effects if isinstance(effect, Part)]


def sent(effects: list[Effect]) -> list[object]:
    return [from_bytes(effect.data) for effect in effects if isinstance(effect, Send)]
