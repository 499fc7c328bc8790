"""What a user's own devices say to each other: sealed, so that no other node reads it."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields

MAX_BOX_BYTES: Final = 128 * 1024
"""A piece of the own document, and what seals it."""


@dataclass(frozen=True, slots=True)
class OwnBox:
    """A sealed word for another device of the same user."""

    TAG: ClassVar[str] = "own"
    data: bytes
    """Nonce, authenticator and what is sealed."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.data,)

    @classmethod
    def from_body(cls, body: Canonical) -> "OwnBox":
        """Raises RejectionError when `body` is none."""
        return cls(Fields(cls.TAG, body, 1).binary(1, MAX_BOX_BYTES))
