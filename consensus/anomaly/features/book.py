"""All features of a play as one row of numbers, in a fixed order.

All are free of a constant offset, which belongs to the device, and of scale: how exact somebody is
depends on the piece and is no proof of anything. Every feature means the same for 30 notes and for
3,000, and takes a neutral value where a play does not show it.
"""

from typing import Final

import numpy as np

from consensus.anomaly.features import distribution, hands, holds, memory, setting
from consensus.anomaly.features.capture import capture_interval_us
from consensus.anomaly.features.series import (
    LEAST_SPREAD_MS,
    followers,
    log_of,
    middle_and_spread,
    robust_scores,
    scores_from,
)
from consensus.anomaly.traces import NEVER, Floats, Traces

NAMES: Final = (
    "log_moments",
    "capture",
    *distribution.NAMES,
    *memory.NAMES,
    *hands.NAMES,
    *holds.NAMES,
    *setting.NAMES,
)
EVEN_SPREAD: Final = 12**-0.5
"""Spread of what lies anywhere in an interval of 1: no error is known better than its capture."""


def features_of(traces: Traces) -> Floats:
    """[NAMES] The features of a play, however few notes it has; never NaN, never infinite."""
    hit = traces.is_hit.nonzero()[0]
    errors_ms, lanes = traces.errors_ms[hit], traces.lanes[hit]
    starts_us, presses_us = traces.starts_us[hit], traces.presses_us[hit]
    releases_us, durations_us = traces.releases_us[hit], traces.durations_us[hit]
    following = followers(lanes)
    capture_ms = capture_interval_us(traces) / 1_000
    finest_ms = max(capture_ms * EVEN_SPREAD, LEAST_SPREAD_MS)
    ordered_ms = np.sort(errors_ms)
    centre_ms, measured_ms = middle_and_spread(ordered_ms)
    spread_ms = max(measured_ms, finest_ms)
    scores = scores_from(errors_ms, centre_ms, spread_ms)

    moments = (~np.isnan(traces.moment_errors_ms)).nonzero()[0]
    moment_scores = robust_scores(traces.moment_errors_ms[moments], finest_ms)

    is_released, is_tap = releases_us != NEVER, durations_us == 0
    taps = (is_released & is_tap).nonzero()[0]
    longs = (is_released & ~is_tap).nonzero()[0]
    tap_lanes = lanes[taps]
    holds_ms = (releases_us[taps] - presses_us[taps]) / 1_000
    late_ms = (releases_us[longs] - starts_us[longs] - durations_us[longs]) / 1_000
    row = (
        log_of(len(moment_scores), 1.0),
        log_of(capture_ms / spread_ms, 1e-2),
        *distribution.distribution_features(ordered_ms, measured_ms),
        *memory.memory_features(moment_scores),
        *hands.hand_features(scores, spread_ms, lanes, starts_us, traces.keys, following),
        *holds.tap_features(
            holds_ms,
            scores[taps],
            tap_lanes,
            starts_us[taps],
            traces.keys,
            following if len(taps) == len(hit) else followers(tap_lanes),
        ),
        holds.releases_together(releases_us[is_released]),
        *holds.long_features(late_ms, scores[longs], spread_ms),
        *setting.setting_features(
            moment_scores,
            traces.moment_starts_us[moments],
            traces.moment_sizes[moments],
            scores,
            starts_us,
            following,
        ),
    )
    return np.array(row)
