"""The first message on every connection: who is behind a node."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical, tagged_digest
from consensus.entry import MAX_TIME_MS
from consensus.fields import Fields
from consensus.identifiers import IdentityId, NodeKey
from consensus.signing import SIGNATURE_SIZE
from consensus.units import Milliseconds

MAX_NAME_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Hello:
    """Who is behind a node."""

    TAG: ClassVar[str] = "hello"
    identity: IdentityId
    """The identity that uses the node."""
    name: str
    """What it would like to be called; only a suggestion."""
    is_automated: bool
    """No person plays here."""
    time_ms: Milliseconds
    """When it was signed, by the identity's clock."""
    signature: bytes
    """By the identity, over `hello_digest`: the node is theirs."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        told = self.identity, self.name, int(self.is_automated)
        return (*told, self.time_ms, self.signature)

    @classmethod
    def from_body(cls, body: Canonical) -> "Hello":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 5)
        return cls(
            IdentityId(fields.exactly(32)),
            fields.text(MAX_NAME_BYTES),
            bool(fields.integer(0, 1)),
            Milliseconds(fields.integer(0, MAX_TIME_MS)),
            fields.exactly(SIGNATURE_SIZE),
        )


def hello_digest(identity: IdentityId, node: NodeKey, time_ms: Milliseconds) -> bytes:
    """What an identity signs to say that a node is theirs, at a time."""
    return tagged_digest("hello", identity, node, time_ms)
