"""From likelihoods and a prior to a number that rules can use."""

from math import exp, log
from typing import Final

from consensus.units import MILLION, Ppm

STEP: Final = 1_000
"""Suspicion is rounded to this, so that processors agree."""
FARTHEST: Final = 30.0


def probability_ppm(log_odds: float, prior_odds_ppm: int) -> Ppm:
    """The probability that follows from a likelihood, as ln odds, and a prior, in whole steps."""
    exponent = log(prior_odds_ppm / MILLION) + log_odds
    chance = 1 / (1 + exp(-min(max(exponent, -FARTHEST), FARTHEST)))
    return Ppm(round(chance * MILLION / STEP) * STEP)
