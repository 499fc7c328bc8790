"""Clusters: who belongs together as acknowledgements show it, under ids and names that last.

Communities of the faded trust graph, ties counting either way, by Louvain's method. Communities of
one graph are rarely found twice alike, and people come and go, so the previous clusters count:
they are kept unless the new communities join their people clearly better (`hysteresis`), and a new
community takes over the id and the name of the old one with which it shares most people. When a
cluster splits, its larger part keeps them; when two merge, the larger one's stay. A cluster is
named after whoever its own people acknowledge most, and keeps that name until somebody is clearly
more so.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Generic

import numpy as np
from numpy.typing import NDArray

from consensus.trust.graph import Id, TrustGraph
from consensus.trust.hysteresis import steady_labels
from consensus.trust.louvain import louvain_labels

CLEARLY: Final = 1.5
"""By how much somebody must be acknowledged more to take a cluster's name over."""
MIN_SIZE: Final = 2
"""One person is no cluster."""


@dataclass(frozen=True, slots=True)
class Cluster(Generic[Id]):
    """People who belong together."""

    id: str
    """Eight hexadecimal digits, kept for as long as the cluster lasts."""
    centre: Id
    """After whom it is named."""
    members: tuple[Id, ...]
    """Everybody in it, those whom the others acknowledge most first."""


def clusters_of(
    graph: TrustGraph[Id],
    previous: Sequence[Cluster[Id]] = (),
    apart: Set[frozenset[Id]] = frozenset(),
) -> list[Cluster[Id]]:
    """Who belongs together, the largest first; ties of pairs that are `apart` don't count.

    Pure: the same graph and the same previous clusters give the same.
    """
    people = people_in(graph)
    numbers = {person: number for number, person in enumerate(people)}
    adjacency = _adjacency(graph, numbers, apart)
    if not adjacency.nnz:
        return []
    ties = adjacency + adjacency.T
    before = np.full(len(people), -1, dtype=np.int64)
    for number, cluster in enumerate(previous):
        known = [numbers[member] for member in cluster.members if member in numbers]
        before[known] = number
    labels = steady_labels(ties, louvain_labels(ties), before)
    groups: dict[int, list[int]] = {}
    for number, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(number)
    inside = _acknowledged_inside(adjacency, labels)
    ranked = [
        tuple(people[number] for number in sorted(group, key=lambda one: (-inside[one], one)))
        for group in groups.values()
        if len(group) >= MIN_SIZE
    ]
    heard = {person: float(inside[number]) for person, number in numbers.items()}
    return _named(ranked, previous, heard)


def people_in(graph: TrustGraph[Id]) -> list[Id]:
    """Everybody who acknowledges or is acknowledged, in a stable order."""
    people = set(graph.trust)
    for targets in graph.trust.values():
        people.update(targets)
    return sorted(people, key=repr)


def _adjacency(graph: TrustGraph[Id], numbers: Mapping[Id, int], apart: Set[frozenset[Id]]) -> Any:
    """Who acknowledges whom, as a sparse matrix."""
    from scipy.sparse import csr_array

    ties = [
        (numbers[source], numbers[target], weight)
        for source, targets in graph.trust.items()
        for target, weight in targets.items()
        if not apart or frozenset((source, target)) not in apart
    ]
    shape = (len(numbers), len(numbers))
    if not ties:
        return csr_array(shape)
    # Ordered, because Louvain's method looks at ties in the order in which they stand.
    rows, columns, weights = zip(*sorted(ties), strict=True)
    return csr_array((weights, (rows, columns)), shape=shape)


def _acknowledged_inside(adjacency: Any, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """What everybody's own community says of them: shape (people,)."""
    ties = adjacency.tocoo()
    is_within = labels[ties.row] == labels[ties.col]
    said = np.bincount(ties.col[is_within], ties.data[is_within], minlength=len(labels))
    return said.astype(np.float64)


def _named(
    groups: Sequence[tuple[Id, ...]], previous: Sequence[Cluster[Id]], heard: Mapping[Id, float]
) -> list[Cluster[Id]]:
    heirs = _heirs(groups, previous)
    taken = {cluster.id for cluster in previous}
    found: list[Cluster[Id]] = []
    for number, members in enumerate(groups):
        old = heirs.get(number)
        if old is None:
            name = _fresh_id(members[0], taken)
            taken.add(name)
            found.append(Cluster(name, members[0], members))
        else:
            best = members[0]
            stays = old.centre in members and heard[best] <= CLEARLY * heard[old.centre]
            found.append(Cluster(old.id, old.centre if stays else best, members))
    return sorted(found, key=lambda cluster: (-len(cluster.members), cluster.id))


def _heirs(
    groups: Sequence[tuple[Id, ...]], previous: Sequence[Cluster[Id]]
) -> dict[int, Cluster[Id]]:
    """Which previous cluster each group goes on from: those that share most people first."""
    before = {member: number for number, old in enumerate(previous) for member in old.members}
    shared: dict[tuple[int, int], int] = {}
    for number, members in enumerate(groups):
        for member in members:
            if member in before:
                pair = (number, before[member])
                shared[pair] = shared.get(pair, 0) + 1
    heirs: dict[int, Cluster[Id]] = {}
    gone: set[int] = set()
    order = sorted(shared, key=lambda pair: (-shared[pair], previous[pair[1]].id, pair[0]))
    for number, old in order:
        if number not in heirs and old not in gone:
            heirs[number] = previous[old]
            gone.add(old)
    return heirs


def _fresh_id(centre: Hashable, taken: Set[str]) -> str:
    """An id made from whoever is in the middle at first; the next free one where it is taken."""
    number = 0
    while True:
        made = blake2b(f"{centre!r} {number}".encode(), digest_size=4).hexdigest()
        if made not in taken:
            return made
        number += 1
