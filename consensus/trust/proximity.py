"""How near others are to one observer: a short walk along acknowledgements that loses force.

From the observer, at every step, a walker follows an acknowledgement, likelier a weighty one, and
tires: alpha = 0.4 goes on, four steps at most. A score is the expected number of visits, at most
1; invented keys share what reaches their inventor and add nothing. What others say against
somebody counts as far as the observer would follow *them*: unknown keys convict nobody.
This is the clear version, and the oracle of faster ones.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from consensus.trust.graph import Id, TrustGraph

ALPHA: Final = 0.4
"""Force left after a step; short reach is safer where scores become money."""
DEPTH: Final = 4
"""Steps; the fifth would carry a hundredth of the force."""


def proximity(
    graph: TrustGraph[Id], observer: Id, alpha: float = ALPHA, depth: int = DEPTH
) -> dict[Id, float]:
    """Scores in (0, 1] of everybody within reach; the observer's own is 1, whoever is absent has 0.

    Whom the observer distrusts is neither scored nor walked through. `alpha` of at most 0.5 keeps
    the promise that one more acknowledgement of somebody, where nobody is distrusted, never
    lowers that person's score: what it diverts could return at most alpha / (1 - alpha) times.
    """
    shunned = set(graph.distrust.get(observer, ()))
    visits = walked(graph, observer, alpha, depth, shunned)
    spoken_for = voices(graph.trust, graph, visits)
    spoken_against = voices(graph.distrust, graph, visits)
    scores = {
        person: min(count, 1.0)
        * _standing(spoken_for.get(person, 0.0), spoken_against.get(person, 0.0))
        for person, count in visits.items()
    }
    return {person: score for person, score in scores.items() if score > 0} | {observer: 1.0}


def walked(
    graph: TrustGraph[Id], observer: Id, alpha: float, depth: int, shunned: Iterable[Id] = ()
) -> dict[Id, float]:
    """Expected visits to everybody within `depth` steps; the observer's start is one."""
    avoided = set(shunned)
    arrived: dict[Id, float] = {observer: 1.0}
    visits = dict(arrived)
    for _ in range(depth):
        following: dict[Id, float] = {}
        for person, force in arrived.items():
            for target, share in _shares(graph, person).items():
                if target not in avoided:
                    following[target] = following.get(target, 0.0) + alpha * force * share
        for person, force in following.items():
            visits[person] = visits.get(person, 0.0) + force
        arrived = following
    return visits


def voices(
    side: Mapping[Id, Mapping[Id, float]], graph: TrustGraph[Id], visits: Mapping[Id, float]
) -> dict[Id, float]:
    """What is said of everybody on one side of the graph, each speaker counting by its visits.

    A speaker has one voice and splits it over all its words, for and against.
    """
    said: dict[Id, float] = {}
    for speaker, force in visits.items():
        words = side.get(speaker, {})
        total = sum(graph.trust.get(speaker, {}).values()) + sum(
            graph.distrust.get(speaker, {}).values()
        )
        for target, weight in words.items():
            if total > 0:
                said[target] = said.get(target, 0.0) + force * weight / total
    return said


def _shares(graph: TrustGraph[Id], person: Id) -> dict[Id, float]:
    """Where a walker goes from a person: by trust less distrust of the same target."""
    against = graph.distrust.get(person, {})
    net = {
        target: weight - against.get(target, 0.0)
        for target, weight in graph.trust.get(person, {}).items()
        if weight > against.get(target, 0.0)
    }
    total = sum(net.values())
    return {target: weight / total for target, weight in net.items()}


def _standing(spoken_for: float, spoken_against: float) -> float:
    """The share p / (p + n); 1 where nothing was said against."""
    return spoken_for / (spoken_for + spoken_against) if spoken_against > 0 else 1.0
