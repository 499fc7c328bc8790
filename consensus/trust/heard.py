"""What a ledger says of people, kept as columns that grow with it: what personhood is made of."""

from array import array
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from consensus.entries.appreciation import Rating
from consensus.entries.attestation import Attestation
from consensus.entries.performance import Mint, Session
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.trust.acknowledged import BY_ITSELF, acknowledged_by
from consensus.trust.freshness import Said


class Occasion(IntEnum):
    """What somebody was acknowledged for."""

    VERDICT = 0
    WITNESSED = 1
    JAM = 2
    RATED = 3


OCCASIONS = {
    Attestation: Occasion.VERDICT,
    Mint: Occasion.WITNESSED,
    Session: Occasion.JAM,
    Rating: Occasion.RATED,
}


@dataclass(slots=True)
class Heard:
    """Follows a ledger, taking in only what was applied since it listened last."""

    people: dict[IdentityId, int] = field(default_factory=dict)
    """Everybody who acknowledged or was acknowledged, by number."""
    source: "array[int]" = field(default_factory=lambda: array("q"))
    """Who, word by word."""
    target: "array[int]" = field(default_factory=lambda: array("q"))
    """Whom."""
    time_ms: "array[int]" = field(default_factory=lambda: array("q"))
    """When."""
    strength: "array[float]" = field(default_factory=lambda: array("d"))
    """1 by hand (a rating less, by its score), a tenth and less by itself."""
    occasion: "array[int]" = field(default_factory=lambda: array("b"))
    """What for."""
    seen: set[EntryId] = field(default_factory=set)
    """Entries that were listened to."""

    def listen(self, ledger: Ledger) -> None:
        """Takes in what is new, in order of time; what the ledger let go of is not heard any more.

        Words against somebody make nobody less of a person.
        """
        if not self.seen <= ledger.applied:
            self._forget()
        news = [ledger.statements[entry] for entry in ledger.applied - self.seen]
        news.sort(key=lambda statement: (statement.entry.time_ms, statement.id))
        for statement in news:
            self.seen.add(statement.id)
            occasion = OCCASIONS.get(type(statement.body))
            for word in acknowledged_by(ledger, statement) if occasion is not None else ():
                if word.weight > 0 and word.source != word.target:
                    self.source.append(self._number(word.source))
                    self.target.append(self._number(word.target))
                    self.time_ms.append(word.time_ms)
                    self.strength.append(word.weight)
                    self.occasion.append(occasion or 0)

    def said(self) -> Said:
        """All words as they are now, in arrays of their own."""
        source, target, time_ms = (
            np.array(column, dtype=np.int64) for column in (self.source, self.target, self.time_ms)
        )
        return Said(source, target, time_ms, np.array(self.strength, dtype=np.float64))

    def occasions(self) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
        """What for, beside `said`."""
        return np.array(self.occasion, dtype=np.int8)

    def _number(self, person: IdentityId) -> int:
        return self.people.setdefault(person, len(self.people))

    def _forget(self) -> None:
        self.seen.clear()
        self.people.clear()
        for column in (self.source, self.target, self.time_ms, self.strength, self.occasion):
            del column[:]


def is_by_hand(strength: float) -> bool:
    """Whether a word of this strength was a person's."""
    return strength > BY_ITSELF
