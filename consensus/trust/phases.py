"""Phases: who belongs together as acknowledgements show it, and where to draw them.

Communities of the graph without the ties that divergences cut (Louvain's method, Blondel et al.
2008), and places that follow from nothing but who is in which: the same map on every node.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Final, Generic

from consensus.trust.graph import Id, TrustGraph
from consensus.trust.louvain import louvain_labels

GOLDEN_ANGLE: Final = pi * (3 - sqrt(5))
"""Turns between one place and the next in a sunflower: no two ever line up."""
GAP: Final = 1.1
"""Room between communities, in shares of what they need."""


@dataclass(frozen=True, slots=True)
class Place(Generic[Id]):
    """Where somebody is drawn."""

    person: Id
    """Who."""
    phase: int
    """Which community, 0 for the largest."""
    x: float
    """From 0 to 1, left to right."""
    y: float
    """From 0 to 1, top to bottom."""


def communities(
    graph: TrustGraph[Id], people: Collection[Id], cuts: Iterable[tuple[Id, Id]]
) -> list[list[Id]]:
    """Who belongs together, the largest first; `cuts` are pairs who diverged, either way."""
    from scipy.sparse import csr_array

    apart = {frozenset(pair) for pair in cuts}
    ordered = sorted(people, key=repr)
    numbers = {person: number for number, person in enumerate(ordered)}
    ties = [
        (number, numbers[target], weight)
        for source, number in numbers.items()
        for target, weight in graph.trust.get(source, {}).items()
        if target in numbers and frozenset((source, target)) not in apart
    ]
    rows, columns, weights = zip(*sorted(ties), strict=True) if ties else ((), (), ())
    shape = (len(ordered), len(ordered))
    said = csr_array((weights, (rows, columns)), shape=shape, dtype=float)
    groups: dict[int, list[Id]] = {}
    for person, label in zip(ordered, louvain_labels(said + said.T).tolist(), strict=True):
        groups.setdefault(label, []).append(person)
    return sorted(groups.values(), key=lambda group: (-len(group), repr(group[0])))


def placed(groups: Sequence[Sequence[Id]]) -> list[Place[Id]]:
    """Places: communities side by side on a ring, their people in sunflowers; none overlap."""
    radii = [sqrt(len(group)) for group in groups]
    if not radii:
        return []
    ring = 0.0 if len(radii) == 1 else GAP * sum(radii) / 2
    extent = ring + max(radii)
    places: list[Place[Id]] = []
    turn = 0.0
    for phase, (group, radius) in enumerate(zip(groups, radii, strict=True)):
        angle = 2 * pi * (turn + radius / 2) / sum(radii)
        turn += radius
        middle = (ring * cos(angle), ring * sin(angle))
        for position, person in enumerate(group):
            out = sqrt(position) * 0.95
            x = middle[0] + out * cos(position * GOLDEN_ANGLE)
            y = middle[1] + out * sin(position * GOLDEN_ANGLE)
            places.append(Place(person, phase, 0.5 + x / (2 * extent), 0.5 + y / (2 * extent)))
    return places
