"""How long keys stay down: a habit of each finger that a script has to invent.

People hold longer where the next note of the finger is far, and each finger keeps its own time for
a while (MacKenzie and Van Eerd, Psychol. Res. 52, 1990, on rhythmic precision in scales).
"""

from typing import Final

import numpy as np

from consensus.anomaly.features.series import (
    FEWEST,
    autocorrelations,
    correlation,
    followers,
    group_means,
    log_of,
    mean_of,
    robust_scores,
    robust_spread,
)
from consensus.anomaly.traces import Floats, Integers

TAP_NAMES: Final = (
    "hold_range",
    "hold_skew",
    "hold_lag",
    "hold_lanes",
    "hold_memory",
    "hold_gap",
    "hold_error",
    "hold_chord",
    "hold_volatility",
    "hold_slip",
    "hold_after_error",
    "error_after_hold",
)
TOGETHER_US: Final = 3_000
LONG_NAMES: Final = ("release_spread", "release_error", "release_memory")
NAMES: Final = (*TAP_NAMES, "release_together", *LONG_NAMES)
UNKNOWN_TAPS: Final = (-1.2, 0.0, 0.2, 0.15, 0.2, 0.1, -0.1, -0.2, 0.12, 0.08, 0.01, 0.03)
UNKNOWN_TOGETHER: Final = 0.15
UNKNOWN_LONGS: Final = (0.5, 0.1, 0.15)
"""What people have, for a play that does not show it."""


def tap_features(
    holds_ms: Floats, scores: Floats, lanes: Integers, starts_us: Integers, keys: int
) -> tuple[float, ...]:
    """Of taps that were hit and let go: how long they were held, `scores` being of their presses.

    - hold_range: ln of the range between the quartiles over the median.
    - hold_skew: how much nearer the median the lower quartile is than the upper, over the range.
    - hold_lag: autocorrelation of ln hold with the tap before.
    - hold_lanes: share of the variance of ln hold that lies between lanes, above chance.
    - hold_memory: correlation with the tap before on the same lane, the lanes' means removed.
    - hold_gap: the same with ln time to the next tap on the lane.
    - hold_error: the same with the score of its own press; who is late lets go sooner.
    - hold_chord: ln of the difference in ln hold of a chord's fingers over that of any two taps.
    - hold_volatility: autocorrelation of the distances of ln hold from the lane's mean.
    - hold_slip: correlation of these with the distances of the presses' scores.
    - hold_after_error: correlation of ln hold with the score of the press before on the lane.
    - error_after_hold: correlation of a press's score with ln hold of the tap before on the lane.
    """
    count = len(holds_ms)
    if count < FEWEST:
        return UNKNOWN_TAPS
    ordered = np.sort(holds_ms)
    low, centre, high = (float(ordered[count * quarter // 4]) for quarter in (1, 2, 3))
    logs = robust_scores(np.log(np.maximum(holds_ms, 1.0)))
    means, sizes = group_means(logs, lanes, keys)
    offsets = means - mean_of(logs)
    chance = (np.count_nonzero(sizes) - 1) / count
    centred = logs - means[lanes]
    before, after = followers(lanes)
    gaps = np.log(np.maximum((starts_us[after] - starts_us[before]) / 1_000, 1.0))
    together = (centred[1:] - centred[:-1])[np.diff(starts_us) == 0]
    within = float(centred @ centred) / count + 1e-9
    return (
        log_of((high - low) / max(centre, 1.0), 1e-3),
        (high + low - 2 * centre) / max(high - low, 1.0),
        float(autocorrelations(logs, 1)[0]),
        float(sizes @ (offsets * offsets)) / count / (float(logs.var()) + 1e-9) - chance,
        correlation(centred[before], centred[after]),
        correlation(centred[before], gaps),
        correlation(centred, scores),
        log_of(float(together @ together) / max(len(together), 1) / 2 / within, 1e-4) / 2
        if len(together) >= FEWEST
        else UNKNOWN_TAPS[7],
        float(autocorrelations(np.abs(centred), 1)[0]),
        correlation(np.abs(centred), np.abs(scores)),
        correlation(centred[after], scores[before]),
        correlation(scores[after], centred[before]),
    )


def releases_together(releases_us: Integers) -> float:
    """release_together: share of releases within 3 ms of the one before, on any lanes."""
    if len(releases_us) < FEWEST:
        return UNKNOWN_TOGETHER
    gaps_us = np.diff(np.sort(releases_us))
    return float(np.count_nonzero(gaps_us <= TOGETHER_US)) / len(gaps_us)


def long_features(late_ms: Floats, scores: Floats, spread_ms: float) -> tuple[float, ...]:
    """Of held notes that were let go: `late_ms` after their end, `scores` being of their presses.

    - release_spread: ln of the robust spread of letting go over that of pressing.
    - release_error: correlation of the two errors of one note.
    - release_memory: autocorrelation of the errors of letting go.
    """
    if len(late_ms) < FEWEST:
        return UNKNOWN_LONGS
    late = robust_scores(late_ms)
    return (
        log_of(robust_spread(late_ms) / spread_ms, 1e-2),
        correlation(late, scores),
        float(autocorrelations(late, 1)[0]),
    )
