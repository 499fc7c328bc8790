"""How each moment's error follows from those before: drift, correction, and restless stretches.

People drift like 1/f and correct what they notice (Gilden, Thornton and Mallon, Science 267, 1995;
Vorberg and Wing, Handbook of Perception and Action 2, 1996), and lose the thread for a while: the
size of errors has a memory too, as the volatility of prices has (Engle, Econometrica 50, 1982). A
linear model with normal noise has no such memory, however well its spectrum is fitted.
"""

from itertools import pairwise
from math import log
from typing import Final

import numpy as np

from consensus.anomaly.features.series import (
    FEWEST,
    Products,
    autocorrelations,
    log_of,
    mean_of,
)
from consensus.anomaly.traces import Floats

NAMES: Final = (
    "lag_1",
    "lag_2",
    "lag_3_12",
    "low_share",
    "high_share",
    "slope",
    "sign_changes",
    "volatility_1",
    "volatility_2_12",
    "trend",
    "fatigue",
    "after_slip",
)
NOTHING: Final = (0.0,) * len(NAMES)
LAGS: Final = 12
LOW_FREQUENCY_SHARE: Final = 10
"""The lowest tenth of the frequencies counts as low, the highest fifth as high."""
HIGH_FREQUENCY_SHARE: Final = 5
OCTAVES: Final = 6
SLIP: Final = 2.0
"""Spreads from which on an error is a slip."""
FEWEST_SLIPS: Final = 4
USUAL_AFTER_SLIP: Final = 0.25


def memory_features(scores: Floats) -> tuple[float, ...]:
    """How the robust scores of consecutive moments hang together; all 0 for a few of them.

    - lag_1, lag_2, lag_3_12: autocorrelation at lags 1 and 2, and its mean over 3 to 12.
    - low_share, high_share: the periodogram's power in its lowest tenth and its highest fifth,
      above what white noise has there.
    - slope: of ln power over ln frequency, by octaves; -1 is 1/f, 0 is white.
    - sign_changes: share of moments that lie on the other side of the median than the one before.
    - volatility_1, volatility_2_12: autocorrelation of the distances from the median.
    - trend: the absolute correlation of errors with time.
    - fatigue: the correlation of distances from the median with time.
    - after_slip: mean distance of the moment after one beyond two spreads, above the mean of all.
    """
    count = len(scores)
    if count < 2 * FEWEST:
        return NOTHING
    lags = autocorrelations(scores, LAGS)
    distances = np.abs(scores)
    volatility = autocorrelations(distances, LAGS)
    drift = Products(scores, distances, np.arange(float(count)) - (count - 1) / 2)
    return (
        float(lags[0]),
        float(lags[1]),
        mean_of(lags[2:]),
        *_spectrum(scores),
        float(np.count_nonzero(scores[1:] * scores[:-1] < 0)) / (count - 1),
        float(volatility[0]),
        mean_of(volatility[1:]),
        abs(drift.correlation(0, 2)),
        drift.correlation(1, 2),
        _after_slips(distances),
    )


def _after_slips(distances: Floats) -> float:
    after = distances[1:][distances[:-1] > SLIP]
    if len(after) < FEWEST_SLIPS:
        return USUAL_AFTER_SLIP
    return float(mean_of(after) - mean_of(distances))


def _spectrum(scores: Floats) -> tuple[float, float, float]:
    """Excess power in the lowest and highest frequencies, and the slope over octaves."""
    waves = np.fft.rfft(scores - mean_of(scores))[1:]
    power = waves.real**2 + waves.imag**2
    frequencies = len(power)
    total = float(np.add.reduce(power)) + 1e-9
    low = max(1, frequencies // LOW_FREQUENCY_SHARE)
    high = max(1, frequencies // HIGH_FREQUENCY_SHARE)
    return (
        float(np.add.reduce(power[:low])) / total - low / frequencies,
        float(np.add.reduce(power[-high:])) / total - high / frequencies,
        _slope(power),
    )


def _slope(power: Floats) -> float:
    """Of the line of least squares through ln mean power over ln frequency, an octave a point."""
    edges = sorted({0, *(len(power) >> octave for octave in range(OCTAVES + 1))})
    sums = np.add.reduceat(power, edges[:-1]).tolist()
    octaves = list(pairwise(edges))
    levels = [log_of(whole / (b - a), 1e-9) for whole, (a, b) in zip(sums, octaves, strict=True)]
    places = [log(a + b + 1) for a, b in octaves]
    centre = sum(places) / len(places)
    weight = sum((place - centre) ** 2 for place in places)
    rise = sum((place - centre) * level for place, level in zip(places, levels, strict=True))
    return rise / weight if weight > 0 else 0.0
