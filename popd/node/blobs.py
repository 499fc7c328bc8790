"""Charts and evidence: asked for by digest, in parts, checked, kept, served to those who may."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from consensus.encoding import digest
from consensus.entries.performance import Block, Session
from consensus.identifiers import ContentId, EntryId, NodeKey
from consensus.ledger import Ledger
from consensus.statement import Statement
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds
from popd.node.context import Context
from popd.node.effects import LoadBlob, PruneBlobs, ServeBlob, StoreBlob
from popd.node.mates import session_nodes
from popd.node.messages.blobs import MAX_BLOB_SIZE, BlobPart, HaveBlobs, WantBlob
from popd.node.offences import Offence
from popd.node.standing import Standings

MAX_WANTED_BLOBS: Final = 256
MAX_WANTED_OF_ONE: Final = 16
"""Blobs of one performer that are wanted at once: sessions that nobody plays fill no queue."""
MAX_SOURCES: Final = 32
RETRY_MS: Final = 1_500
MAX_ATTEMPTS: Final = 40
KEPT_MS: Final = 30 * MILLISECONDS_PER_DAY
"""How long evidence is kept."""
PRUNING_MS: Final = 3_600_000
"""How often what is older is let go."""
SERVING_COST_US: Final = 500
"""What reading a blob from the disk is charged with."""


@dataclass(slots=True)
class Wanted:
    """A blob that is being asked for."""

    sources: list[NodeKey]
    """Whom to ask in turn."""
    announcers: set[NodeKey] = field(default_factory=set)
    """Of these, those who said by themselves that they have it."""
    attempts: int = 0
    """How often it was asked for."""
    asked: NodeKey | None = None
    """Who is being asked; all parts come from one peer, who answers for the whole."""
    parts: bytearray = field(default_factory=bytearray)
    """What came from that peer."""
    has_moved: bool = False
    """Something came since the last look."""


@dataclass(slots=True)
class Blobs:
    """What is asked for, and who may have what."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who serves rubbish."""
    on_blob: Callable[[ContentId, bytes], None]
    """Lets the other parts use what arrived."""
    wanted: dict[ContentId, Wanted] = field(default_factory=dict)
    """What is being asked for."""
    charts: Counter[ContentId] = field(default_factory=Counter)
    """Charts that sessions name, and how many do: everybody may have them."""
    witnesses: dict[ContentId, tuple[EntryId, frozenset[NodeKey]]] = field(default_factory=dict)
    """For each evidence, the first block that named it, and the nodes of its session."""

    def prune(self) -> None:
        """Lets go of what is older than a month or beyond the budget, now and every hour.

        Charts that sessions name stay, and evidence of blocks that may still be minted.
        """
        context = self.context
        needed = needed_evidence(context.ledger, context.now_ms) | self.charts.keys()
        before_ms = Milliseconds(context.now_ms - KEPT_MS)
        context.do(PruneBlobs(before_ms, frozenset(needed), context.settings.blob_bytes))
        context.call_after(PRUNING_MS, self.prune)

    def want(self, blob: ContentId, sources: Sequence[NodeKey]) -> None:
        """Asks for a blob: the own store first, then the sources in turn, until it comes."""
        if blob in self.wanted or len(self.wanted) >= MAX_WANTED_BLOBS:
            return
        others = [source for source in sources if source != self.context.node_key]
        alike = sum(wanted.sources[:1] == others[:1] for wanted in self.wanted.values())
        if alike >= MAX_WANTED_OF_ONE:
            return
        self.wanted[blob] = Wanted(others)
        self.context.do(LoadBlob(blob))
        self._ask(blob)

    def keep(self, data: bytes) -> ContentId:
        """Keeps a blob of one's own."""
        blob = ContentId(digest(data))
        self.context.do(StoreBlob(blob, data))
        return blob

    def share(self, chart: bytes) -> None:
        """Keeps a chart of one's own that everybody may have."""
        self.charts[self.keep(chart)] += 1

    def unshare(self, blob: ContentId) -> None:
        """Nobody may have it any more."""
        self.charts.pop(blob, None)

    def loaded(self, blob: ContentId, data: bytes) -> None:
        """The own store had it."""
        if self.wanted.pop(blob, None) is not None:
            self.on_blob(blob, data)

    def announced(self, peer: NodeKey, message: HaveBlobs) -> None:
        """A peer can be asked for these as well."""
        for blob in message.ids:
            wanted = self.wanted.get(blob)
            if wanted is not None and len(wanted.sources) < MAX_SOURCES:
                wanted.announcers.add(peer)
                if peer not in wanted.sources:
                    wanted.sources.append(peer)

    def receive(self, peer: NodeKey, part: BlobPart) -> None:
        """Takes in a part from the peer that was asked; anything else is dropped."""
        wanted = self.wanted.get(part.id)
        if wanted is None or wanted.asked != peer:
            return
        if part.size == 0:
            self._has_not(part.id, wanted, peer)
            return
        if part.offset != len(wanted.parts) or not part.data:
            return
        wanted.parts += part.data
        wanted.has_moved = True
        if len(wanted.parts) > min(part.size, MAX_BLOB_SIZE):
            self._is_wrong(part.id, wanted, peer)
        elif len(wanted.parts) == part.size:
            self._complete(part.id, wanted, peer)

    def serve(self, peer: NodeKey, message: WantBlob) -> None:
        """Sends a blob: charts to everybody, evidence only to the nodes of its session."""
        may_have = message.id in self.charts or peer in self._witnesses(message.id)
        self.standings.spend(peer, SERVING_COST_US)
        if may_have and self.standings.may_send(peer, MAX_BLOB_SIZE - message.offset):
            self.context.do(ServeBlob(peer, message.id, message.offset))

    def note_session(self, session: Session) -> None:
        """The chart of a session is everybody's."""
        self.charts[session.chart] += 1

    def note_block(self, entry: EntryId, block: Block, session: Session) -> None:
        """Remembers who may have the evidence of a block.

        Whoever names it later, in a block of their own, gets nothing by that.
        """
        self.witnesses.setdefault(block.evidence, (entry, session_nodes(session)))

    def forget(self, statement: Statement) -> None:
        """An entry was let go: nobody may have anything because of it."""
        body = statement.body
        if isinstance(body, Session) and body.chart in self.charts:
            self.charts[body.chart] -= 1
            if not self.charts[body.chart]:
                del self.charts[body.chart]
        elif isinstance(body, Block):
            known = self.witnesses.get(body.evidence)
            if known is not None and known[0] == statement.id:
                del self.witnesses[body.evidence]

    def _witnesses(self, blob: ContentId) -> frozenset[NodeKey]:
        known = self.witnesses.get(blob)
        return frozenset() if known is None else known[1]

    def _complete(self, blob: ContentId, wanted: Wanted, peer: NodeKey) -> None:
        data = bytes(wanted.parts)
        if digest(data) != blob:
            self._is_wrong(blob, wanted, peer)
            return
        del self.wanted[blob]
        self.context.do(StoreBlob(blob, data))
        for mate in sorted(self._witnesses(blob)):
            if mate not in (peer, self.context.node_key):
                self.context.send(mate, HaveBlobs((blob,)))
        self.on_blob(blob, data)

    def _is_wrong(self, blob: ContentId, wanted: Wanted, peer: NodeKey) -> None:
        self.standings.note(peer, Offence.WRONG_BLOB)
        self._lose_source(blob, wanted, peer)

    def _has_not(self, blob: ContentId, wanted: Wanted, peer: NodeKey) -> None:
        if peer in wanted.announcers:
            self.standings.note(peer, Offence.BROKEN_PROMISE)
        self._lose_source(blob, wanted, peer)

    def _lose_source(self, blob: ContentId, wanted: Wanted, peer: NodeKey) -> None:
        wanted.sources.remove(peer)
        wanted.announcers.discard(peer)
        wanted.asked = None
        wanted.parts.clear()
        self._ask_next(blob, wanted)

    def _ask(self, blob: ContentId) -> None:
        """Asks, and looks again later; a source that is silent gives way to the next."""
        wanted = self.wanted.get(blob)
        if wanted is None:
            return
        if not wanted.has_moved:
            if wanted.asked is not None and wanted.asked in wanted.announcers:
                self.standings.note(wanted.asked, Offence.SILENT)
            self._ask_next(blob, wanted)
        wanted.has_moved = False
        wanted.attempts += 1
        if wanted.attempts < MAX_ATTEMPTS:
            self.context.call_after(RETRY_MS, partial(self._ask, blob))
        else:
            del self.wanted[blob]

    def _ask_next(self, blob: ContentId, wanted: Wanted) -> None:
        reachable = [source for source in wanted.sources if source in self.context.peers]
        if not reachable:
            return
        after = reachable.index(wanted.asked) + 1 if wanted.asked in reachable else 0
        source = reachable[after % len(reachable)]
        if source != wanted.asked:
            wanted.asked = source
            wanted.parts.clear()
        self.context.send(source, WantBlob(blob, len(wanted.parts)))


def needed_evidence(ledger: Ledger, now_ms: Milliseconds) -> set[ContentId]:
    """The evidence of blocks that are not minted, and may still be."""
    needed: set[ContentId] = set()
    for tips in ledger.tips.values():
        for state in tips.values():
            for block, record in state.blocks.items():
                if block in state.mints or now_ms - record.end_ms > ledger.params.mint_deadline_ms:
                    continue
                body = ledger.statements[block].body
                if isinstance(body, Block):
                    needed.add(body.evidence)
    return needed
