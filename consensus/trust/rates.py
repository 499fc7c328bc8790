"""Exchange rates between clusters: derived from proximities, never set.

What people contribute is worth to an observer what they are near (`consensus.value`), so 1 JAM by
the people of cluster j, each of them as likely, is worth to the people of cluster i the mean of
s_o(x) over observers o in i and contributors x in j. The rate is that over what 1 JAM by i's own
people, oneself left out, is worth to them.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from math import fsum
from typing import Final

from consensus.trust.clusters import Cluster
from consensus.trust.graph import Id

MAX_CLUSTERS: Final = 32
"""The largest; a table of more is for no eye."""
MAX_OBSERVERS: Final = 8
"""Members of a cluster who are asked."""
MAX_WALKS: Final = 64
"""People who are asked in all; where there are many clusters, fewer of each."""

Rates = list[list[float | None]]
"""Row i, column j: what 1 JAM of j's is worth to i; None where i's own is worth nothing."""


def exchange_rates(
    clusters: Sequence[Cluster[Id]],
    scores: Callable[[Id], Mapping[Id, float]],
) -> Rates:
    """Rates between some clusters, at most 32; `scores` tells how near everybody is to somebody.

    Raises ValueError for more clusters.
    """
    if len(clusters) > MAX_CLUSTERS:
        raise ValueError(f"rates of more than {MAX_CLUSTERS} clusters")
    rows: Rates = []
    for own, asked in enumerate(observers_of(clusters)):
        worth = [0.0] * len(clusters)
        for observer in asked:
            seen = scores(observer)
            for number, other in enumerate(clusters):
                worth[number] += _mean_worth(seen, observer, other)
        basis = worth[own]
        rows.append([value / basis if basis > 0 else None for value in worth])
    return rows


def observers_of(clusters: Sequence[Cluster[Id]]) -> list[list[Id]]:
    """Who is asked, by cluster; the same everywhere, so that rates are."""
    each = max(1, min(MAX_OBSERVERS, MAX_WALKS // max(len(clusters), 1)))
    return [sample_of(cluster, each) for cluster in clusters]


def sample_of(cluster: Cluster[Id], most: int) -> list[Id]:
    """Some members of a cluster, the same ones every time: those with the lowest digests."""
    return sorted(
        cluster.members,
        key=lambda member: blake2b(repr(member).encode(), digest_size=8).digest(),
    )[:most]


def _mean_worth(seen: Mapping[Id, float], observer: Id, cluster: Cluster[Id]) -> float:
    others = [member for member in cluster.members if member != observer]
    return fsum(seen.get(member, 0.0) for member in others) / len(others) if others else 0.0
