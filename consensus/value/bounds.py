"""What anybody can mint per day in an observer's eyes, whoever performs and however many do.

A verifier's word is a budget: with j already given in the last seven days, the next block of
weight d (at most 1) adds at most R0/k x d x B/(B + j), and raises j by d. Over all blocks that it
accepts, whoever plays them, the sum lies below the integral of B/(B + x) plus the first block:

    R0/k x (1 + B ln(1 + J/B))        J: what it accepted in all, in full blocks

The value of a coin to O is at most the sum of contribution x s_O(verifier), for a policy that
only lowers. So what a set of verifiers can mint for O in a day grows with the sum of their
proximities, and by no more than the logarithm of what they accept. Who accepts as much every day
comes to B/6 full blocks a day at most: six days of it are in the budget already.
"""

from math import log1p

from consensus.parameters import NetworkParams
from consensus.units import MILLION


def bound_of_word_ujam(params: NetworkParams, accepted_blocks: float) -> float:
    """What one verifier's word can add, whoever plays, over blocks of a summed weight d."""
    budget = params.budget_ppm / MILLION
    full_blocks = min(accepted_blocks, 1 + budget * log1p(accepted_blocks / budget))
    return params.block_reward_ujam / params.verifiers_drawn * full_blocks


def bound_in_eyes_ujam(
    params: NetworkParams, summed_proximity: float, accepted_blocks: float
) -> float:
    """What verifiers of a summed proximity can mint in an observer's eyes.

    `accepted_blocks`: the most that one of them accepts, summed over d; the day's or week's.
    """
    return summed_proximity * bound_of_word_ujam(params, accepted_blocks)


def steady_bound_of_word_ujam(params: NetworkParams) -> float:
    """What one verifier's word can add in a day, accepting as much every day, however much."""
    budget = params.budget_ppm / MILLION
    full_blocks = budget / (params.budget_days - 1)
    return params.block_reward_ujam / params.verifiers_drawn * full_blocks
