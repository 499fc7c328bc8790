"""What a view looks at, and what a lot is worth from there, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.value.appraisal import lot_view
from consensus.value.explain import Reason, explain, reasons, rounded
from consensus.value.lot import LotView
from consensus.value.valuation import Valuation
from popd.api.names import YOU, Names
from popd.api.opinions import Opinions
from popd.api.shapes import Person, Value

OWN_WORD: Final = (f"{YOU}'s word", "your own word")
THEIR_VIEW: Final = (
    (f"{YOU}'s word", "their own word"),
    ("you have no trust in", "they have no trust in"),
    ("whom you trust", "whom they trust"),
    ("whom you know", "whom they know"),
    ("by your rule", "by their rule"),
    ("by your policy", "by their policy"),
)
"""The explanation is written to its observer; told to somebody else, it speaks of them."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One moment of the daemon."""

    ledger: Ledger
    """What happened."""
    opinions: Opinions
    """What it means to whom; up to date."""
    names: Names
    """Who is called how."""
    neighbours: tuple[IdentityId, ...] = ()
    """Who is connected, in a stable order."""

    @property
    def me(self) -> IdentityId:
        """The node's user."""
        return self.names.me

    def person(self, identity: IdentityId) -> Person:
        """Somebody, as the user calls them."""
        return Person(identity.hex(), self.names.of(identity))

    def values(self, lot: LotView, observers: Iterable[IdentityId]) -> list[Value]:
        """What a lot is worth to each observer, each once."""
        return [self.value(lot, observer) for observer in dict.fromkeys(observers)]

    def value(self, lot: LotView, observer: IdentityId) -> Value:
        """What a lot is worth to an observer, and why."""
        valuation = self.opinions.value(lot, observer)
        return Value(
            id=observer.hex(),
            name=self.names.of(observer),
            value_ujam=rounded(valuation.value_ujam),
            why=self.why(valuation, observer),
            is_me=observer == self.me,
        )

    def why(self, valuation: Valuation, observer: IdentityId) -> list[str]:
        """Lines that add up to the value, told to the user."""

        def name_of(identity: IdentityId) -> str:
            return YOU if identity == observer else self.names.for_others(identity)

        lines = explain(valuation, name_of, self.opinions.cluster_names)
        return [self._told(line, observer) for line in lines]

    def reasons(self, valuation: Valuation, observer: IdentityId) -> list[Reason]:
        """The parts of the value, told to the user."""

        def name_of(identity: IdentityId) -> str:
            return YOU if identity == observer else self.names.for_others(identity)

        found = reasons(valuation, name_of, self.opinions.cluster_names)
        return [replace(one, words=self._told(one.words, observer)) for one in found]

    def _told(self, line: str, observer: IdentityId) -> str:
        for written, told in (OWN_WORD,) if observer == self.me else THEIR_VIEW:
            line = line.replace(written, told)
        return line


def whole_lot(ledger: Ledger, origin: LotId) -> LotView | None:
    """All that a mint made, as if its performer held it; None when there is no such mint."""
    mint = EntryId(origin)
    if mint not in ledger.applied:
        return None
    statement = ledger.statements[mint]
    if not isinstance(statement.body, Mint | Concert):
        return None
    key = LotKey(origin, (statement.entry.author,))
    return lot_view(ledger, key, statement.body.amount_ujam, key in ledger.contested)
