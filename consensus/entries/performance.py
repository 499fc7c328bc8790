"""Entries of a performance: the session that announces it, the block that seals a window of it,
the mint that turns a witnessed block into coins."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.calibration import Calibration
from consensus.encoding import Canonical, tagged_digest
from consensus.entry import MAX_TIME_MS
from consensus.evidence import MAX_WINDOW_US
from consensus.fields import Fields
from consensus.identifiers import (
    ChartId,
    ContentId,
    EntryId,
    EvidenceId,
    IdentityId,
    NodeKey,
    SessionKey,
)
from consensus.parameters import (
    MAX_OPENINGS,
    MAX_PERFORMERS,
    MAX_TAGS,
    MAX_WINDOW_EVENTS,
    MAX_WINDOWS,
)
from consensus.presence import MAX_PRESENCE, Presence
from consensus.quality import Metrics
from consensus.signing import SIGNATURE_SIZE
from consensus.units import MILLION, MicroJam, Milliseconds, Ppm

SESSION_NONCE_SIZE: Final = 16
MAX_TAG_BYTES: Final = 32
MAX_VERIFIERS: Final = 24


@dataclass(frozen=True, slots=True)
class Opening:
    """A candidate's signed readiness to witness one session, and consent to be named in it."""

    candidate: IdentityId
    """Who is ready."""
    candidate_node: NodeKey
    """Their libp2p host."""
    anchor: bytes
    """The end of their hash chain of tickets, 32 bytes."""
    signature: bytes
    """By the candidate, over `opening_digest`."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.candidate, self.candidate_node, self.anchor, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Opening":
        """Raises RejectionError when `body` is no opening."""
        fields = Fields("opening", body, 4)
        return cls(
            IdentityId(fields.exactly(32)),
            NodeKey(fields.exactly(32)),
            fields.exactly(32),
            fields.exactly(SIGNATURE_SIZE),
        )


def opening_digest(
    performer: IdentityId,
    performer_node: NodeKey,
    nonce: bytes,
    candidate: IdentityId,
    candidate_node: NodeKey,
    anchor: bytes,
) -> bytes:
    """What a candidate signs to open itself to one session of one performer."""
    return tagged_digest(
        "opening", performer, performer_node, nonce, candidate, candidate_node, anchor
    )


@dataclass(frozen=True, slots=True)
class Session:
    """A performance that is about to start, with those who are ready to witness it."""

    KIND: ClassVar[str] = "session"
    performer_node: NodeKey
    """The performer's libp2p host."""
    nonce: bytes
    """16 bytes that the author uses once; the openings are for it."""
    session_key: SessionKey
    """Signs the frames."""
    chart: ChartId
    """What is played."""
    calibration: Calibration
    """How late the player's devices are."""
    start_ms: Milliseconds
    """When window 0 begins."""
    windows: int
    """How many windows at most."""
    tags: tuple[str, ...]
    """From the vocabulary, sorted."""
    performers: tuple[tuple[IdentityId, Ppm], ...]
    """In a jam: everybody who plays, with the agreed shares, which make a million; else empty."""
    openings: tuple[Opening, ...]
    """The candidates, in the order in which slots refer to them."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (
            self.performer_node,
            self.nonce,
            self.session_key,
            self.chart,
            self.calibration.to_body(),
            self.start_ms,
            self.windows,
            self.tags,
            self.performers,
            tuple(opening.to_body() for opening in self.openings),
        )

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return ()

    @classmethod
    def from_body(cls, body: Canonical) -> "Session":
        """Raises RejectionError when `body` is no session."""
        fields = Fields("session", body, 10)
        return cls(
            NodeKey(fields.exactly(32)),
            fields.exactly(SESSION_NONCE_SIZE),
            SessionKey(fields.exactly(32)),
            ChartId(ContentId(fields.exactly(32))),
            Calibration.from_body(fields.any()),
            Milliseconds(fields.integer(0, MAX_TIME_MS)),
            fields.integer(1, MAX_WINDOWS),
            tuple(
                Fields("session tag", (tag,), 1).text(MAX_TAG_BYTES)
                for tag in fields.array(0, MAX_TAGS)
            ),
            tuple(_share(share) for share in fields.array(0, MAX_PERFORMERS)),
            tuple(Opening.from_body(opening) for opening in fields.array(1, MAX_OPENINGS)),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """The seal of one window of a session."""

    KIND: ClassVar[str] = "block"
    session: EntryId
    """The author's session entry."""
    window: int
    """Which window of it, from 0."""
    duration_ms: Milliseconds
    """How long it was; shorter than the network's window only at the end of a session."""
    root: bytes
    """Merkle root over the evidence's chunks."""
    evidence: EvidenceId
    """The evidence's digest."""
    chart: ChartId
    """What was played."""
    metrics: Metrics
    """What the performer measured."""
    day_index: int
    """i: how many earlier blocks the author has that UTC day."""
    tickets: tuple[tuple[int, bytes], ...]
    """Position of an opening in the session and its ticket for this window, in that order."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (
            self.session,
            self.window,
            self.duration_ms,
            self.root,
            self.evidence,
            self.chart,
            metrics_body(self.metrics),
            self.day_index,
            self.tickets,
        )

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.session,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Block":
        """Raises RejectionError when `body` is no block."""
        fields = Fields("block", body, 9)
        return cls(
            EntryId(fields.exactly(32)),
            fields.integer(0, MAX_WINDOWS - 1),
            Milliseconds(fields.integer(1, MAX_WINDOW_US // 1_000)),
            fields.exactly(32),
            EvidenceId(ContentId(fields.exactly(32))),
            ChartId(ContentId(fields.exactly(32))),
            read_metrics(fields.any()),
            fields.integer(0, 2**16),
            tuple(_ticket(ticket) for ticket in fields.array(0, MAX_OPENINGS)),
        )


@dataclass(frozen=True, slots=True)
class NamedVerdict:
    """One verdict that a mint rests on."""

    attestation: EntryId
    """The verifier's entry."""
    position: int
    """Which of its verdicts."""
    presence: Presence
    """How near the performer says that the verifier was."""


