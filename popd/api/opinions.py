"""What coins are worth to whom, by this node's ledger: the trust graph and scores, kept current."""

from collections.abc import Mapping
from typing import Final

from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.trust.acknowledged import acknowledged_by
from consensus.trust.graph import TrustGraph, graph_at, with_acknowledgements
from consensus.trust.proximity import proximity
from consensus.units import Milliseconds
from consensus.value.lot import LotView
from consensus.value.valuation import Valuation, value_of

MAX_OBSERVERS: Final = 256
"""Scores kept; the neighbours, witnesses and strangers that one page shows are fewer."""


class Opinions:
    """Follows a ledger, taking in only what was applied since it looked last."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing looked at yet."""
        self.ledger = ledger
        self._graph: TrustGraph[IdentityId] = TrustGraph(0)
        self._seen: set[EntryId] = set()
        self._revision = -1
        self._scores: dict[IdentityId, Mapping[IdentityId, float]] = {}

    def refresh(self, now_ms: Milliseconds) -> None:
        """Brings the graph up to date.

        Without news nothing is computed: all weights fade alike, so time alone moves no score.
        What the ledger let go of is not heard any more.
        """
        if self._revision == self.ledger.revision:
            return
        self._revision = self.ledger.revision
        if not self._seen <= self.ledger.applied:
            self._graph, self._seen = TrustGraph(0), set()
        news = self.ledger.applied - self._seen
        words = (
            word
            for entry in sorted(news)
            for word in acknowledged_by(self.ledger, self.ledger.statements[entry])
        )
        graph = graph_at(self._graph, max(now_ms, self._graph.now_ms))
        self._graph = with_acknowledgements(graph, words)
        self._seen |= news
        self._scores.clear()

    def scores(self, observer: IdentityId) -> Mapping[IdentityId, float]:
        """How near everybody is to an observer."""
        if observer not in self._scores:
            if len(self._scores) >= MAX_OBSERVERS:
                self._scores.pop(next(iter(self._scores)))
            self._scores[observer] = proximity(self._graph, observer)
        return self._scores[observer]

    def value(self, lot: LotView, observer: IdentityId) -> Valuation:
        """What a lot is worth to an observer, by the default policy."""
        return value_of(lot, self.scores(observer))
