"""How news travels: entries to those who want them at once, a hint to the others."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId
from consensus.parameters import MAX_ENTRY_SIZE
from consensus.signing import SIGNATURE_SIZE

MAX_BATCH: Final = 512
"""Entries in one message."""
MAX_HINTS: Final = 1_024
HINT_SIZE: Final = 8
"""Bytes of an entry's id that announce it: enough to see that one is missing, not to name it."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Fresh entries, nobody asked for them."""

    TAG: ClassVar[str] = "entries"
    wires: tuple[bytes, ...]
    """Signed entries, ancestors first."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.wires,)

    @classmethod
    def from_body(cls, body: Canonical) -> "Entries":
        """Raises RejectionError when `body` is none."""
        return cls(entry_wires(Fields(cls.TAG, body, 1).array(1, MAX_BATCH)))


@dataclass(frozen=True, slots=True)
class Hints:
    """Fresh entries that the sender holds and does not send."""

    TAG: ClassVar[str] = "hints"
    hints: tuple[bytes, ...]
    """What `hint_of` makes of each."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (b"".join(self.hints),)

    @classmethod
    def from_body(cls, body: Canonical) -> "Hints":
        """Raises RejectionError when `body` is none."""
        return cls(short_digests(Fields(cls.TAG, body, 1), MAX_HINTS))


@dataclass(frozen=True, slots=True)
class Prefer:
    """Asks the receiver for fresh entries at once, or for hints only."""

    TAG: ClassVar[str] = "prefer"
    is_eager: bool
    """At once."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (int(self.is_eager),)

    @classmethod
    def from_body(cls, body: Canonical) -> "Prefer":
        """Raises RejectionError when `body` is none."""
        return cls(bool(Fields(cls.TAG, body, 1).integer(0, 1)))


def hint_of(entry: EntryId) -> bytes:
    """What announces an entry."""
    return entry[:HINT_SIZE]


def entry_wires(items: tuple[Canonical, ...]) -> tuple[bytes, ...]:
    """Signed entries as they travel; raises RejectionError for what can't be one by its size."""
    fields = Fields("entries", items, len(items))
    return tuple(fields.binary(SIGNATURE_SIZE, MAX_ENTRY_SIZE + SIGNATURE_SIZE) for _ in items)


def short_digests(fields: Fields, most: int) -> tuple[bytes, ...]:
    """The next field, digests of eight bytes one after the other; raises RejectionError."""
    packed = fields.packed(HINT_SIZE, most)
    return tuple(packed[at : at + HINT_SIZE] for at in range(0, len(packed), HINT_SIZE))
