"""Asking for entries, and the answers."""

from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import EntryId
from popd.node.messages.fresh import MAX_BATCH, entry_wires

MAX_CHAINS: Final = 4_096
"""Chains in one request."""
MAX_REQUEST_IDS: Final = 12_000
"""Entries that one request names, so that it fits into a message."""
MAX_KNOWN: Final = 4
"""Heads of one author that a request says are known; beyond, some entries come twice."""
MAX_WANTED: Final = 256
"""Entries asked for one by one."""
MAX_REQUEST: Final = 2**32 - 1
MAX_ANSWER_BYTES: Final = 8_000_000
"""Bytes of entries that answer one request; the asker asks again for the rest."""


class WantedChain(NamedTuple):
    """A part of a chain."""

    head: EntryId
    """The head to reach."""
    known: tuple[EntryId, ...]
    """What the asker has of the same author."""


@dataclass(frozen=True, slots=True)
class WantChains:
    """Asks for the parts of chains that the asker lacks."""

    TAG: ClassVar[str] = "want-chains"
    request: int
    """Counts the asker's requests."""
    chains: tuple[WantedChain, ...]
    """Which."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.request, self.chains)

    @classmethod
    def from_body(cls, body: Canonical) -> "WantChains":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        request = fields.integer(0, MAX_REQUEST)
        return cls(request, tuple(_chain(item) for item in fields.array(1, MAX_CHAINS)))


@dataclass(frozen=True, slots=True)
class WantEntries:
    """Asks for entries by id."""

    TAG: ClassVar[str] = "want-entries"
    request: int
    """Counts the asker's requests."""
    ids: tuple[EntryId, ...]
    """Which."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.request, self.ids)

    @classmethod
    def from_body(cls, body: Canonical) -> "WantEntries":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(fields.integer(0, MAX_REQUEST), _entry_ids(fields.array(1, MAX_WANTED)))


@dataclass(frozen=True, slots=True)
class Served:
    """Entries that were asked for; the last message of an answer says so."""

    TAG: ClassVar[str] = "served"
    request: int
    """Which request it answers."""
    wires: tuple[bytes, ...]
    """Signed entries, older ones first."""
    is_end: bool
    """The answer ends here."""
    has_more: bool
    """There was more than one answer may hold; ask again."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.request, self.wires, int(self.is_end), int(self.has_more))

    @classmethod
    def from_body(cls, body: Canonical) -> "Served":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            fields.integer(0, MAX_REQUEST),
            entry_wires(fields.array(0, MAX_BATCH)),
            bool(fields.integer(0, 1)),
            bool(fields.integer(0, 1)),
        )


def _chain(item: Canonical) -> WantedChain:
    parts = Fields("chain", item, 2)
    return WantedChain(EntryId(parts.exactly(32)), _entry_ids(parts.array(0, MAX_KNOWN)))


def _entry_ids(items: tuple[Canonical, ...]) -> tuple[EntryId, ...]:
    fields = Fields("entry ids", items, len(items))
    return tuple(EntryId(fields.exactly(32)) for _ in items)
