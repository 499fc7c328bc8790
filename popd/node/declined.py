"""Declined: authors that are not kept whole at present, for a while, and why."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from consensus.identifiers import IdentityId
from consensus.units import Milliseconds

DECLINED_MS: Final = 600_000
"""After ten minutes somebody who was declined is tried again: room may have come."""
MAX_DECLINED: Final = 65_536
"""People who are declined at once; the oldest give way, and are tried again sooner."""


class Refusal(StrEnum):
    """Why something of an author's is not kept now."""

    STORE_IS_FULL = "store_is_full"
    STRANGERS_ARE_FULL = "strangers_are_full"
    CHAIN_IS_LONG = "chain_is_long"
    PEER_IS_FULL = "peer_is_full"
    SUBNET_IS_FULL = "subnet_is_full"
    EVICTED = "evicted"


class Mark(NamedTuple):
    """That somebody is declined."""

    until_ms: Milliseconds
    """Until when."""
    refusal: Refusal
    """Why."""


@dataclass(slots=True)
class Declined:
    """Who is declined, in order of when that ends."""

    marks: dict[IdentityId, Mark] = field(default_factory=dict)
    """By author, what ends first first."""

    def note(self, author: IdentityId, refusal: Refusal, now_ms: int) -> None:
        """Something of an author's was not taken in, or let go; more of it prolongs nothing."""
        if self.has(author, now_ms):
            return
        self.marks.pop(author, None)
        self.marks[author] = Mark(Milliseconds(now_ms + DECLINED_MS), refusal)
        if len(self.marks) > MAX_DECLINED:
            del self.marks[next(iter(self.marks))]

    def forgive(self, author: IdentityId) -> None:
        """An author is wanted whole from now on."""
        self.marks.pop(author, None)

    def mark(self, author: IdentityId, now_ms: int) -> Mark | None:
        """Since when and why an author is declined; None for somebody who is not."""
        mark = self.marks.get(author)
        return mark if mark is not None and mark.until_ms > now_ms else None

    def has(self, author: IdentityId, now_ms: int) -> bool:
        """Whether an author is declined."""
        return self.mark(author, now_ms) is not None

    def authors(self, now_ms: int) -> frozenset[IdentityId]:
        """Everybody who is declined; lets go of what ended."""
        while self.marks:
            author, mark = next(iter(self.marks.items()))
            if mark.until_ms > now_ms:
                break
            del self.marks[author]
        return frozenset(self.marks)
