"""Comparing: how two nodes find out what the other lacks (range-based set reconciliation).

Authors are ordered by key. A node sends the fingerprint of a range; where fingerprints differ the
other splits the range, until ranges are small enough to list their heads. Each side then pulls
the chains that it lacks. (A. Meyer, Range-Based Set Reconciliation, 2023, in its plain form.)
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from consensus.encoding import encode, keyed_digest
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId, NodeKey
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.messages import (
    MAX_BATCH,
    MAX_ITEMS,
    MAX_WANTED,
    Entries,
    HeadRange,
    Heads,
    Ranges,
    WantChain,
    WantEntries,
)

SPLIT: Final = 16
"""Into how many parts a range is split that differs."""
LISTED: Final = 32
"""A range with at most this many heads is listed."""
MAX_ANSWER_BYTES: Final = 4_000_000
"""What one request for a chain may fetch; the rest follows at the next comparison."""
MAX_ENTRIES_BYTES: Final = 200_000
"""Bytes of entries in one message."""

Head = tuple[IdentityId, EntryId]


@dataclass(slots=True)
class Comparing:
    """Compares the ledger with peers' and serves what they ask for."""

    context: Context
    """The node."""

    def begin(self, peer: NodeKey) -> None:
        """Starts a comparison of everything with one peer."""
        key = self.context.chance.randbytes(16)
        heads = self._heads()
        self.context.send(peer, Ranges(key, (_head_range(key, heads, b"", b""),)))

    def compare(self, peer: NodeKey, message: Ranges) -> None:
        """Answers a peer's fingerprints: nothing where equal, finer ranges or lists elsewhere."""
        heads = self._heads()
        finer: list[HeadRange] = []
        for theirs in message.ranges:
            mine = _within(heads, theirs.low, theirs.high)
            if _fingerprint(message.key, mine) == theirs.fingerprint:
                continue
            if len(mine) <= LISTED or len(finer) + SPLIT > MAX_ITEMS // 4:
                listed = Heads(theirs.low, theirs.high, tuple(mine[:MAX_ITEMS]), False)
                self.context.send(peer, listed)
            else:
                finer += _split(message.key, mine, theirs.low, theirs.high)
        for start in range(0, len(finer), SPLIT):
            self.context.send(peer, Ranges(message.key, tuple(finer[start : start + SPLIT])))

    def pull(self, peer: NodeKey, message: Heads) -> None:
        """Asks for the chains whose heads we lack, and lists ours if the peer hasn't seen them."""
        ledger = self.context.ledger
        for author, head in message.heads:
            if head not in ledger.applied and head not in ledger.rejected:
                known = tuple(sorted(ledger.tips.get(author, {})))[:MAX_WANTED]
                self.context.send(peer, WantChain(head, known))
        mine = tuple(_within(self._heads(), message.low, message.high)[:MAX_ITEMS])
        if not message.is_answer and mine != message.heads:
            self.context.send(peer, Heads(message.low, message.high, mine, True))

    def serve_chain(self, peer: NodeKey, message: WantChain) -> None:
        """Sends the entries up to a head that are not below the heads that the peer knows."""
        ledger = self.context.ledger
        if message.head not in ledger.applied:
            return
        known = {entry for head in message.known for entry in self._ancestors(head)}
        lacking: list[Statement] = []
        for entry in self._ancestors(message.head):
            if entry in known:
                break
            lacking.append(ledger.statements[entry])
        self._send_entries(peer, lacking[::-1])

    def serve_entries(self, peer: NodeKey, message: WantEntries) -> None:
        """Sends the entries that are asked for by id."""
        statements = self.context.ledger.statements
        self._send_entries(
            peer, [statements[entry] for entry in message.ids if entry in statements]
        )

    def _send_entries(self, peer: NodeKey, statements: list[Statement]) -> None:
        batch: list[bytes] = []
        total = size = 0
        for statement in statements:
            if batch and (size > MAX_ENTRIES_BYTES or len(batch) == MAX_BATCH):
                self.context.send(peer, Entries(tuple(batch)))
                batch, size = [], 0
            batch.append(statement.wire)
            size += len(statement.wire)
            total += len(statement.wire)
            if total > MAX_ANSWER_BYTES:
                break
        if batch:
            self.context.send(peer, Entries(tuple(batch)))

    def _ancestors(self, head: EntryId) -> Iterator[EntryId]:
        statements = self.context.ledger.statements
        while head != NO_ENTRY and head in statements:
            yield head
            head = statements[head].entry.prev

    def _heads(self) -> list[Head]:
        tips = self.context.ledger.tips
        return sorted((author, head) for author, heads in tips.items() for head in heads)


def _within(heads: list[Head], low: bytes, high: bytes) -> list[Head]:
    first = bisect_left(heads, (low, b""))
    last = bisect_left(heads, (high, b"")) if high else len(heads)
    return heads[first:last]


def _fingerprint(key: bytes, heads: list[Head]) -> bytes:
    return keyed_digest(key, encode(tuple(heads)))


def _head_range(key: bytes, heads: list[Head], low: bytes, high: bytes) -> HeadRange:
    return HeadRange(low, high, _fingerprint(key, _within(heads, low, high)))


def _split(key: bytes, heads: list[Head], low: bytes, high: bytes) -> list[HeadRange]:
    step = -(-len(heads) // SPLIT)
    inner = sorted({heads[position][0] for position in range(step, len(heads), step)})
    edges = [low, *(edge for edge in inner if edge > low), high]
    return [_head_range(key, heads, edge, following) for edge, following in pairwise(edges)]
