"""Search: an attacker who adapts, by evolution, to whatever honest people value.

A (mu + lambda) evolution strategy with self-adapting steps (Beyer and Schwefel 2002) over how large
a ring is, how much of its play is before honest people, how often it takes fresh keys, when it
plays, how good its bot is and what it pays for it, and how many words it rents at which price. The
gain is what `measures` say, less what was paid, per hour of effort; a townsperson's is 1.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from numpy.random import Generator

from simulations.engines.fast import run
from simulations.measures.incomes import incomes_of
from simulations.measures.observers import look, observers_of
from simulations.measures.outcome import Share, shares_of
from simulations.world.people import strategy_of
from simulations.world.scenario import Group, Scenario

PARENTS: Final = 4
CHILDREN: Final = 12
FIRST_STEP: Final = 0.25
"""Of the whole range of a gene."""
BOT_PRICE: Final = 0.5
"""What a bot that is never found out costs each week, in a townsperson's weekly income; a worse one
less, in proportion to how often it passes."""
RING: Final = "ring"
RENTED: Final = "rented"


@dataclass(frozen=True, slots=True)
class Gene:
    """One number that an attacker chooses."""

    name: str
    """As results call it."""
    low: float
    """The least."""
    high: float
    """The most."""
    is_log: bool = False
    """Ratios matter, not differences."""

    def value(self, unit: float) -> float:
        """The number at a place of the range, from 0 to 1."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** unit)
        return float(self.low + (self.high - self.low) * unit)


GENES: Final = (
    Gene("ring size", 3, 300, is_log=True),
    Gene("share of play before honest people", 0.0, 1.0),
    Gene("honest people at the ring's own play", 0.0, 1.0),
    Gene("sessions a week", 0.5, 28.0, is_log=True),
    Gene("windows a session", 1.0, 15.0, is_log=True),
    Gene("how often it witnesses others", 0.0, 4.0),
    Gene("share of sessions found out", 0.02, 0.9, is_log=True),
    Gene("days until fresh keys", 3.0, 200.0, is_log=True),
    Gene("rented words for each of its keys", 0.0, 3.0),
    Gene("price of a rented key, in a townsperson's income", 0.05, 1.0, is_log=True),
)


@dataclass(frozen=True, slots=True)
class Attack:
    """What an attacker tried, and what it gained."""

    genes: Mapping[str, float]
    """The numbers."""
    gain: float
    """Net valued income per hour of effort, a townsperson's is 1."""
    generation: int
    """When it was tried; 0 for the first."""


@dataclass(frozen=True, slots=True)
class _Tried:
    units: tuple[float, ...]
    steps: tuple[float, ...]
    attack: Attack


Tell = Callable[[int, int, float], None]
"""Told after each generation: attacks tried, the budget, and the best gain so far."""


def search(
    world: Scenario, budget: int, seed: int, jobs: int = 1, tell: Tell | None = None
) -> list[Attack]:
    """The attacks tried, in order; `world` is one of honest people, `budget` how many are tried.

    The same seed tries the same ones, on any number of jobs. Raises ValueError for a world with
    attackers, or a budget too small for one generation.
    """
    if any(not strategy_of(group).is_honest for group in world.groups):
        raise ValueError("the world of a search is one of honest people")
    if budget < PARENTS:
        raise ValueError(f"a search tries at least {PARENTS} attacks")
    rng = np.random.default_rng(seed)
    tried: list[_Tried] = []
    for generation, brood in enumerate(_broods(rng, tried, budget)):
        tasks = (delayed(gain_of)(world, dict(genes_of(units)), seed) for units, _ in brood)
        gains: Sequence[float] = Parallel(n_jobs=jobs)(tasks)
        tried += [
            _Tried(units, steps, Attack(genes_of(units), gain, generation))
            for (units, steps), gain in zip(brood, gains, strict=True)
        ]
        if tell is not None:
            tell(len(tried), budget, max(one.attack.gain for one in tried))
    return [one.attack for one in tried]


