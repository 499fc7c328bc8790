"""How exactly notes were hit, in milliseconds: what the hard limits look at.

Numbers are rounded, because the last bits of numpy's sums differ between processors.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.anomaly.features.series import middle
from consensus.anomaly.traces import Traces

DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Timing:
    """How presses lie around the notes that they hit."""

    hits: int
    """Notes that were hit."""
    error_sd_ms: float
    """Standard deviation of press minus note, over hits."""
    median_deviation_ms: float
    """Half of the hits are at most this far from the median: wild presses can't hide it."""
    distinct_errors: int
    """How many different errors, in microseconds, there are."""


def timing_of(traces: Traces) -> Timing:
    """How exactly the notes that were hit were hit; all 0 when there are none."""
    errors_ms = traces.errors_ms[traces.is_hit]
    deviation_ms = middle(np.abs(errors_ms - middle(errors_ms)))
    return Timing(
        hits=len(errors_ms),
        error_sd_ms=round(float(errors_ms.std(ddof=1)) if len(errors_ms) > 1 else 0.0, DECIMALS),
        median_deviation_ms=round(deviation_ms, DECIMALS),
        distinct_errors=len(np.unique(errors_ms)),
    )
