"""A duty: a block that this node was drawn for, from the draw to its word."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from consensus.entries.attestation import Decision, Verdict
from consensus.identifiers import EntryId, IdentityId
from consensus.statement import Statement
from consensus.units import Milliseconds

LOOK_ONE_IN: Final = 1_000
"""A person is asked to look at every block whose id is divisible by this."""


class DutyState(StrEnum):
    """How far a duty came."""

    FETCHING = "fetching"
    JUDGING = "judging"
    ASKING = "asking"
    DECIDED = "decided"
    SIGNED = "signed"
    PASSED = "passed"
    LOST = "lost"


class Choice(StrEnum):
    """What a person says of a block."""

    ACCEPT = "accept"
    REJECT = "reject"
    CANNOT_JUDGE = "cannot_judge"


@dataclass(slots=True)
class Duty:
    """One block to be judged, or judged."""

    statement: Statement
    """The block."""
    performer: IdentityId
    """Who played."""
    session: EntryId
    """Its session."""
    window: int
    """Which window of it."""
    drawn_ms: Milliseconds
    """When this node learnt that it was drawn."""
    state: DutyState = DutyState.FETCHING
    """How far it came."""
    until_ms: Milliseconds = Milliseconds(0)
    """While asking or decided: when the node goes on by itself."""
    asked_until_ms: Milliseconds = Milliseconds(0)
    """Until when a person was asked; 0 where nobody is."""
    choice: Choice | None = None
    """What its user said; None where the node alone decides."""
    verdict: Verdict | None = None
    """What was measured, with the decision that the node would take or took."""
    reasons: tuple[str, ...] = ()
    """What the detectors noticed, in words."""
    model: bytes = field(default=b"")
    """Digest of the detectors."""
    is_appealed: bool = False
    """Its performer asked for a human look."""
    attestation: EntryId | None = None
    """The entry with the word, once it is written."""
    why: str = ""
    """Why it was lost, or why the word adds nothing, in words."""

    @property
    def id(self) -> EntryId:
        """The block's id."""
        return self.statement.id

    @property
    def needs_look(self) -> bool:
        """Whether a person is to look at it: one block in a thousand, and those appealed."""
        return self.is_appealed or is_drawn_for_look(self.id)

    @property
    def suggestion(self) -> Decision | None:
        """What the node would say by itself; None before it judged."""
        return None if self.verdict is None else self.verdict.decision


def is_drawn_for_look(block: EntryId) -> bool:
    """Whether a block is one of the thousandth that a person looks at."""
    return int.from_bytes(block) % LOOK_ONE_IN == 0
