"""What a rule looks at: an entry, its author's state, and what the entry names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from consensus.chain import ChainState
from consensus.entries import Body
from consensus.entry import Entry
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import Claim
from consensus.parameters import NetworkParams
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement

B = TypeVar("B")
BodyType = TypeVar("BodyType", bound=Body)


class Named(Protocol):
    """What law may know of the entries that an entry names."""

    def statement(self, entry: EntryId) -> Statement:
        """A named entry, as a statement. Raises KeyError when it is not held: our mistake."""

    def claim(self, source: EntryId, taker: IdentityId) -> Claim | None:
        """What a valid entry hands to `taker`; None when it hands them nothing."""


@dataclass(frozen=True, slots=True)
class Case(Generic[B]):
    """One entry before the rules of its kind."""

    params: NetworkParams
    """The law."""
    state: ChainState
    """The author's chain before the entry."""
    id: EntryId
    """The entry's id."""
    entry: Entry
    """The envelope."""
    body: B
    """What it says."""
    named: Named
    """What it builds on."""
    worked_out: dict[str, Any] = field(default_factory=dict)
    """What one rule computed and a later one needs again, by name."""

    def named_body(self, entry: EntryId, kind: type[BodyType]) -> BodyType:
        """The body of a named entry; raises WRONG_REFERENCE_KIND when it is of another kind."""
        body = self.named.statement(entry).body
        if not isinstance(body, kind):
            raise RejectionError(
                RejectionReason.WRONG_REFERENCE_KIND, f"it names something that is no {kind.KIND}"
            )
        return body


class NamedEntries:
    """What an entry names, from mappings; the ledger's view of `Named`."""

    __slots__ = ("_claims", "_statements")

    def __init__(
        self,
        statements: Mapping[EntryId, Statement],
        claims: Mapping[EntryId, Mapping[IdentityId, Claim]],
    ) -> None:
        self._statements = statements
        self._claims = claims

    def statement(self, entry: EntryId) -> Statement:
        """A named entry, as a statement; raises KeyError when it is not held."""
        return self._statements[entry]

    def claim(self, source: EntryId, taker: IdentityId) -> Claim | None:
        """What a valid entry hands to `taker`; None when it hands them nothing."""
        return self._claims.get(source, {}).get(taker)
