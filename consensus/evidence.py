"""Evidence: the log of one window, cut into chunks under a Merkle root.

The log holds what the player pressed and released and when each nonce arrived, in microseconds
from the start of the window. It travels and rests outside the chain; the block names it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from consensus.encoding import decode, digest, encode, pack_varints, unpack_varints
from consensus.fields import Fields
from consensus.identifiers import ContentId, EntryId, EvidenceId
from consensus.parameters import CHUNK_US, MAX_EVIDENCE_SIZE, MAX_WINDOW_EVENTS, MAX_WINDOWS
from consensus.rejections import RejectionError, RejectionReason

EVIDENCE_VERSION: Final = 1
NONCE_SIZE: Final = 16
MAX_WINDOW_US: Final = 600_000_000
MAX_NONCES: Final = 64
MAX_LANES: Final = 18
LEAF_DOMAIN: Final = b"\0"
INNER_DOMAIN: Final = b"\1"


class KeyEvent(NamedTuple):
    """A key went down or up."""

    time_us: int
    """When, from the start of the window."""
    lane: int
    """Which key."""
    is_press: bool
    """Down, not up."""


class NonceEvent(NamedTuple):
    """A witness's nonce reached the player."""

    time_us: int
    """When, from the start of the window."""
    slot: int
    """Which slot of the window it is for."""
    nonce: bytes
    """16 bytes from which the riff follows."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole log of one window."""

    session: EntryId
    """The session entry."""
    window: int
    """Which window of the session, from 0."""
    duration_us: int
    """How long the window was."""
    keys: tuple[KeyEvent, ...]
    """In order of time."""
    nonces: tuple[NonceEvent, ...]
    """In order of time."""

    def chunks(self) -> tuple[bytes, ...]:
        """The log in pieces of five seconds; each can be read alone."""
        return tuple(
            _chunk(self.keys, self.nonces, start_us)
            for start_us in range(0, self.duration_us, CHUNK_US)
        )

    def to_bytes(self) -> bytes:
        """The canonical bytes."""
        return encode(
            (EVIDENCE_VERSION, self.session, self.window, self.duration_us, self.chunks())
        )

    @property
    def id(self) -> EvidenceId:
        """The digest of the canonical bytes."""
        return EvidenceId(ContentId(digest(self.to_bytes())))

    @property
    def root(self) -> bytes:
        """The Merkle root over the chunks."""
        return merkle_root(self.chunks())


