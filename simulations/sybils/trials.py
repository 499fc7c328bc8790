"""Trials: one honest graph, attacked in all ways, in the eyes of several observers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulations.sybils.attacks import EVASIONS, SHAPES, attacked, tricked
from simulations.sybils.graphs import GRAPHS
from simulations.sybils.measuring import (
    RULES,
    Honest,
    Numbers,
    Rule,
    gain,
    honest,
    index_of,
    rules_on,
)

OBSERVERS: Final = 3
"""Honest people who look."""
COLLUDERS: Final = (1, 2, 5, 10)
"""How many real people collude where goals are set."""
KEYS: Final = (10, 100, 1_000)
"""How many keys they invent."""
EVADERS: Final = (
    ("20 colluders", 20, "parallel"),
    ("20 colluders serial", 20, "serial"),
    ("sparse net", 10, "sparse_net"),
    ("pairs", 10, "pairs"),
    ("5 tricked", 10, "parallel"),
    ("20 tricked", 10, "parallel"),
    ("one key", 10, "parallel"),
    ("ring without keys", 10, "ring"),
)
"""Attacks that are hard to tell: name, colluders, shape."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attack gained in one observer's eyes."""

    rule: str
    """Under which rule of trust."""
    colluders: int
    """How many real people attacked."""
    shape: str
    """How their keys endorsed one another, or what they did to evade."""
    keys: int
    """How many keys they invented."""
    times: float
    """What they are worth, over what they were worth before."""


@dataclass(frozen=True, slots=True)
class Trial:
    """All that one honest graph showed."""

    graph: str
    """Which model."""
    honest: tuple[Honest, ...]
    """What honest people lose, for each observer."""
    outcomes: tuple[Outcome, ...]
    """What attacks gained."""


def goals_trial(name: str, seed: int) -> Trial:
    """Every shape with all numbers of colluders and keys, under popd's rule."""
    ground = _Ground(name, seed, ("popd",))
    found = [
        outcome
        for colluders in COLLUDERS
        for keys in KEYS
        for shape in SHAPES
        for outcome in ground.outcomes(colluders, keys, shape, shape)
    ]
    return Trial(name, ground.costs(), tuple(found))


def rivals_trial(name: str, seed: int) -> Trial:
    """Every shape with a hundred keys, under all rules."""
    ground = _Ground(name, seed, RULES)
    found = [
        outcome
        for colluders in COLLUDERS
        for shape in SHAPES
        for outcome in ground.outcomes(colluders, 100, shape, shape)
    ]
    return Trial(name, (), tuple(found))


def evasions_trial(name: str, seed: int) -> Trial:
    """Attacks that try not to look like a pocket."""
    ground = _Ground(name, seed, ("popd", "pagerank"))
    found: list[Outcome] = []
    for title, colluders, shape in EVADERS:
        keys = {"one key": 1, "ring without keys": 0}.get(title, 100)
        deceived = int(title.split()[0]) if title.endswith("tricked") else 0
        if colluders + deceived + OBSERVERS <= ground.size:
            found += ground.outcomes(colluders, keys, shape, title, deceived)
    return Trial(name, (), tuple(found))


class _Ground:
    """One honest graph with its observers, and what everybody is worth before an attack."""

    def __init__(self, name: str, seed: int, rules: tuple[str, ...]) -> None:
        self._rng = np.random.default_rng([seed, *name.encode()])
        self._seed = seed
        self._rules = rules
        self.graph: Any = GRAPHS[name](self._rng)
        self.size = int(self.graph.shape[0])
        self.observers = self._rng.choice(self.size, OBSERVERS, replace=False)
        self._before = self._looks(rules_on(self.graph, seed))

    def costs(self) -> tuple[Honest, ...]:
        free, index = index_of(self.graph), index_of(self.graph)
        index.find_pockets()
        return tuple(honest(self.graph, index, free, int(one)) for one in self.observers)

    def outcomes(
        self, colluders: int, keys: int, shape: str, title: str, deceived: int = 0
    ) -> Iterator[Outcome]:
        ordinary = np.setdiff1d(np.arange(self.size), self.observers)
        chosen = self._rng.choice(ordinary, colluders + deceived, replace=False)
        people, honest_ones = chosen[:colluders], chosen[colluders:]
        after = self._looks(rules_on(self._attack(people, honest_ones, keys, shape), self._seed))
        for rule, observer in after:
            found = gain(self._before[rule, observer], after[rule, observer], people)
            if found.before > 0:
                yield Outcome(rule, colluders, title, keys, found.times)

    def _attack(self, people: Numbers, deceived: Numbers, keys: int, shape: str) -> Any:
        invented = np.arange(self.size, self.size + keys)
        ties = ({**SHAPES, **EVASIONS})[shape](people, invented, self._rng)
        graph = attacked(self.graph, keys, ties)
        return tricked(graph, deceived, invented, self._rng) if len(deceived) else graph

    def _looks(self, rules: Mapping[str, Rule]) -> dict[tuple[str, int], Any]:
        return {
            (rule, int(observer)): rules[rule](int(observer))
            for rule in self._rules
            for observer in self.observers
        }
