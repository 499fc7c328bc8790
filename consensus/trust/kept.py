"""Trust as a node keeps it: a graph, and an index of it once more than a few people are known.

Among a few people the clear rule is quick, and there are no pockets to be looked for; so a young
node loads nothing that is made for towns.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Generic

from consensus.trust.graph import (
    Acknowledgement,
    Id,
    TrustGraph,
    graph_at,
    with_acknowledgements,
)
from consensus.trust.proximity import proximity

if TYPE_CHECKING:
    from consensus.trust.index import PocketOf, TrustIndex

FEW: Final = 30
"""People who say or are said something, up to whom no index is made."""


class KeptTrust(Generic[Id]):
    """Who acknowledges whom, growing with every word."""

    def __init__(self, pockets: "Sequence[PocketOf[Id]]" = ()) -> None:
        """Nothing was said yet; `pockets` are regarded until they are looked for again."""
        self._pockets = pockets
        self.graph: TrustGraph[Id] = TrustGraph(0)
        self.index: TrustIndex[Id] | None = None

    def learn(self, words: Iterable[Acknowledgement[Id]], now_ms: int) -> None:
        """Takes words in; earlier ones have faded until `now_ms`, but never grow again."""
        moment_ms = max(now_ms, self.graph.now_ms)
        news = list(words)
        self.graph = with_acknowledgements(graph_at(self.graph, moment_ms), news)
        if self.index is not None:
            self.index.learn(news, moment_ms)
        elif has_many(self.graph):
            # Here, because what is compiled takes a second and a hundred megabytes.
            from consensus.trust.index import TrustIndex

            self.index = TrustIndex(moment_ms)
            self.index.learn(words_of(self.graph), moment_ms)
            self.index.regard_people(self._pockets)

    @property
    def pockets(self) -> "Sequence[PocketOf[Id]]":
        """The pockets that are regarded, by name."""
        return self._pockets if self.index is None else self.index.pockets_by_name()

    def proximity(self, observer: Id) -> dict[Id, float]:
        """How near everybody is to an observer, as `consensus.trust.proximity` says."""
        if self.index is not None:
            return self.index.proximity(observer)
        return proximity(self.graph, observer)

    def supposing(self, words: Iterable[Acknowledgement[Id]], now_ms: int) -> "KeptTrust[Id]":
        """The same with more words; this one stays as it is."""
        news = list(words)
        moment_ms = max(now_ms, self.graph.now_ms)
        other: KeptTrust[Id] = KeptTrust()
        other.graph = with_acknowledgements(graph_at(self.graph, moment_ms), news)
        if self.index is not None:
            other.index = self.index.supposing(news, moment_ms)
        return other


def has_many(graph: TrustGraph[Id]) -> bool:
    """Whether more than a few people are in a graph."""
    people: set[Id] = set()
    for side in (graph.trust, graph.distrust):
        for source, targets in side.items():
            people.add(source)
            people.update(targets)
            if len(people) > FEW:
                return True
    return False


def words_of(graph: TrustGraph[Id]) -> Iterable[Acknowledgement[Id]]:
    """Words that make a graph."""
    for side, sign in ((graph.trust, 1.0), (graph.distrust, -1.0)):
        for source, targets in side.items():
            for target, weight in targets.items():
                yield Acknowledgement(source, target, sign * weight, graph.now_ms)
