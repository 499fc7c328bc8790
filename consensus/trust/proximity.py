"""How near others are to one observer: a walk along acknowledgements that tires.

From the observer, at every step, a walker follows an acknowledgement, likelier a weighty one, and
tires: with probability alpha = 0.4 it goes on, eight steps at most. A score is how often somebody
is met, where a meeting two steps after the last one (there and straight back) is not counted. Of
the force that anybody passes on, at most a small share enters *pockets*, sets of people for whom
few others vouch (`pockets`): so inventing keys gains next to nothing, alone or with others, and
never more than alpha / (1 - alpha) times what was there. What others say against somebody counts
as far as the observer would follow *them*: unknown keys convict nobody.

This is the clear version, and the oracle of the fast one (`index`, `kernels`).
docs/decisions/proximity.md says why it is this and not another.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final

from consensus.trust.graph import Id, TrustGraph

ALPHA: Final = 0.4
"""Force left after a step; short reach is safer where scores become money."""
DEPTH: Final = 8
"""Steps; the ninth would carry a 2,000th of the force."""

Passed = Mapping[Id, Mapping[Id, float]]
"""source -> target -> the share of the source's force that goes there."""


def proximity(
    graph: TrustGraph[Id],
    observer: Id,
    pockets: Sequence[tuple[Set[Id], float]] = (),
) -> dict[Id, float]:
    """Scores in (0, 1] of everybody within reach; the observer's own is 1, whoever is absent has 0.

    `pockets` are sets of people, each with the share of an outsider's force that it lets in; they
    don't bind the observer. Whom the observer distrusts is neither scored nor walked through.

    `alpha` of at most 0.5 keeps the promise that one more acknowledgement of somebody, where nobody
    is distrusted and pockets stay, never lowers that person's score: what it diverts could return
    at most alpha / (1 - alpha) times.
    """
    passed = {person: _passed_on(graph, person, pockets) for person in graph.trust}
    walked = passed | {observer: _passed_on(graph, observer, ())}
    steps = _steps(walked, observer, set(graph.distrust.get(observer, ())))
    visits = _summed(steps)
    early = _summed(steps[:-2])
    spoken_for = _voices(graph.trust, graph, _summed(steps[:-1]))
    spoken_against = _voices(graph.distrust, graph, _summed(steps[:-1]))
    scores = {
        person: min(count - ALPHA**2 * _returned(passed, person) * early.get(person, 0.0), 1.0)
        * _standing(spoken_for.get(person, 0.0), spoken_against.get(person, 0.0))
        for person, count in visits.items()
    }
    return {person: score for person, score in scores.items() if score > 0} | {observer: 1.0}


def _steps(passed: Passed[Id], observer: Id, avoided: Set[Id]) -> list[dict[Id, float]]:
    """The force that arrives where after 0 to `DEPTH` steps."""
    steps = [{observer: 1.0}]
    for _ in range(DEPTH):
        following: dict[Id, float] = {}
        for person, force in steps[-1].items():
            for target, share in passed.get(person, {}).items():
                if target not in avoided:
                    following[target] = following.get(target, 0.0) + ALPHA * force * share
        steps.append(following)
    return steps


def _passed_on(
    graph: TrustGraph[Id], person: Id, pockets: Sequence[tuple[Set[Id], float]]
) -> dict[Id, float]:
    """Where a walker goes from a person: by trust less distrust of the same target."""
    against = graph.distrust.get(person, {})
    net = {
        target: weight - against.get(target, 0.0)
        for target, weight in graph.trust.get(person, {}).items()
        if weight > against.get(target, 0.0)
    }
    total = sum(net.values())
    let_in = {
        target: min(
            (share for members, share in pockets if target in members and person not in members),
            default=1.0,
        )
        for target in net
    }
    load = sum(net[target] / total / share for target, share in let_in.items() if share < 1)
    held = min(1.0, 1 / load) if load else 1.0
    return {
        target: weight / total * (held if let_in[target] < 1 else 1.0)
        for target, weight in net.items()
    }


def _returned(passed: Passed[Id], person: Id) -> float:
    """The share of force that goes from a person to others and straight back."""
    return sum(
        share * passed.get(target, {}).get(person, 0.0)
        for target, share in passed.get(person, {}).items()
    )


def _voices(
    side: Mapping[Id, Mapping[Id, float]], graph: TrustGraph[Id], visits: Mapping[Id, float]
) -> dict[Id, float]:
    """What is said of everybody on one side of the graph, each speaker counting by its visits.

    A speaker has one voice and splits it over all its words, for and against.
    """
    said: dict[Id, float] = {}
    for speaker, force in visits.items():
        total = sum(graph.trust.get(speaker, {}).values())
        total += sum(graph.distrust.get(speaker, {}).values())
        for target, weight in side.get(speaker, {}).items():
            said[target] = said.get(target, 0.0) + force * weight / total
    return said


def _summed(steps: Iterable[Mapping[Id, float]]) -> dict[Id, float]:
    sums: dict[Id, float] = {}
    for step in steps:
        for person, force in step.items():
            sums[person] = sums.get(person, 0.0) + force
    return sums


def _standing(spoken_for: float, spoken_against: float) -> float:
    """The share p / (p + n); 1 where nothing was said against."""
    return spoken_for / (spoken_for + spoken_against) if spoken_against > 0 else 1.0
