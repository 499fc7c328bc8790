"""How two nodes find out in which heads they differ: fingerprints of ranges, then lists."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final, NamedTuple

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from popd.node.messages.fresh import HINT_SIZE, short_digests

KEY_SIZE: Final = 16
FINGERPRINT_SIZE: Final = HINT_SIZE
"""Under a key that nobody could foresee, eight bytes are as good as none can forge."""
MAX_RUNS: Final = 64
MAX_RANGES: Final = 16
"""Ranges of one run; a comparison that begins with one may be answered with four times as many."""
MAX_SPANS: Final = 1_024
MAX_LISTED: Final = 1_024
"""Heads that one side lists in one span."""
MAX_DIGESTS: Final = 16_384
"""Heads that one message lists."""
MAX_HEADS: Final = 4_096
"""Heads that one message names in full."""


class Run(NamedTuple):
    """Consecutive ranges of authors, and what the sender holds of each in one number."""

    edges: tuple[bytes, ...]
    """Where the ranges begin, as prefixes of authors, and where the last ends; empty: the end."""
    fingerprints: tuple[bytes, ...]
    """Of each range, one fewer than edges."""


class Span(NamedTuple):
    """A range of authors, and heads in it as short keyed digests."""

    low: bytes
    """First author in it."""
    high: bytes
    """First author beyond it; empty for the end."""
    digests: tuple[bytes, ...]
    """Of heads."""


class Head(NamedTuple):
    """The last entry of a branch of somebody's chain."""

    author: IdentityId
    """Whose."""
    id: EntryId
    """The entry."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """What the sender holds, range by range."""

    TAG: ClassVar[str] = "ranges"
    key: bytes
    """Chosen at random by whoever began; fingerprints can't be prepared against it."""
    runs: tuple[Run, ...]
    """Ranges that may differ, in order."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.key, tuple((run.edges, b"".join(run.fingerprints)) for run in self.runs))

    @classmethod
    def from_body(cls, body: Canonical) -> "Ranges":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        key = fields.exactly(KEY_SIZE)
        runs = tuple(_run(item) for item in fields.array(1, MAX_RUNS))
        _check_order([(run.edges[0], run.edges[-1]) for run in runs])
        return cls(key, runs)


@dataclass(frozen=True, slots=True)
class Listed:
    """All heads that the sender holds in some ranges."""

    TAG: ClassVar[str] = "listed"
    key: bytes
    """Of the comparison."""
    spans: tuple[Span, ...]
    """In order."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.key, _spans_body(self.spans))

    @classmethod
    def from_body(cls, body: Canonical) -> "Listed":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(fields.exactly(KEY_SIZE), _spans(fields.array(1, MAX_SPANS)))


@dataclass(frozen=True, slots=True)
class Heads:
    """Where two lists differ: what the sender holds beyond, and what it doesn't recognise."""

    TAG: ClassVar[str] = "heads"
    key: bytes
    """Of the comparison."""
    heads: tuple[Head, ...]
    """In full, what the receiver did not list."""
    unknown: tuple[Span, ...]
    """What the receiver listed and the sender does not hold, in order."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.key, self.heads, _spans_body(self.unknown))

    @classmethod
    def from_body(cls, body: Canonical) -> "Heads":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 3)
        key = fields.exactly(KEY_SIZE)
        heads = tuple(_head(item) for item in fields.array(0, MAX_HEADS))
        return cls(key, heads, _spans(fields.array(0, MAX_SPANS)))


@dataclass(frozen=True, slots=True)
class NotNow:
    """Authors whom the sender does not take in at present; comparing leaves them out."""

    TAG: ClassVar[str] = "not-now"
    authors: tuple[IdentityId, ...]
    """Whom."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (b"".join(self.authors),)

    @classmethod
    def from_body(cls, body: Canonical) -> "NotNow":
        """Raises RejectionError when `body` is none."""
        packed = Fields(cls.TAG, body, 1).packed(32, MAX_HEADS)
        return cls(tuple(IdentityId(packed[at : at + 32]) for at in range(0, len(packed), 32)))


def _run(item: Canonical) -> Run:
    fields = Fields("run", item, 2)
    items = fields.array(2, 4 * MAX_RANGES + 1)
    parts = Fields("edges", items, len(items))
    edges = tuple(parts.binary(0, 32) for _ in items)
    fingerprints = short_digests(fields, 4 * MAX_RANGES)
    if len(fingerprints) != len(edges) - 1:
        raise RejectionError(RejectionReason.MALFORMED, "not one fingerprint a range")
    _check_order(list(pairwise(edges)))
    return Run(edges, fingerprints)


def _spans(items: tuple[Canonical, ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for item in items:
        fields = Fields("span", item, 3)
        low, high = fields.binary(0, 32), fields.binary(0, 32)
        spans.append(Span(low, high, short_digests(fields, MAX_LISTED)))
    _check_order([(span.low, span.high) for span in spans])
    if sum(len(span.digests) for span in spans) > MAX_DIGESTS:
        raise RejectionError(RejectionReason.TOO_LARGE, "more digests than a message may list")
    return tuple(spans)


def _spans_body(spans: tuple[Span, ...]) -> Canonical:
    return tuple((span.low, span.high, b"".join(span.digests)) for span in spans)


def _head(item: Canonical) -> Head:
    parts = Fields("head", item, 2)
    return Head(IdentityId(parts.exactly(32)), EntryId(parts.exactly(32)))


def _check_order(ranges: list[tuple[bytes, bytes]]) -> None:
    """Raises RejectionError unless ranges are in order and apart: others would cost much."""
    lows = [low for low, _ in ranges[1:]]
    highs = [high for _, high in ranges[:-1]]
    is_apart = all(high and high <= low for low, high in zip(lows, highs, strict=True))
    if not is_apart or any(high and high <= low for low, high in ranges):
        raise RejectionError(RejectionReason.MALFORMED, "ranges that overlap")