def genes_of(units: Sequence[float]) -> dict[str, float]:
    """The numbers at places of their ranges."""
    return {gene.name: gene.value(unit) for gene, unit in zip(GENES, units, strict=True)}


def gain_of(world: Scenario, genes: Mapping[str, float], seed: int) -> float:
    """What one attack gains in a world."""
    lived = run(attacked(world, genes), seed)
    shares = shares_of(lived, incomes_of(lived, look(lived, observers_of(lived))))
    return net_gain(shares, genes, lived.scenario)


def net_gain(shares: Mapping[str, Share], genes: Mapping[str, float], scenario: Scenario) -> float:
    """Valued income of the ring, and of its rented keys above a townsperson's, less what they cost,
    per hour of effort; relative to townspeople."""
    honest = shares["honest"]
    weeks = (scenario.days - scenario.attack_day) / 7
    weekly = honest.per_operator / weeks
    ring = shares["mixing-ring"]
    passes = 1 - genes["share of sessions found out"]
    spent = BOT_PRICE * passes * weekly * weeks * ring.operators
    rented = shares.get("puppet")
    if rented is not None:
        price = genes["price of a rented key, in a townsperson's income"]
        spent += price * weekly * weeks * rented.operators
    return (ring.valued - spent) / ring.hours / (honest.valued / honest.hours)


def attacked(world: Scenario, genes: Mapping[str, float]) -> Scenario:
    """The world with such an attack in it."""
    size = round(genes["ring size"])
    days = round(genes["days until fresh keys"])
    options: dict[str, Any] = {
        "crew_share": 1 - genes["share of play before honest people"],
        "crew_open": genes["honest people at the ring's own play"],
        "sessions_per_week": genes["sessions a week"],
        "windows": genes["windows a session"],
        "attends": genes["how often it witnesses others"],
        "suspected": genes["share of sessions found out"],
        "rotate_days": days if days < world.days - world.attack_day else 0,
    }
    groups = [Group(RING, "mixing-ring", size, crew=-1, options=options)]
    willing = _willing(genes["price of a rented key, in a townsperson's income"])
    rented = round(genes["rented words for each of its keys"] * size * willing)
    if rented:
        groups.append(Group(RENTED, "puppet", rented, crew_of=RING))
    return replace(world, groups=(*world.groups, *groups))


def _willing(price: float) -> float:
    """Which share of those who are asked rent their key out, by a price in townspeople's incomes.

    Nobody published such a curve; this one says that half would for a third of what they earn.
    """
    return price / (price + 1 / 3)


def _broods(
    rng: Generator, tried: list[_Tried], budget: int
) -> Iterator[list[tuple[tuple[float, ...], tuple[float, ...]]]]:
    """One generation after the other, until the budget is spent."""
    count = len(GENES)
    steps = (FIRST_STEP,) * count
    yield [(tuple(rng.random(count)), steps) for _ in range(min(CHILDREN, budget))]
    while len(tried) < budget:
        parents = sorted(tried, key=lambda one: -one.attack.gain)[:PARENTS]
        brood = [_child(rng, parents) for _ in range(min(CHILDREN, budget - len(tried)))]
        yield brood


def _child(
    rng: Generator, parents: Sequence[_Tried]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Each gene from one of two parents, and moved by a step that is itself inherited and moved."""
    count = len(GENES)
    one, other = (parents[int(rng.integers(len(parents)))] for _ in range(2))
    from_one = rng.random(count) < 0.5
    units = np.where(from_one, one.units, other.units)
    steps = (np.array(one.steps) + np.array(other.steps)) / 2
    common = rng.normal() / np.sqrt(2 * count)
    steps = np.clip(
        steps * np.exp(common + rng.normal(size=count) / np.sqrt(2 * np.sqrt(count))), 0.01, 0.5
    )
    moved = np.clip(units + steps * rng.normal(size=count), 0.0, 1.0)
    return tuple(moved.tolist()), tuple(steps.tolist())
