"""Outcomes: what a strategy gains against a townsperson, and what honest people lose by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.units import MILLION
from simulations.measures.incomes import Incomes
from simulations.measures.lived import Lived
from simulations.world.people import People, strategy_of
from simulations.world.scenario import Scenario

MEASURE: Final = "honest"
"""The strategy that all others are held against."""
WINDOW_HOURS: Final = 120 / 3_600
"""A window of play."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """What people of one strategy come to, all together."""

    face: float
    """Income at face, JAM."""
    valued: float
    """Income as observers value it, on average, JAM."""
    hours: float
    """Effort: hours of play of people; a townsperson's for each week of each key that a bot runs,
    and of each that an operator has besides the one they sit at."""
    operators: int
    """How many are behind it."""

    @property
    def per_operator(self) -> float:
        """Valued income of one operator, JAM."""
        return self.valued / self.operators


def shares_of(world: Lived, incomes: Incomes) -> dict[str, Share]:
    """What each strategy comes to since measuring began."""
    scenario, people = world.scenario, world.people
    names = np.array([strategy_of(group).name for group in scenario.groups])[people.group]
    weeks = _weeks(scenario, people.born, people.gone)
    played = world.state.windows * WINDOW_HOURS
    is_measure = names == MEASURE
    per_week = played[is_measure].sum() / max(weeks[is_measure].sum(), 1e-9)
    is_bot = np.array([strategy_of(group).behave(0).is_bot for group in scenario.groups], bool)[
        people.group
    ]
    hours = np.where(is_bot, weeks * per_week, played + _besides(people, weeks) * per_week)
    valued = incomes.valued.mean(axis=0) / MILLION
    found: dict[str, Share] = {}
    for name in dict.fromkeys(names.tolist()):
        who = names == name
        found[name] = Share(
            float(incomes.face[who].sum() / MILLION),
            float(valued[who].sum()),
            float(hours[who].sum()),
            len(np.unique(people.operator[who])),
        )
    return found


def gains(shares: Mapping[str, Share]) -> dict[str, float]:
    """Valued income per hour of effort, relative to townspeople's."""
    return _relative(shares, lambda share: share.valued)


def raw_gains(shares: Mapping[str, Share]) -> dict[str, float]:
    """Income at face per hour of effort, relative to townspeople's."""
    return _relative(shares, lambda share: share.face)


def _relative(shares: Mapping[str, Share], of: Callable[[Share], float]) -> dict[str, float]:
    base = of(shares[MEASURE]) / shares[MEASURE].hours
    return {
        name: of(share) / share.hours / base if share.hours else 0.0
        for name, share in shares.items()
    }


def _besides(people: People, weeks: Floats) -> Floats:
    """Of each key's weeks, those in which another key of its operator is there before it."""
    order = np.lexsort((people.born, people.operator))
    same = np.diff(people.operator[order], prepend=-1) == 0
    again = same & (np.diff(people.born[order], prepend=-1) == 0)
    besides = np.zeros(len(weeks))
    besides[order] = np.where(again, weeks[order], 0.0)
    return besides


def _weeks(scenario: Scenario, born: NDArray[np.int32], gone: NDArray[np.int32]) -> Floats:
    first = np.maximum(born, scenario.attack_day)
    last = np.minimum(gone, scenario.days)
    weeks: Floats = np.maximum(last - first, 0) / 7.0
    return weeks
