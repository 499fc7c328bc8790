"""Surroundings: what an observer knows besides how near each person is: clusters, and the time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Any, Final

from consensus.identifiers import IdentityId
from consensus.units import Milliseconds


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The map around one observer at one moment."""

    now_ms: Milliseconds = Milliseconds(0)
    """The moment, in UTC."""
    clusters: Mapping[IdentityId, str] = field(default_factory=dict)
    """The id of everybody's cluster; the same for all observers."""
    cluster_names: Mapping[str, str] = field(default_factory=dict)
    """What clusters are called, by id."""
    shares: Mapping[str, float] = field(default_factory=dict)
    """Which share of the observer's trust in others lies in each cluster, by id."""
    plugins: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    """The valuation plug-ins that are loaded, by name."""

    def is_in(self, person: IdentityId | None, cluster: str) -> bool:
        """Whether somebody is in a cluster, that is given by its id or its name."""
        if person is None or person not in self.clusters:
            return False
        found = self.clusters[person]
        return cluster in (found, self.cluster_names.get(found))

    def known(self, person: IdentityId, trust: float, credit: float) -> float:
        """How well somebody is known: by their own proximity, or by where they belong."""
        share = self.shares.get(self.clusters.get(person, ""), 0.0)
        return max(trust, credit * share)


NOWHERE: Final = Surroundings()
"""No clusters are known."""


def trust_shares(
    observer: IdentityId, proximity: Mapping[IdentityId, float], clusters: Mapping[IdentityId, str]
) -> dict[str, float]:
    """Which share of an observer's trust in others lies in each cluster.

    The observer's own membership is not asked: it would flip at once for somebody who moves from
    one cluster to another step by step, and with it what coins are worth.
    """
    others = [(who, near) for who, near in proximity.items() if who != observer]
    total = fsum(near for _, near in others)
    sums: dict[str, list[float]] = {}
    for who, near in others:
        if who in clusters:
            sums.setdefault(clusters[who], []).append(near)
    return {cluster: fsum(parts) / total for cluster, parts in sums.items()} if total > 0 else {}
