"""How far presses lie from their notes: the shape of the errors, free of a constant offset.

Sources: L-moments of Hosking, J. R. Stat. Soc. B 52, 1990; the median deviation of Hampel,
J. Am. Stat. Assoc. 69, 1974.
"""

from typing import Final

import numpy as np

from consensus.anomaly.features.series import (
    FEWEST,
    LEAST_SPREAD_MS,
    log_of,
    mean_of,
    variance_of,
)
from consensus.anomaly.traces import Floats

NAMES: Final = ("tail_weight", "l_skewness", "l_kurtosis")
NORMAL: Final = (0.0, 0.0, 0.1226)
"""What a normal distribution has."""
LEAST_SCALE_MS: Final = 1e-3


def distribution_features(ordered_ms: Floats, spread_ms: float) -> tuple[float, ...]:
    """The shape of the errors of the notes that were hit, in order of size.

    `spread_ms` is their robust spread.

    - tail_weight: ln of standard deviation over robust spread; people press wildly now and then.
    - l_skewness: third L-moment over the second; people are late more easily than early.
    - l_kurtosis: fourth L-moment over the second; 0.12 for a normal distribution.
    """
    count = len(ordered_ms)
    if count < FEWEST:
        return NORMAL
    rank = np.arange(float(count))
    pairs = (rank - 1) * rank
    triples = (rank - 2) * pairs
    moment_0 = mean_of(ordered_ms)
    moment_1 = float(rank @ ordered_ms) / (count * (count - 1))
    moment_2 = float(pairs @ ordered_ms) / (count * (count - 1) * (count - 2))
    moment_3 = float(triples @ ordered_ms) / (count * (count - 1) * (count - 2) * (count - 3))
    scale = max(2 * moment_1 - moment_0, LEAST_SCALE_MS)
    skew = 6 * moment_2 - 6 * moment_1 + moment_0
    peak = 20 * moment_3 - 30 * moment_2 + 12 * moment_1 - moment_0
    deviation = variance_of(ordered_ms) ** 0.5 / max(spread_ms, LEAST_SPREAD_MS)
    return (log_of(deviation, 0.05), skew / scale, peak / scale)
