"""What a node claims about how near another one is, signed by its user on the link itself."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical, tagged_digest
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import NodeKey
from consensus.presence import MAX_PRESENCE, Presence
from consensus.signing import SIGNATURE_SIZE
from consensus.units import Milliseconds

MAX_ROUND_TRIP_US: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class Near:
    """How near its sender says that the receiver is."""

    TAG: ClassVar[str] = "near"
    presence: Presence
    """The class claimed."""
    round_trip_us: int
    """The shortest way there and back that was measured."""
    uncertainty_us: int
    """By how much a usual measurement, the median, was longer."""
    time_ms: Milliseconds
    """When it was measured, by the sender's clock."""
    signature: bytes
    """By the sender's user, over `near_digest`."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (
            int(self.presence),
            self.round_trip_us,
            self.uncertainty_us,
            self.time_ms,
            self.signature,
        )

    @classmethod
    def from_body(cls, body: Canonical) -> "Near":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 5)
        return cls(
            Presence(fields.integer(0, MAX_PRESENCE)),
            fields.integer(0, MAX_ROUND_TRIP_US),
            fields.integer(0, MAX_ROUND_TRIP_US),
            Milliseconds(fields.integer(0, MAX_TIME_MS)),
            fields.exactly(SIGNATURE_SIZE),
        )


def near_digest(claim: Near, sender: NodeKey, receiver: NodeKey) -> bytes:
    """What is signed: the claim, and whose link it is about; nobody can use it on another."""
    return tagged_digest(
        "near",
        sender,
        receiver,
        int(claim.presence),
        claim.round_trip_us,
        claim.uncertainty_us,
        claim.time_ms,
    )
