"""Comparing: how two nodes find out what the other lacks (range-based set reconciliation).

A node sends the fingerprint of all its heads; where fingerprints differ the other splits the
range, until ranges are small enough to list. The lists are short keyed digests, so that only
heads in which the two differ are ever named in full. Whoever lacks them pulls their chains.
Nothing is remembered between messages: each carries its key, and any may be lost.
(A. Meyer, Range-Based Set Reconciliation, SRDS 2023.)
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, assert_never

from consensus.identifiers import IdentityId, NodeKey
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.head_index import HeadIndex, Row, author_of, head_of, short_digest
from popd.node.keeping import Keeping
from popd.node.messages.comparing import (
    KEY_SIZE,
    MAX_DIGESTS,
    MAX_HEADS,
    MAX_LISTED,
    MAX_RANGES,
    MAX_RUNS,
    MAX_SPANS,
    Head,
    Heads,
    Listed,
    NotNow,
    Ranges,
    Run,
    Span,
)
from popd.node.pulling import Pulling

FIRST_SPLIT: Final = 4 * MAX_RANGES
"""Into how many parts everything is split."""
LISTED: Final = 16
"""A range with at most this many heads is listed: splitting it further would cost more bytes."""
RANGE_COST_US: Final = 3
"""What finding one range and telling whether it differs is charged with."""
ROW_COST_US: Final = 2
"""The same for one head that is listed."""
HEAD_COST_US: Final = 4
"""The same for one head that is named in full, with its way to the peer."""
FINGERPRINTED_PER_US: Final = 4
"""How many heads go into a fingerprint in a microsecond, about."""
SIFTED_PER_US: Final = 2
"""How many heads are looked at in a microsecond for whether they are left out."""
LEFT_OUT_MS: Final = 600_000
"""After this long it is tried again to compare an author whom a peer did not take in."""
MAX_LEFT_OUT: Final = 4_096
"""Authors left out for one peer; those beyond are found to differ again and again."""


@dataclass(slots=True)
class Comparing:
    """Compares the ledger's heads with those of peers."""

    context: Context
    """The node."""
    pulling: Pulling
    """Fetches what is lacking."""
    keeping: Keeping
    """Knows who is not kept whole, and can't be compared."""
    index: HeadIndex = field(default_factory=HeadIndex)
    """The ledger's heads."""
    left_out: dict[NodeKey, OrderedDict[IdentityId, int]] = field(default_factory=dict)
    """For each peer, whom it doesn't take in, and until when, oldest first."""

    def start(self) -> None:
        """Reads the heads of a ledger that came from the store."""
        tips = self.context.ledger.tips
        self.index.rows = sorted(author + head for author, heads in tips.items() for head in heads)

    def on_applied(self, statement: Statement) -> None:
        """An entry took its place."""
        self.index.follow(statement.entry.author, statement.entry.prev, statement.id)

    def forget(self, authors: Iterable[IdentityId]) -> None:
        """Entries of these were let go."""
        for author in authors:
            self.index.replace(author, self.context.ledger.tips.get(author, ()))

    def leave_out(self, peer: NodeKey, message: NotNow) -> None:
        """A peer does not take these in at present."""
        left_out = self.left_out.setdefault(peer, OrderedDict())
        for author in message.authors:
            left_out[author] = self.context.now_ms + LEFT_OUT_MS
            left_out.move_to_end(author)
        while len(left_out) > MAX_LEFT_OUT:
            left_out.popitem(last=False)

    def disconnect(self, peer: NodeKey) -> None:
        """A peer is gone."""
        self.left_out.pop(peer, None)

    def begin(self, peer: NodeKey) -> None:
        """Starts a comparison of everything that both take in with one peer."""
        key = self.context.chance.randbytes(KEY_SIZE)
        whole = _run(self._common(peer), key, [b"", b""])
        self.context.send(peer, Ranges(key, (whole,)))

    def compare(self, peer: NodeKey, message: Ranges) -> None:
        """Answers a peer's fingerprints: nothing where equal, finer ranges or lists elsewhere."""
        key, index = message.key, self._common(peer)
        is_whole = len(message.runs) == 1 and len(message.runs[0].fingerprints) == 1
        runs: list[Run] = []
        spans: list[Span] = []
        for low, high in _differing(index, message):
            span = index.within(low, high)
            edges = _split(index, low, high, FIRST_SPLIT if is_whole else MAX_RANGES)
            if len(span) <= LISTED or len(edges) == 2:
                rows = index.of(span)[:MAX_LISTED]
                spans.append(Span(low, high, tuple(short_digest(key, row) for row in rows)))
            else:
                runs.append(_run(index, key, edges))
        for start in range(0, len(runs), MAX_RUNS):
            self.context.send(peer, Ranges(key, tuple(runs[start : start + MAX_RUNS])))
        for part in _portions(spans):
            self.context.send(peer, Listed(key, part))

    def answer_list(self, peer: NodeKey, message: Listed) -> None:
        """Names what the peer did not list, and tells what it listed that is not held here."""
        index = self._common(peer)
        beyond: list[Row] = []
        unknown: list[Span] = []
        for low, high, theirs in message.spans:
            rows = index.of(index.within(low, high))
            if theirs:
                mine = {short_digest(message.key, row): row for row in rows}
                listed = frozenset(theirs)
                rows = [row for digest, row in mine.items() if digest not in listed]
                strange = tuple(digest for digest in theirs if digest not in mine)
                if strange:
                    unknown.append(Span(low, high, strange))
            beyond += rows[: MAX_HEADS - len(beyond)]
        if beyond or unknown:
            self.context.send(peer, Heads(message.key, _heads(beyond), tuple(unknown)))

    def take_heads(self, peer: NodeKey, message: Heads) -> None:
        """Pulls the heads that are lacking, and names those that the peer did not recognise.

        Of an author whose chain is about to be pulled from the peer it is the peer that is ahead.
        """
        self.pulling.want(peer, message.heads)
        ahead = {head.author for head in message.heads if head.id in self.pulling.wanted}
        index = self._common(peer)
        rows: list[Row] = []
        for low, high, digests in message.unknown:
            unknown = frozenset(digests)
            rows += [
                row
                for row in index.of(index.within(low, high))
                if author_of(row) not in ahead and short_digest(message.key, row) in unknown
            ]
        if rows:
            self.context.send(peer, Heads(message.key, _heads(rows[:MAX_HEADS]), ()))

    def cost_us(self, peer: NodeKey, message: Ranges | Listed | Heads) -> int:
        """About how long it takes to answer, before anything is done."""
        match message:
            case Ranges():
                ends = [(run.edges[0], run.edges[-1]) for run in message.runs]
                ranges = sum(len(run.fingerprints) for run in message.runs)
                cost = RANGE_COST_US * ranges + self._rows(ends) // FINGERPRINTED_PER_US
            case Listed(spans=spans) | Heads(unknown=spans):
                digested = self._rows((s.low, s.high) for s in spans if s.digests)
                named = self._rows((s.low, s.high) for s in spans if not s.digests)
                cost = RANGE_COST_US * len(spans) + ROW_COST_US * digested
                cost += HEAD_COST_US * min(named, MAX_HEADS)
            case _:
                assert_never(message)
        if self._are_all_compared(peer):
            return cost
        sifted = len(self.index.rows) + len(self.keeping.declined.marks)
        return cost + sifted // SIFTED_PER_US

    def _rows(self, ranges: Iterable[tuple[bytes, bytes]]) -> int:
        return sum(len(self.index.within(low, high)) for low, high in ranges)

    def _common(self, peer: NodeKey) -> HeadIndex:
        """The heads of those whom, as far as is known, both take in whole."""
        if self._are_all_compared(peer):
            return self.index
        now_ms = self.context.now_ms
        theirs = self.left_out.get(peer, OrderedDict())
        absent = {author for author, until_ms in theirs.items() if until_ms > now_ms}
        absent |= self.keeping.declined_authors
        return HeadIndex([row for row in self.index.rows if author_of(row) not in absent])

    def _are_all_compared(self, peer: NodeKey) -> bool:
        return not self.left_out.get(peer) and not self.keeping.declined_authors