@dataclass(frozen=True, slots=True)
class Mint:
    """Turns a witnessed block into coins; the lot bears this entry's id."""

    KIND: ClassVar[str] = "mint"
    block: EntryId
    """The author's block."""
    verdicts: tuple[NamedVerdict, ...]
    """All verdicts that the author has on it."""
    amount_ujam: MicroJam
    """What it mints; law computes the same number."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (
            self.block,
            tuple((v.attestation, v.position, int(v.presence)) for v in self.verdicts),
            self.amount_ujam,
        )

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return (self.block, *(verdict.attestation for verdict in self.verdicts))

    @classmethod
    def from_body(cls, body: Canonical) -> "Mint":
        """Raises RejectionError when `body` is no mint."""
        fields = Fields("mint", body, 3)
        return cls(
            EntryId(fields.exactly(32)),
            tuple(_named_verdict(verdict) for verdict in fields.array(1, MAX_VERIFIERS)),
            MicroJam(fields.integer(1)),
        )


def metrics_body(metrics: Metrics) -> Canonical:
    """The canonical form of metrics, the same in blocks and verdicts."""
    return (
        metrics.events,
        metrics.accuracy_ppm,
        metrics.diversity_ppm,
        metrics.harmony_ppm,
        metrics.riffs_seen,
        metrics.riffs_answered,
    )


def read_metrics(body: Canonical) -> Metrics:
    """The metrics in `body`; raises RejectionError when there are none."""
    fields = Fields("metrics", body, 6)
    events = fields.integer(0, MAX_WINDOW_EVENTS)
    accuracy, diversity, harmony = fields.ppm(), fields.ppm(), fields.ppm()
    seen = fields.integer(0, 64)
    answered = fields.integer(0, seen)
    return Metrics(events, Ppm(accuracy), Ppm(diversity), Ppm(harmony), seen, answered)


def _share(body: Canonical) -> tuple[IdentityId, Ppm]:
    fields = Fields("share", body, 2)
    return IdentityId(fields.exactly(32)), Ppm(fields.integer(1, MILLION))


def _ticket(body: Canonical) -> tuple[int, bytes]:
    fields = Fields("ticket", body, 2)
    return fields.integer(0, MAX_OPENINGS - 1), fields.exactly(32)


def _named_verdict(body: Canonical) -> NamedVerdict:
    fields = Fields("named verdict", body, 3)
    return NamedVerdict(
        EntryId(fields.exactly(32)),
        fields.integer(0, 63),
        Presence(fields.integer(0, MAX_PRESENCE)),
    )
