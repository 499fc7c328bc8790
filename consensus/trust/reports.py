"""Whom to believe that a block is not what it seems: three who don't vouch for one another.

Three keys are made in a minute, so an observer believes a report by whom it trusts: reporters
count by their proximity, and two count as one where one acknowledged the other, or where nobody
but one and the same person acknowledged either.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import fsum, prod
from typing import Final, Generic

from consensus.trust.graph import Id, TrustGraph

MIN_REPORTERS: Final = 3
"""Two may be friends who don't show it."""
THRESHOLD: Final = 0.05
"""Summed proximity from which reports are believed: three of two dozen people who are equally
near. Somebody who invents keys shares at most 0.4 of their own proximity among them, so one alone
needs to be as near as one of the three nearest, and still lacks two who know others."""
MAX_WEIGHED: Final = 16
"""Reporters of one block that are looked at, the nearest: all sets of them are tried."""
MOST_LOST: Final = 0.5
"""What a report that everybody contradicts takes from its reporter's proximity."""


@dataclass(frozen=True, slots=True)
class ReportedBlock(Generic[Id]):
    """A block and what people say of it."""

    reporters: frozenset[Id]
    """Who reported it."""
    vouchers: Mapping[Id, float]
    """Who accepted it in a verdict that its mint names; 1 by hand, a tenth by itself."""


def is_believed(
    block: ReportedBlock[Id],
    graph: TrustGraph[Id],
    scores: Mapping[Id, float],
    observer: Id,
    threshold: float = THRESHOLD,
) -> bool:
    """Whether the observer, whose proximities `scores` are, believes the reports of a block.

    Everybody believes themselves.
    """
    return observer in block.reporters or support_of(block, graph, scores) > threshold


def support_of(
    block: ReportedBlock[Id], graph: TrustGraph[Id], scores: Mapping[Id, float]
) -> float:
    """The largest summed proximity of three or more reporters of whom no two are linked; else 0.

    Whoever the observer does not know at all is none of the three.
    """
    near = sorted(
        (person for person in block.reporters if scores.get(person, 0.0) > 0),
        key=lambda person: (-scores[person], repr(person)),
    )[:MAX_WEIGHED]
    if len(near) < MIN_REPORTERS:
        return 0.0
    sponsors = _sponsors(graph, near)
    linked = {
        person: {
            other
            for other in near
            if other != person and _is_linked(graph, sponsors, person, other)
        }
        for person in near
    }
    chosen = _heaviest(near, linked, scores, [])
    return fsum(scores[person] for person in chosen) if len(chosen) >= MIN_REPORTERS else 0.0


def standing_of_reporters(
    blocks: Iterable[ReportedBlock[Id]],
    graph: TrustGraph[Id],
    scores: Mapping[Id, float],
    observer: Id,
) -> dict[Id, float]:
    """What is left of the proximity of reporters whom trusted verifiers contradict, as factors.

    A report that is not believed costs its reporter nothing unless the verifiers who accepted the
    block, by hand in full and by themselves a tenth, weigh more to the observer than all its
    reporters. Then it costs half of the share that the verifiers have of both: at most half. What
    the observer's own node accepted by itself is no word of the observer's.
    """
    costs: dict[Id, list[float]] = {}
    for block in blocks:
        said = fsum(scores.get(person, 0.0) for person in block.reporters)
        denied = fsum(
            scores.get(person, 0.0) * weight
            for person, weight in block.vouchers.items()
            if person not in block.reporters and (person != observer or weight == 1)
        )
        if denied > said and not is_believed(block, graph, scores, observer):
            left = 1 - MOST_LOST * denied / (said + denied)
            for person in block.reporters:
                costs.setdefault(person, []).append(left)
    return {person: prod(left) for person, left in costs.items()}


def _sponsors(graph: TrustGraph[Id], people: Sequence[Id]) -> dict[Id, Set[Id]]:
    """Who acknowledged each of some people."""
    found: dict[Id, set[Id]] = {person: set() for person in people}
    for source, targets in graph.trust.items():
        for person in people:
            if person in targets:
                found[person].add(source)
    return dict(found)


def _is_linked(graph: TrustGraph[Id], sponsors: Mapping[Id, Set[Id]], one: Id, other: Id) -> bool:
    """Whether one acknowledged the other, or the same person alone acknowledged both."""
    is_edge = other in graph.trust.get(one, {}) or one in graph.trust.get(other, {})
    is_of_one_hand = len(sponsors[one] | sponsors[other]) == 1
    return is_edge or is_of_one_hand


def _heaviest(
    left: Sequence[Id],
    linked: Mapping[Id, Set[Id]],
    scores: Mapping[Id, float],
    chosen: list[Id],
) -> list[Id]:
    """The set of unlinked people with the greatest sum; of three and more before fewer."""
    if not left:
        return chosen
    first, rest = left[0], left[1:]
    free = [person for person in rest if person not in linked[first]]
    taken = _heaviest(free, linked, scores, [*chosen, first])
    if len(free) == len(rest):
        return taken
    passed = _heaviest(rest, linked, scores, chosen)
    return max(taken, passed, key=lambda found: _rank(found, scores))


def _rank(found: Sequence[Id], scores: Mapping[Id, float]) -> tuple[bool, float]:
    return (len(found) >= MIN_REPORTERS, fsum(scores[person] for person in found))
