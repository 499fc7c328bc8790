"""All heads in order of their authors, kept as the ledger grows: what two nodes compare."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from consensus.encoding import keyed_digest
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from popd.node.messages.comparing import FINGERPRINT_SIZE

AUTHOR_SIZE: Final = 32

Row = bytes
"""An author and a head of theirs, 64 bytes."""


@dataclass(slots=True)
class HeadIndex:
    """Rows in order; a range of authors is a slice of them."""

    rows: list[Row] = field(default_factory=list)
    """Each once."""

    def follow(self, author: IdentityId, prev: EntryId, head: EntryId) -> None:
        """An entry took its place in its author's chain, and may be the head now.

        One entry more or less costs two bisections; only a new branch moves rows.
        """
        row = author + head
        at = bisect_left(self.rows, author + prev)
        is_known = at < len(self.rows) and self.rows[at] == author + prev
        if is_known and self._stays_in_order(at, row):
            self.rows[at] = row
            return
        if is_known and prev != NO_ENTRY:
            del self.rows[at]
        at = bisect_left(self.rows, row)
        if self.rows[at : at + 1] != [row]:
            self.rows.insert(at, row)

    def replace(self, author: IdentityId, heads: Iterable[EntryId]) -> None:
        """Puts other heads in place of an author's."""
        first = bisect_left(self.rows, author)
        last = first
        while last < len(self.rows) and self.rows[last].startswith(author):
            last += 1
        self.rows[first:last] = sorted(author + head for head in heads)

    def within(self, low: bytes, high: bytes) -> range:
        """The positions of the rows of authors from `low` to before `high` (prefixes; b"": end)."""
        first = bisect_left(self.rows, low)
        return range(first, bisect_left(self.rows, high) if high else len(self.rows))

    def of(self, span: range) -> list[Row]:
        """The rows of a span."""
        return self.rows[span.start : span.stop]

    def fingerprint(self, key: bytes, span: range) -> bytes:
        """One number for all rows of a span."""
        return keyed_digest(key, b"".join(self.of(span)))[:FINGERPRINT_SIZE]

    def edge(self, at: int) -> bytes:
        """The shortest prefix that sorts after row `at - 1` and not after row `at`'s author."""
        before, author = author_of(self.rows[at - 1]), author_of(self.rows[at])
        size = next(i for i in range(AUTHOR_SIZE) if before[i] != author[i])
        return author[: size + 1]

    def _stays_in_order(self, at: int, row: Row) -> bool:
        is_after = at == 0 or self.rows[at - 1] < row
        return is_after and (at + 1 == len(self.rows) or row < self.rows[at + 1])


def author_of(row: Row) -> IdentityId:
    """Whose row it is."""
    return IdentityId(row[:AUTHOR_SIZE])


def head_of(row: Row) -> EntryId:
    """The head in a row."""
    return EntryId(row[AUTHOR_SIZE:])


def short_digest(key: bytes, row: Row) -> bytes:
    """What stands for a row in a list."""
    return keyed_digest(key, row)[:FINGERPRINT_SIZE]
