"""Charts and evidence: asked for by digest, checked, kept, served to those who may have them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from consensus.encoding import digest
from consensus.entries.performance import Block, Session
from consensus.identifiers import ContentId, NodeKey
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.effects import LoadBlob, ServeBlob, StoreBlob
from popd.node.messages import WantBlob

MAX_WANTED_BLOBS: Final = 256
RETRY_MS: Final = 1_500
MAX_ATTEMPTS: Final = 40


@dataclass(slots=True)
class Wanted:
    """A blob that is being asked for."""

    sources: tuple[NodeKey, ...]
    """Whom to ask in turn."""
    attempts: int = 0
    """How often it was asked for."""


@dataclass(slots=True)
class Blobs:
    """What is asked for, and who may have which evidence."""

    context: Context
    """The node."""
    on_blob: Callable[[ContentId, bytes], None]
    """Lets the other parts use what arrived."""
    wanted: dict[ContentId, Wanted] = field(default_factory=dict)
    """What is being asked for."""
    witnesses: dict[ContentId, frozenset[NodeKey]] = field(default_factory=dict)
    """For each evidence that is known by a block, the nodes of its session."""

    def want(self, blob: ContentId, sources: Sequence[NodeKey]) -> None:
        """Asks for a blob: the own store first, then the sources in turn, until it comes."""
        if blob in self.wanted or len(self.wanted) >= MAX_WANTED_BLOBS:
            return
        others = tuple(source for source in sources if source != self.context.node_key)
        self.wanted[blob] = Wanted(others)
        self.context.do(LoadBlob(blob))
        self._ask(blob)

    def keep(self, data: bytes) -> ContentId:
        """Keeps a blob of one's own."""
        blob = ContentId(digest(data))
        self.context.do(StoreBlob(blob, data))
        return blob

    def receive(self, data: bytes) -> None:
        """Takes in a blob that was asked for; anything else is dropped."""
        blob = ContentId(digest(data))
        if self.wanted.pop(blob, None) is not None:
            self.context.do(StoreBlob(blob, data))
            self.on_blob(blob, data)

    def serve(self, peer: NodeKey, message: WantBlob) -> None:
        """Sends a blob; evidence only to the nodes of its session."""
        witnesses = self.witnesses.get(message.id)
        if witnesses is None or peer in witnesses:
            self.context.do(ServeBlob(peer, message.id))

    def note_block(self, block: Block, session: Statement) -> None:
        """Remembers who may have the evidence of a block."""
        body = session.body
        if isinstance(body, Session):
            nodes = {body.performer_node, *(o.candidate_node for o in body.openings)}
            self.witnesses[block.evidence] = frozenset(nodes)

    def _ask(self, blob: ContentId) -> None:
        wanted = self.wanted.get(blob)
        if wanted is None:
            return
        reachable = [source for source in wanted.sources if source in self.context.peers]
        if reachable:
            self.context.send(reachable[wanted.attempts % len(reachable)], WantBlob(blob))
        wanted.attempts += 1
        if wanted.attempts < MAX_ATTEMPTS:
            self.context.call_after(RETRY_MS, lambda: self._ask(blob))
        else:
            del self.wanted[blob]