def _differing(index: HeadIndex, message: Ranges) -> Iterator[tuple[bytes, bytes]]:
    """The ranges whose fingerprints differ; neighbours with few heads are joined."""
    joined: tuple[bytes, bytes] | None = None
    size = 0
    for low, high, theirs in _ranges(message):
        span = index.within(low, high)
        if index.fingerprint(message.key, span) == theirs:
            continue
        if joined is not None and joined[1] == low and size + len(span) <= LISTED:
            joined, size = (joined[0], high), size + len(span)
            continue
        if joined is not None:
            yield joined
        joined, size = (low, high), len(span)
    if joined is not None:
        yield joined


def _split(index: HeadIndex, low: bytes, high: bytes, most: int) -> list[bytes]:
    """Edges of about equally full parts of a range; an author is never split."""
    rows, span = index.rows, index.within(low, high)
    parts = min(most, -(-len(span) // LISTED))
    edges = [low]
    for part in range(1, parts):
        at = span.start + part * len(span) // parts
        if author_of(rows[at - 1]) != author_of(rows[at]):
            edge = index.edge(at)
            if edge > edges[-1]:
                edges.append(edge)
    return [*edges, high]


def _run(index: HeadIndex, key: bytes, edges: list[bytes]) -> Run:
    fingerprints = tuple(
        index.fingerprint(key, index.within(low, high)) for low, high in pairwise(edges)
    )
    return Run(tuple(edges), fingerprints)


def _ranges(message: Ranges) -> Iterator[tuple[bytes, bytes, bytes]]:
    for run in message.runs:
        for (low, high), fingerprint in zip(pairwise(run.edges), run.fingerprints, strict=True):
            yield low, high, fingerprint


def _portions(spans: list[Span]) -> Iterator[tuple[Span, ...]]:
    """As many spans at a time as a message may hold."""
    portion: list[Span] = []
    size = 0
    for span in spans:
        if portion and (len(portion) == MAX_SPANS or size + len(span.digests) > MAX_DIGESTS):
            yield tuple(portion)
            portion, size = [], 0
        portion.append(span)
        size += len(span.digests)
    if portion:
        yield tuple(portion)


def _heads(rows: list[Row]) -> tuple[Head, ...]:
    return tuple(Head(author_of(row), head_of(row)) for row in rows)