def evidence_from_bytes(data: bytes) -> Evidence:
    """The evidence with these canonical bytes.

    Raises RejectionError: those of decoding; MALFORMED for events out of order,
    OUT_OF_RANGE for events outside the window, NOT_CANONICAL for other bytes of the same log.
    """
    fields = Fields("evidence", decode(data, MAX_EVIDENCE_SIZE), 5)
    fields.integer(EVIDENCE_VERSION, EVIDENCE_VERSION)
    session = EntryId(fields.exactly(32))
    window = fields.integer(0, MAX_WINDOWS - 1)
    duration_us = fields.integer(1, MAX_WINDOW_US)
    chunks = fields.array(1, MAX_WINDOW_US // CHUNK_US)
    keys: list[KeyEvent] = []
    nonces: list[NonceEvent] = []
    for position, chunk in enumerate(chunks):
        if type(chunk) is not bytes:
            raise RejectionError(RejectionReason.MALFORMED, "evidence: a chunk is not bytes")
        columns = Fields("evidence chunk", decode(chunk, MAX_EVIDENCE_SIZE), 5)
        _read_chunk(columns, position, keys, nonces)
    evidence = Evidence(session, window, duration_us, tuple(keys), tuple(nonces))
    check_evidence(evidence)
    if evidence.to_bytes() != data:
        raise RejectionError(RejectionReason.NOT_CANONICAL, "evidence: the same log, other bytes")
    return evidence


def check_evidence(evidence: Evidence) -> None:
    """Raises RejectionError(MALFORMED, OUT_OF_RANGE or TOO_LARGE) for an impossible log."""
    if len(evidence.keys) > MAX_WINDOW_EVENTS or len(evidence.nonces) > MAX_NONCES:
        raise RejectionError(RejectionReason.TOO_LARGE, "evidence: too many events")
    for events in (evidence.keys, evidence.nonces):
        times = [event.time_us for event in events]
        if any(later < earlier for earlier, later in pairwise(times)):
            raise RejectionError(RejectionReason.MALFORMED, "evidence: events out of order")
        if times and not 0 <= times[0] <= times[-1] < evidence.duration_us:
            raise RejectionError(RejectionReason.OUT_OF_RANGE, "evidence: an event out of its time")
    if any(not 0 <= event.lane < MAX_LANES for event in evidence.keys):
        raise RejectionError(RejectionReason.OUT_OF_RANGE, "evidence: an event outside the lanes")


Timed = TypeVar("Timed", KeyEvent, NonceEvent)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves`; leaves and inner nodes have domains, an odd node is promoted.

    Raises ValueError when there are none.
    """
    if not leaves:
        raise ValueError("a tree needs a leaf")
    level = [digest(LEAF_DOMAIN + leaf) for leaf in leaves]
    while len(level) > 1:
        paired = [
            digest(INNER_DOMAIN + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)
        ]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def _chunk(keys: Sequence[KeyEvent], nonces: Sequence[NonceEvent], start_us: int) -> bytes:
    keys = _within(keys, start_us)
    nonces = _within(nonces, start_us)
    return encode(
        (
            pack_varints(_gaps([event.time_us for event in keys], start_us)),
            bytes(event.lane * 2 + event.is_press for event in keys),
            pack_varints(_gaps([event.time_us for event in nonces], start_us)),
            bytes(event.slot for event in nonces),
            b"".join(event.nonce for event in nonces),
        )
    )


def _within(events: Sequence[Timed], start_us: int) -> Sequence[Timed]:
    first = bisect_left(events, start_us, key=lambda event: event.time_us)
    last = bisect_left(events, start_us + CHUNK_US, key=lambda event: event.time_us)
    return events[first:last]


def _gaps(times_us: list[int], start_us: int) -> list[int]:
    return [later - earlier for earlier, later in pairwise([start_us, *times_us])]


def _read_chunk(
    fields: Fields, position: int, keys: list[KeyEvent], nonces: list[NonceEvent]
) -> None:
    key_gaps = unpack_varints(fields.binary(0, MAX_EVIDENCE_SIZE), MAX_WINDOW_EVENTS)
    codes = fields.binary(0, MAX_WINDOW_EVENTS)
    nonce_gaps = unpack_varints(fields.binary(0, MAX_EVIDENCE_SIZE), MAX_NONCES)
    slots = fields.binary(0, MAX_NONCES)
    values = fields.binary(0, MAX_NONCES * NONCE_SIZE)
    if len(key_gaps) != len(codes) or len(nonce_gaps) != len(slots):
        raise RejectionError(RejectionReason.MALFORMED, "evidence: columns of different lengths")
    if len(values) != len(slots) * NONCE_SIZE:
        raise RejectionError(RejectionReason.MALFORMED, "evidence: not one nonce a slot")
    if len(keys) + len(codes) > MAX_WINDOW_EVENTS:
        raise RejectionError(RejectionReason.TOO_LARGE, "evidence: too many events")
    time_us = position * CHUNK_US
    for gap, code in zip(key_gaps, codes, strict=True):
        time_us += gap
        keys.append(KeyEvent(time_us, code >> 1, bool(code & 1)))
    time_us = position * CHUNK_US
    for index, (gap, slot) in enumerate(zip(nonce_gaps, slots, strict=True)):
        time_us += gap
        nonce = values[index * NONCE_SIZE : (index + 1) * NONCE_SIZE]
        nonces.append(NonceEvent(time_us, slot, nonce))
