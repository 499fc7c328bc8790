"""Experiments: a scenario and a seed in, figures out; what the command line and notebooks call."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consensus.encoding import digest
from consensus.parameters import RULES_VERSION
from simulations.engines.fast import World, live, world_of
from simulations.measures.incomes import incomes_of
from simulations.measures.outcome import MEASURE, Share, gains, raw_gains, shares_of
from simulations.measures.sighting import Sighting, keys_seen
from simulations.strategies import HONEST
from simulations.world.law import Law
from simulations.world.people import strategy_of
from simulations.world.scenario import Group, Scenario

Tell = Callable[[int, int], None]
"""Told after each day how many of how many are done; it may raise to give up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run."""

    scenario: str
    """Which."""
    seed: int
    """Of everything."""
    rules_version: int
    """Of the law."""
    gain_to_honest: Mapping[str, float]
    """By strategy: income as honest observers value it per hour of effort, a townsperson's is 1."""
    raw_gain: Mapping[str, float]
    """The same at face, in nobody's eyes."""
    operator_total: Mapping[str, float]
    """By strategy: valued income of one operator with all keys, a townsperson's is 1."""
    honest_loss: float
    """What share of their income honest people lose, against the same world at peace."""
    seconds_to_flag: float | None
    """From the attack until every attacking strategy is seen; None if one never is."""
    flagged: Mapping[str, float | None]
    """The same of each."""
    falsely_flagged: float
    """Share of honest people who look like attackers at the end."""
    break_even_price: float | None
    """What a rented key may cost its puppeteers a week before they lose by it, in a townsperson's
    income; None where nobody rents any."""
    shares: Mapping[str, Share]
    """What all of this is made of."""
    digest: str
    """Of everything that was computed: the same seed gives the same, wherever it runs."""

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def run_experiment(
    scenario: Scenario, seed: int, tell: Tell | None = None, law: Law | None = None
) -> Outcome:
    """Runs a world and, where there are attackers, the same world at peace.

    `law` is another one than the scenario's own.
    Raises KeyError for a strategy that there is not.
    """
    peaceful = at_peace(scenario)
    has_attackers = peaceful.groups != scenario.groups
    days = scenario.days * (2 if has_attackers else 1)
    sighting = Sighting()
    world = _lived(world_of(scenario, seed, law), sighting, tell, (0, days))
    assert sighting.last is not None
    incomes = incomes_of(world, sighting.last)
    shares, lost = shares_of(world, incomes), 0.0
    marks = [incomes.face.tobytes(), incomes.valued.tobytes()]
    if has_attackers:
        calm = Sighting(is_patient=True, observers=sighting.observers)
        other = _lived(world_of(peaceful, seed, law), calm, tell, (scenario.days, days))
        assert calm.last is not None
        before = incomes_of(other, calm.last)
        honest = _honest(world)
        had, has = (float(one.valued[:, honest].sum()) for one in (before, incomes))
        lost = 1.0 - has / had
    attacks = [name for name in shares if name not in HONEST]
    flagged = {name: sighting.first_s.get(name) for name in attacks}
    times = [seconds for seconds in flagged.values() if seconds is not None]
    marks += [repr((lost, flagged)).encode()]
    return Outcome(
        scenario.name,
        seed,
        RULES_VERSION,
        gains(shares),
        raw_gains(shares),
        {
            name: share.per_operator / shares["honest"].per_operator
            for name, share in shares.items()
        },
        lost,
        max(times) if times and len(times) == len(attacks) else None,
        flagged,
        float(keys_seen(world, sighting.last)[_honest(world)].mean()),
        break_even_price(shares),
        shares,
        digest(b"".join(marks)).hex(),
    )


def break_even_price(shares: Mapping[str, Share]) -> float | None:
    """All that puppeteers get, beyond what their bots' hours would earn a townsperson, for each
    key that they rent; in a townsperson's income."""
    rented, operators, honest = (shares.get(name) for name in ("puppet", "puppeteer", MEASURE))
    if rented is None or operators is None or honest is None:
        return None
    own = operators.hours * honest.valued / honest.hours
    return (operators.valued - own) / rented.operators / honest.per_operator


def at_peace(scenario: Scenario) -> Scenario:
    """The same world without attacks: attackers who are people are townspeople, bots don't come."""
    honest = [group for group in scenario.groups if strategy_of(group).is_honest]
    reformed = [
        Group(group.name, MEASURE, group.count, from_day=group.from_day)
        for group in scenario.groups
        if group not in honest and not strategy_of(group).behave(0).is_bot
    ]
    return replace(scenario, groups=(*honest, *reformed))


def _lived(world: World, watch: Sighting, tell: Tell | None, done: tuple[int, int]) -> World:
    for day in range(world.scenario.days):
        live(world)
        watch(world)
        if tell is not None:
            tell(done[0] + day + 1, done[1])
    return world


def _honest(world: World) -> NDArray[np.int64]:
    """Honest people, by their numbers, which are the same in the world at peace."""
    honest = np.array([strategy_of(group).is_honest for group in world.scenario.groups])
    return np.flatnonzero(honest[world.people.group])
