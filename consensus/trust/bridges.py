"""Bridges: people who are valued in several clusters, and what would be gone between them without.

The weight of a bridge between two clusters is the share of all trust that crosses from the one to
the other, either way, in which the bridge is one of the two. It counts only for people whom both
clusters acknowledge: acknowledging others is free, being acknowledged is not. Its weight is that
for the two clusters where it is largest: 1 means that nothing else joins them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic

from consensus.trust.clusters import Cluster
from consensus.trust.graph import Id, TrustGraph

MIN_VALUED: Final = 0.02
"""The share of what is said of somebody that a cluster must say to be one that values them."""
MAX_BRIDGES: Final = 64
"""More than a page shows."""


@dataclass(frozen=True, slots=True)
class Bridge(Generic[Id]):
    """Somebody who joins clusters."""

    person: Id
    """Who."""
    clusters: tuple[str, ...]
    """Ids of the clusters that value them, the one that does most first."""
    weight: float
    """In (0, 1]: of the trust between two of these clusters, what would be gone without them."""


def bridges_of(
    graph: TrustGraph[Id],
    clusters: Sequence[Cluster[Id]],
    near: Mapping[Id, float] | None = None,
) -> list[Bridge[Id]]:
    """The heaviest bridges, at most 64; those first who are nearest to whoever looks, if given.

    Anybody can invent two clusters and who joins them, but not come near by that.
    """
    nearness = near or {}
    home = {member: cluster.id for cluster in clusters for member in cluster.members}
    valued = _valued(graph, home)
    crossing: dict[tuple[str, str], float] = {}
    touched: dict[tuple[Id, tuple[str, str]], float] = {}
    for source, targets in graph.trust.items():
        for target, weight in targets.items():
            one, other = home.get(source), home.get(target)
            if one is None or other is None or one == other:
                continue
            pair = (one, other) if one < other else (other, one)
            crossing[pair] = crossing.get(pair, 0.0) + weight
            for person in (source, target):
                if one in valued[person] and other in valued[person]:
                    touched[person, pair] = touched.get((person, pair), 0.0) + weight
    heaviest: dict[Id, float] = {}
    for (person, pair), weight in touched.items():
        share = weight / crossing[pair] if crossing[pair] > 0 else 0.0
        heaviest[person] = max(heaviest.get(person, 0.0), share)
    found = [
        Bridge(person, tuple(valued[person]), weight)
        for person, weight in heaviest.items()
        if weight > 0
    ]
    found.sort(
        key=lambda bridge: (
            -nearness.get(bridge.person, 0.0),
            -bridge.weight,
            -len(bridge.clusters),
            repr(bridge.person),
        )
    )
    return found[:MAX_BRIDGES]


def _valued(graph: TrustGraph[Id], home: Mapping[Id, str]) -> dict[Id, list[str]]:
    """The clusters that value each person, the one that does most first."""
    said: dict[Id, dict[str, float]] = {person: {} for person in home}
    for source, targets in graph.trust.items():
        cluster = home.get(source)
        if cluster is None:
            continue
        for target, weight in targets.items():
            words = said.setdefault(target, {})
            words[cluster] = words.get(cluster, 0.0) + weight
    return {
        person: [
            cluster
            for cluster, weight in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
            if weight > MIN_VALUED * sum(words.values())
        ]
        for person, words in said.items()
    }
