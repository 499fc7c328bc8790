"""Attestations: what a verifier says of the blocks that it was drawn for."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from consensus.encoding import Canonical, keyed_digest
from consensus.entries.performance import metrics_body, read_metrics
from consensus.fields import Fields
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import MAX_VERDICTS
from consensus.presence import MAX_PRESENCE, Presence
from consensus.quality import Metrics
from consensus.units import Day, Ppm

MAX_BUDGET_PPM: Final = 2**48
MAX_DAY: Final = 2**24


class Decision(IntEnum):
    """What a verifier concludes. Flag is not accept."""

    REJECT = 0
    FLAG = 1
    ACCEPT = 2


MAX_DECISION: Final = max(Decision)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one verifier says of one block."""

    block: EntryId
    """The block."""
    decision: Decision
    """Accept, flag or reject."""
    anomaly_ppm: Ppm
    """How unlike human play it is, by the verifier's detectors."""
    metrics: Metrics
    """What the verifier measured; riffs by its own clock."""
    has_seen_frames: bool
    """Whether the sealed log holds every frame that the verifier saw live."""
    custody: bytes
    """BLAKE2b of the evidence under the verifier's key: it had the evidence itself."""
    presence: Presence
    """How near the verifier says it was."""
    is_by_hand: bool
    """A person decided, not the node alone."""
    day: Day
    """The UTC day on which it was given."""
    budget_ppm: int
    """j: what the verifier accepted in the last seven days before this, in blocks of full day
    weight, in ppm."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (
            self.block,
            int(self.decision),
            self.anomaly_ppm,
            metrics_body(self.metrics),
            int(self.has_seen_frames),
            self.custody,
            int(self.presence),
            int(self.is_by_hand),
            self.day,
            self.budget_ppm,
        )

    @classmethod
    def from_body(cls, body: Canonical) -> "Verdict":
        """Raises RejectionError when `body` is no verdict."""
        fields = Fields("verdict", body, 10)
        return cls(
            EntryId(fields.exactly(32)),
            Decision(fields.integer(0, MAX_DECISION)),
            Ppm(fields.ppm()),
            read_metrics(fields.any()),
            bool(fields.integer(0, 1)),
            fields.exactly(32),
            Presence(fields.integer(0, MAX_PRESENCE)),
            bool(fields.integer(0, 1)),
            Day(fields.integer(0, MAX_DAY)),
            fields.integer(0, MAX_BUDGET_PPM),
        )


@dataclass(frozen=True, slots=True)
class Attestation:
    """Up to 64 verdicts under one signature."""

    KIND: ClassVar[str] = "attestation"
    model: bytes
    """Digest of the detectors that gave the anomaly scores, 32 bytes."""
    verdicts: tuple[Verdict, ...]
    """One for each block that the entry names."""

    def to_body(self) -> Canonical:
        """The canonical body."""
        return (self.model, tuple(verdict.to_body() for verdict in self.verdicts))

    def named(self) -> tuple[EntryId, ...]:
        """The entries that it names."""
        return tuple(verdict.block for verdict in self.verdicts)

    @classmethod
    def from_body(cls, body: Canonical) -> "Attestation":
        """Raises RejectionError when `body` is no attestation."""
        fields = Fields("attestation", body, 2)
        return cls(
            fields.exactly(32),
            tuple(Verdict.from_body(verdict) for verdict in fields.array(1, MAX_VERDICTS)),
        )


def custody_proof(verifier: IdentityId, evidence: bytes) -> bytes:
    """What only somebody who holds the evidence can say of it, different for each verifier."""
    return keyed_digest(verifier, evidence)
