"""Mates: the nodes of one session, which tell each other what happens in it while it is on.

Live messages go straight from one to the other. The performer, whom all of them know, passes
challenges and tickets on to those who don't know their sender.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from consensus.encoding import digest
from consensus.entries.performance import Session
from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.messages import to_bytes
from popd.node.messages.fresh import Entries
from popd.node.messages.live import Frame, Nonce, Reveal

MAX_SESSIONS: Final = 64
"""Sessions whose mates are known; the oldest gives way."""
MAX_PASSED: Final = 4_096
"""Messages remembered so as not to pass them on twice."""

Live = Frame | Nonce | Reveal


@dataclass(slots=True)
class Mates:
    """Who is in which session."""

    context: Context
    """The node."""
    nodes: OrderedDict[EntryId, frozenset[NodeKey]] = field(default_factory=OrderedDict)
    """By session, the performer's node and the candidates'; oldest first."""
    performers: OrderedDict[NodeKey, EntryId] = field(default_factory=OrderedDict)
    """The latest session of each performer's node: nobody plays two at a time."""
    passed: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    """Digests of what was passed on."""

    def on_session(self, statement: Statement, session: Session) -> None:
        """A session is announced; its mates are remembered if this node is one.

        Anybody can write this node's key into a session: only its user's own, and those that its
        user signed an opening for, count.
        """
        if not self._takes_part(statement.entry.author, session):
            return
        before = self.performers.pop(session.performer_node, None)
        if before is not None:
            self.nodes.pop(before, None)
        self.performers[session.performer_node] = statement.id
        self.nodes[statement.id] = session_nodes(session)
        while len(self.performers) > MAX_SESSIONS:
            _, oldest = self.performers.popitem(last=False)
            self.nodes.pop(oldest, None)

    def _takes_part(self, author: IdentityId, session: Session) -> bool:
        identity, node = self.context.identity, self.context.node_key
        if session.performer_node == node:
            return author == identity
        return any(
            opening.candidate == identity and opening.candidate_node == node
            for opening in session.openings
        )

    def tell(self, message: Live) -> None:
        """Tells all mates that can be reached."""
        self._send(message, frozenset())

    def pass_on(self, peer: NodeKey, message: Nonce | Reveal) -> None:
        """The performer passes on what a candidate said, once."""
        mark = digest(to_bytes(message))
        if mark in self.passed:
            return
        self.passed[mark] = None
        while len(self.passed) > MAX_PASSED:
            self.passed.popitem(last=False)
        self._send(message, frozenset({peer}))

    def hand_over(self, statement: Statement, session: EntryId) -> Iterator[NodeKey]:
        """Gives an entry of one's own to all mates at once; yields who has it now."""
        message = Entries((statement.wire,))
        for node in sorted(self.nodes.get(session, frozenset()) & self.context.peers.keys()):
            self.context.send(node, message)
            yield node

    def are_mates(self, peer: NodeKey, session: EntryId) -> bool:
        """Whether a peer and this node are in a session together."""
        return peer in self.nodes.get(session, ())

    def _send(self, message: Live, but: frozenset[NodeKey]) -> None:
        nodes = self.nodes.get(message.session, frozenset())
        for node in sorted(nodes - but - {self.context.node_key}):
            self.context.send(node, message, is_live=not isinstance(message, Reveal))


def session_nodes(session: Session) -> frozenset[NodeKey]:
    """The nodes that a session names."""
    return frozenset({session.performer_node, *(o.candidate_node for o in session.openings)})
