"""How long keys stay down: a habit of each finger that a script has to invent.

People hold longer where the next note of the finger is far, and each finger keeps its own time for
a while (MacKenzie and Van Eerd, Psychol. Res. 52, 1990, on rhythmic precision in scales).
"""

from typing import Final

import numpy as np

from consensus.anomaly.features.series import (
    FEWEST,
    LEAST_SPREAD_MS,
    Products,
    autocorrelations,
    correlation,
    group_means,
    group_sizes,
    log_gaps,
    log_of,
    mean_of,
    middle_and_spread,
    robust_scores,
    scores_from,
    variance_of,
)
from consensus.anomaly.traces import Floats, Integers, Pairs

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
    holds_ms: Floats,
    scores: Floats,
    lanes: Integers,
    starts_us: Integers,
    keys: int,
    following: Pairs,
) -> tuple[float, ...]:
    """Of taps that were hit and let go: how long they were held, `scores` being of their presses.

    `following` are the pairs of taps that follow each other on a lane.

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
    sizes = group_sizes(lanes, keys)
    means = group_means(logs, lanes, sizes)
    offsets = means - mean_of(logs)
    chance = (np.count_nonzero(sizes) - 1) / count
    between = float(sizes @ (offsets * offsets)) / count / (variance_of(logs) + 1e-9)
    centred = logs - means[lanes]
    distances = np.abs(centred)
    press = Products(centred, scores, distances, np.abs(scores))
    before, after = following
    lane = Products(
        centred[before],
        centred[after],
        scores[before],
        scores[after],
        log_gaps(starts_us[after] - starts_us[before]),
    )
    return (
        log_of((high - low) / max(centre, 1.0), 1e-3),
        (high + low - 2 * centre) / max(high - low, 1.0),
        float(autocorrelations(logs, 1)[0]),
        between - chance,
        lane.correlation(0, 1),
        lane.correlation(0, 4),
        press.correlation(0, 1),
        _chords(centred, starts_us),
        float(autocorrelations(distances, 1)[0]),
        press.correlation(2, 3),
        lane.correlation(1, 2),
        lane.correlation(3, 0),
    )


def _chords(centred: Floats, starts_us: Integers) -> float:
    """hold_chord, of ln holds without their lanes' means."""
    together = (centred[1:] - centred[:-1])[starts_us[1:] == starts_us[:-1]]
    if len(together) < FEWEST:
        return UNKNOWN_TAPS[TAP_NAMES.index("hold_chord")]
    within = float(centred @ centred) / len(centred) + 1e-9
    return log_of(float(together @ together) / len(together) / 2 / within, 1e-4) / 2


def releases_together(releases_us: Integers) -> float:
    """release_together: share of releases within 3 ms of the one before, on any lanes."""
    if len(releases_us) < FEWEST:
        return UNKNOWN_TOGETHER
    ordered_us = np.sort(releases_us)
    gaps_us = ordered_us[1:] - ordered_us[:-1]
    return float(np.count_nonzero(gaps_us <= TOGETHER_US)) / len(gaps_us)


def long_features(late_ms: Floats, scores: Floats, spread_ms: float) -> tuple[float, ...]:
    """Of held notes that were let go: `late_ms` after their end, `scores` being of their presses.

    - release_spread: ln of the robust spread of letting go over that of pressing.
    - release_error: correlation of the two errors of one note.
    - release_memory: autocorrelation of the errors of letting go.
    """
    if len(late_ms) < FEWEST:
        return UNKNOWN_LONGS
    centre_ms, late_spread_ms = middle_and_spread(np.sort(late_ms))
    late = scores_from(late_ms, centre_ms, max(late_spread_ms, LEAST_SPREAD_MS))
    return (
        log_of(late_spread_ms / spread_ms, 1e-2),
        correlation(late, scores),
        float(autocorrelations(late, 1)[0]),
    )
