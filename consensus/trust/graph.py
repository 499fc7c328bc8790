"""Who acknowledges whom, how strongly, as seen now: what happened fades with a half-life.

A sum of exponentially fading weights fades as a whole, so a pair needs one number and the moment
it holds for: new acknowledgements fold in one by one, in any order, without the old ones. That is
the seam for an incremental graph.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Final, Generic, TypeVar

from consensus.units import MILLISECONDS_PER_DAY

HALF_LIFE_DAYS: Final = 30.0
"""After this long without news, an acknowledgement counts half."""

MAX_WEIGHT: Final = 1e12
"""No single word weighs more; keeps sums finite."""

Id = TypeVar("Id", bound=Hashable)
"""What names a person: an IdentityId in the daemon, any string in a researcher's table."""


@dataclass(frozen=True, slots=True)
class Acknowledgement(Generic[Id]):
    """One person's word about another: a verdict, a rating, playing together; or against them."""

    source: Id
    """Who acknowledges."""
    target: Id
    """Who is acknowledged."""
    weight: float
    """How much; negative for distrust: a report, a rejection, a divergence."""
    time_ms: int
    """When, in UTC milliseconds."""


@dataclass(frozen=True, slots=True)
class TrustGraph(Generic[Id]):
    """The faded sums of all acknowledgements, trust and distrust apart."""

    now_ms: int
    """The moment that the weights hold for."""
    trust: Mapping[Id, Mapping[Id, float]] = field(default_factory=dict)
    """source -> target -> summed positive weight."""
    distrust: Mapping[Id, Mapping[Id, float]] = field(default_factory=dict)
    """source -> target -> summed magnitude of negative weight."""


def graph_from(acknowledgements: Iterable[Acknowledgement[Id]], now_ms: int) -> TrustGraph[Id]:
    """The graph at `now_ms`."""
    empty: TrustGraph[Id] = TrustGraph(now_ms)
    return with_acknowledgements(empty, acknowledgements)


def with_acknowledgements(
    graph: TrustGraph[Id], acknowledgements: Iterable[Acknowledgement[Id]]
) -> TrustGraph[Id]:
    """The graph with more acknowledgements.

    Words about oneself, weights of 0 and weights that are no number are ignored. What is dated
    after the graph's moment counts as of that moment: a wrong clock gains nothing.
    """
    trust, distrust = _copied(graph.trust), _copied(graph.distrust)
    for word in acknowledgements:
        if word.source == word.target or not word.weight or isnan(word.weight):
            continue
        side = trust if word.weight > 0 else distrust
        weight = min(abs(word.weight), MAX_WEIGHT) * faded(graph.now_ms - word.time_ms)
        targets = side.setdefault(word.source, {})
        targets[word.target] = targets.get(word.target, 0.0) + weight
    return TrustGraph(graph.now_ms, trust, distrust)


def graph_at(graph: TrustGraph[Id], now_ms: int) -> TrustGraph[Id]:
    """The graph at a later moment: everything has faded alike.

    Raises ValueError for an earlier one, because what had been said by then is not known.
    """
    if now_ms < graph.now_ms:
        raise ValueError("a graph can't be turned back")
    factor = faded(now_ms - graph.now_ms)
    return TrustGraph(now_ms, _scaled(graph.trust, factor), _scaled(graph.distrust, factor))


def faded(age_ms: int) -> float:
    """What is left of a weight of 1 after `age_ms`; 1 for what lies in the future."""
    age_days = max(age_ms, 0) / MILLISECONDS_PER_DAY
    return float(0.5 ** (age_days / HALF_LIFE_DAYS))


def _copied(side: Mapping[Id, Mapping[Id, float]]) -> dict[Id, dict[Id, float]]:
    return {source: dict(targets) for source, targets in side.items()}


def _scaled(
    side: Mapping[Id, Mapping[Id, float]], factor: float
) -> Mapping[Id, Mapping[Id, float]]:
    return {
        source: {target: weight * factor for target, weight in targets.items()}
        for source, targets in side.items()
    }
