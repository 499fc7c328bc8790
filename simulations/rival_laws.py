"""Rival laws: what else could have been the law of reward, to be run beside the one that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp
from types import MappingProxyType
from typing import Final

import numpy as np

from consensus.parameters import NetworkParams
from simulations.world.law import Law, law_of

SHIPPED: Final = "shipped"
LOGISTIC_MIDDLE_DAYS: Final = 10.0
"""Days of acquaintance at which a logistic factor is one half."""
LOGISTIC_WIDTH_DAYS: Final = 2.0
PAIR_DECAY: Final = 0.25
"""Per earlier day of a pair, in the exponent."""
MAX_BLOCKS_A_DAY: Final = 1_000
"""More windows than a day has in two minutes each."""
UNBOUNDED: Final = 1e30
"""A budget that nobody spends."""


@dataclass(frozen=True, slots=True)
class RivalLaw:
    """A law, and how it comes from the shipped one."""

    name: str
    """In commands and tables."""
    title: str
    """One line."""
    change: Callable[[Law], Law]
    """Makes it."""


def law_named(name: str, params: NetworkParams) -> Law:
    """A rival with the numbers of a network wherever it does not differ; raises KeyError."""
    return LAWS[name].change(law_of(params))


def _logistic(law: Law) -> Law:
    """Full pay among new acquaintances, next to nothing among old ones."""
    days = np.arange(len(law.familiarity))
    falling = 1.0 / (1.0 + np.exp((days - LOGISTIC_MIDDLE_DAYS) / LOGISTIC_WIDTH_DAYS))
    return law._replace(familiarity=falling / falling[0])


def _clique(law: Law) -> Law:
    """The share of pairs among the drawn who were not drawn for each other lately."""
    return law._replace(clique=1.0)


def _per_verifier(law: Law) -> Law:
    """Divided by those who were drawn, however few."""
    return law._replace(is_divided_by_drawn=True)


def _per_pair(law: Law) -> Law:
    """Nothing fades but the pair: no budget, and as much a day as one likes."""
    days = np.arange(len(law.familiarity))
    return law._replace(
        familiarity=np.exp(-PAIR_DECAY * days),
        daily=np.ones(MAX_BLOCKS_A_DAY),
        budget=UNBOUNDED,
    )


LAWS: Final[Mapping[str, RivalLaw]] = MappingProxyType(
    {
        one.name: one
        for one in (
            RivalLaw(
                SHIPPED, "The law as it is: e^(-m/24), a budget, 0.9^i a day", lambda law: law
            ),
            RivalLaw(
                "logistic", "Acquaintance fades by a logistic curve around ten days", _logistic
            ),
            RivalLaw("clique", "As shipped, times the share of strangers among the drawn", _clique),
            RivalLaw(
                "per-verifier", "Divided by how many are drawn instead of by k = 8", _per_verifier
            ),
            RivalLaw(
                "per-pair", "e^(-0.25 n) by days of a pair; no budget, no daily decay", _per_pair
            ),
        )
    }
)
"""All laws by name, the shipped one first."""


def hip44_factor(events: int) -> float:
    """What so many witness events of one witness come to in an epoch by Helium's HIP 44.

    D(n) = the sum over i = 1..n of 1 where i < 4, else e^(-0.08 (i - 4)); D(10) = 8.58,
    D(15) = 11.03, D(20) = 12.668 (helium/HIP, 0044-witness-decay.md).
    """
    return sum(1.0 if i < 4 else exp(-0.08 * (i - 4)) for i in range(1, events + 1))


HIP15_FULL: Final = 4
"""N: so many witnesses are paid in full."""
HIP15_DECAY: Final = 0.8
"""r: what each further one adds less."""


def hip15_transmitter(witnesses: int) -> float:
    """What Helium's HIP 15 pays who transmits before so many witnesses, of a full reward.

    helium/HIP, 0015-beaconing-rewards.md, with its example values N = 4 and r = 0.8.
    """
    if witnesses <= HIP15_FULL:
        return witnesses / HIP15_FULL
    return 1.0 + (1.0 - HIP15_DECAY ** (witnesses - HIP15_FULL))


def hip15_witness(witnesses: int) -> float:
    """What HIP 15 pays each of so many witnesses."""
    if witnesses <= HIP15_FULL:
        return 1.0
    return (HIP15_FULL - (1.0 - HIP15_DECAY ** (witnesses - HIP15_FULL))) / witnesses


def words_sum(params: NetworkParams, words: int) -> float:
    """Ours beside `hip44_factor`: what so many words of one witness come to within seven days.

    The sum over j = 0..n-1 of B / (B + j), in words for first blocks of a day.
    """
    budget = law_of(params).budget
    return sum(budget / (budget + given) for given in range(words))


def day_sum(params: NetworkParams, blocks: int) -> float:
    """Ours beside `hip44_factor`: what so many blocks of one performer come to within a day."""
    return float(law_of(params).daily[:blocks].sum())


def crowd_factor(params: NetworkParams, witnesses: int) -> float:
    """Ours beside `hip15_transmitter`: a block before so many strangers, of a full one."""
    return min(witnesses, params.verifiers_drawn) / params.verifiers_drawn
