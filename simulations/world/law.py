"""The law's numbers as kernels read them: the same tables, as arrays."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from consensus.parameters import NetworkParams
from consensus.quality import quality_ppm
from consensus.trust.acknowledged import BY_HAND, BY_ITSELF
from consensus.units import MILLION
from simulations.scribe import GOOD_METRICS

Floats = NDArray[np.float64]
STEP_PPM: Final = 1_000
"""Between accuracies quality is interpolated."""


class Law(NamedTuple):
    """Reward, in uJAM and shares of 1."""

    familiarity: Floats
    """e^(-m/24) by days of acquaintance."""
    daily: Floats
    """0.9^i by earlier blocks of the day."""
    rating_familiarity: Floats
    """0.6^f by days on which somebody rated."""
    presence: Floats
    """By `consensus.presence`."""
    block_reward: float
    """R0, uJAM."""
    drawn: int
    """k."""
    budget: float
    """B, blocks."""
    rating_reward: float
    """uJAM of a full score."""
    rating_budget: float
    """Full scores."""
    floor: float
    """Accuracy below which nothing is minted."""
    suspicious_ppm: int
    """Median anomaly from which a block pays half."""
    unbelievable_ppm: int
    """From which it pays nothing."""
    familiarity_days: int
    """How far back acquaintance is counted, at most 62."""
    by_hand: float
    """What a word by hand acknowledges."""
    by_itself: float
    """What one by itself does."""
    is_divided_by_drawn: bool = False
    """Whether a block is divided by how many were drawn for it, not by k; never as shipped."""
    clique: float = 0.0
    """How much less a block pays whose drawn all know each other; 0 as shipped."""


def law_of(params: NetworkParams) -> Law:
    """The law of a network."""
    return Law(
        np.array(params.familiarity_decay_ppm) / MILLION,
        np.array(params.daily_decay_ppm) / MILLION,
        np.array(params.rating_familiarity_decay_ppm) / MILLION,
        np.array(params.presence_ppm) / MILLION,
        float(params.block_reward_ujam),
        params.verifiers_drawn,
        params.budget_ppm / MILLION,
        float(params.rating_reward_ujam),
        params.rating_budget_ppm / MILLION,
        params.accuracy_floor_ppm / MILLION,
        params.suspicious_ppm,
        params.unbelievable_ppm,
        params.familiarity_days,
        BY_HAND,
        BY_ITSELF,
    )


def quality_of(accuracy: Floats) -> Floats:
    """The quality of dense, live play of some accuracy, by the law's integers; any shape."""
    return np.interp(accuracy, *_qualities())


@cache
def _qualities() -> tuple[Floats, Floats]:
    good, steps = GOOD_METRICS, range(0, MILLION + 1, STEP_PPM)
    ppm = [quality_ppm(a, good.diversity_ppm, good.harmony_ppm, MILLION, MILLION) for a in steps]
    return np.array(steps) / MILLION, np.array(ppm) / MILLION
