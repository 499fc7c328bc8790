"""Strata: how much one's acknowledgements weigh for others, by how widely one is acknowledged."""

from collections.abc import Mapping

from consensus.trust.graph import Id, TrustGraph
from consensus.trust.personhood import NOBODY, Personhood


def weighed_by_strata(graph: TrustGraph[Id], people: Mapping[Id, Personhood]) -> TrustGraph[Id]:
    """The graph in which a word weighs by its speaker's stratum, for and against.

    For what is *said of* somebody, as in clusters and who is in their middle. Walks are the same
    in both graphs, because each speaker's force is shared out among their words.
    """

    def weighed(side: Mapping[Id, Mapping[Id, float]]) -> dict[Id, dict[Id, float]]:
        return {
            source: {target: weight * stratum for target, weight in targets.items()}
            for source, targets in side.items()
            if (stratum := people.get(source, NOBODY).stratum) > 0
        }

    return TrustGraph(graph.now_ms, weighed(graph.trust), weighed(graph.distrust))
