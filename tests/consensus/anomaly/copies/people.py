"""A crowd that errs like people: memory, habits in common, and a day of their own."""

import numpy as np

from consensus.anomaly.traces import Floats

MOMENTS = 500


def errors_of(number: int, moments: int = MOMENTS) -> Floats:
    """Errors of the person with that number, in ms."""
    rng, all_of_us = np.random.default_rng(number), np.random.default_rng(10**6)
    quick = rng.normal(0, 1, moments + 1)
    own = quick[1:] + 0.3 * quick[:-1]
    habits = all_of_us.normal(0, 1, moments)
    ms: Floats = rng.uniform(6, 18) * (0.5 * habits + 0.83 * own) + rng.normal(0, 20)
    return ms
